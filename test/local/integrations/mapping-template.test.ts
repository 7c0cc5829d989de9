import { renderTemplate } from '../../../src/local/integrations/mapping-template';

const BODY = JSON.stringify({
  action: 'send', text: 'it\'s "ä"/\n', n: 3, list: ['a', 'b', 'c'], map: { x: 1, y: 'two' }, empty: '', none: null, flag: false, nested: [{ id: 1 }, { id: 2 }],
});

function render(template: string, body: string | undefined = BODY): string {
  return renderTemplate(template, {
    body,
    context: { connectionId: 'abc=', identity: { sourceIp: '127.0.0.1' }, authorizer: { principalId: 'me' } },
    stageVariables: { table: 'messages' },
  });
}

describe('input', () => {
  test.each([
    ['$input.body', BODY],
    ['$input.json("$")', BODY],
    ["$input.json('$.map')", '{"x":1,"y":"two"}'],
    ["$input.json('$.action')", '"send"'],
    ["$input.json('$.missing')", '""'],
    ["$input.json('$.none')", 'null'],
    ["$input.path('$.action')", 'send'],
    ["$input.path('$.list[1]')", 'b'],
    ["$input.path('$').map.y", 'two'],
    ["$input.path('$.missing')", ''],
    ["$input.path('$.missing').more.and('more')", ''],
    ["$input.path('$.none')", ''],
    ["$input.path('$.list')", '[a, b, c]'],
    ["$input.path('$.map')", '{x=1, y=two}'],
    ["$input.path('$.flag')", 'false'],
    ['{"text": $input.json("$.text")}', '{"text": "it\'s \\"ä\\"/\\n"}'],
  ])('`%s` is `%s`', (template, expected) => {
    expect(render(template)).toBe(expected);
  });

  test.each([['', '{}'], [undefined, '{}'], ['plain', 'plain']])('the body %j is `%s`', (body, expected) => {
    expect(renderTemplate('$input.body', { body, context: {}, stageVariables: {} })).toBe(expected);
  });

  test('a body that is no JSON is text', () => {
    expect(render("$input.path('$') $input.json('$')", 'plain')).toBe('plain "plain"');
  });

  test('what is put into the body stays for the template, and no longer', () => {
    const template = "$input.path('$').put('n', 4)-$input.path('$.n')";
    expect([render(template), render(template)]).toEqual(['3-4', '3-4']);
  });

  test('what is put into the context is not seen by others', () => {
    const context = { connectionId: 'abc=' };
    renderTemplate("#set($context.connectionId = 'x')$context.put('y', 1)", { body: undefined, context, stageVariables: {} });
    expect(context).toEqual({ connectionId: 'abc=' });
  });
});

test.each([
  ['$context.connectionId', 'abc='],
  ['${context.identity.sourceIp}', '127.0.0.1'],
  ['$context.authorizer.principalId', 'me'],
  ["$context.get('connectionId')", 'abc='],
  ['$context.missing', ''],
  ['$stageVariables.table', 'messages'],
  ["$stageVariables['table']", 'messages'],
  ["${stageVariables.get('table')}s", 'messagess'],
  ['$unknown.value', ''],
  ['$unknown("x")', ''],
])('`%s` is `%s`', (template, expected) => {
  expect(render(template)).toBe(expected);
});

describe('util', () => {
  test.each([
    ["$util.escapeJavaScript($input.path('$.text'))", 'it\\\'s \\"\\u00E4\\"\\/\\n'],
    ['$util.escapeJavaScript($input.path("$.text")).replaceAll("\\\\\'","\'")', 'it\'s \\"\\u00E4\\"\\/\\n'],
    ["$util.escapeJavaScript($input.path('$.missing'))", ''],
    ["$util.escapeJavaScript($input.path('$.n'))", '3'],
    ['$util.parseJson(\'{"a":[1]}\').a.get(0)', '1'],
    ['$util.urlEncode("a b&c=ä~*!(\')")', 'a+b%26c%3D%C3%A4%7E*%21%28%27%29'],
    ["$util.urlDecode('a+b%26c%3D%C3%A4')", 'a b&c=ä'],
    ["$util.base64Encode('grüße')", 'Z3LDvMOfZQ=='],
    ["$util.base64Decode('Z3LDvMOfZQ==')", 'grüße'],
    ['$util.urlEncode()$util.urlDecode()$util.base64Encode()$util.base64Decode()', ''],
    ['$util.unknown()', ''],
  ])('`%s` is `%s`', (template, expected) => {
    expect(render(template)).toBe(expected);
  });

  test('text that is no JSON is told', () => {
    expect(() => render("$util.parseJson('{')")).toThrow(/^`\$util\.parseJson` cannot read its text: /);
  });
});

describe('directives', () => {
  test.each([
    ['#set($x = 1)$x', '1'],
    ['#set($x = "a-$context.connectionId")$x', 'a-abc='],
    ["#set($x = 'a-$context.connectionId')$x", 'a-$context.connectionId'],
    ['#set($x = "#if(true)yes#end")$x', 'yes'],
    ['#set($x = "$$ #if(")$x', '$$ #if('],
    ['#set($x = {"a": 1, "b-$context.connectionId": [1, "x", true, null]})$x', '{a=1, b-abc==[1, x, true, null]}'],
    ['#set($x = {})#set($x.a = 1)#set($x["b"] = 2)$x', '{a=1, b=2}'],
    ['#set($x = [1, 2])#set($x[1] = 3)#set($x[5] = 3)$x', '[1, 3]'],
    ['#set($x = 1)#set($x.a = 2)#set($x.b() = 2)$x', '1'],
    ['#set($x = 1.5 + 2 * (3 - 1) - 7 % 4)$x', '2.5'],
    ['#set($x = 7 / 2)#set($y = 7 / 2.5)#set($z = 7 / 0)#set($w = 7 % 0)$x $y [$z$w]', '3 2.8 []'],
    ['#set($x = 1)#set($x = -($x))$x', '-1'],
    ['#set($x = -("a"))[$x]', '[]'],
    ['#set($x = "a" + 1 + $missing)$x', 'a1'],
    ['#set($x = 1 - "a")[$x]', '[]'],
    ['#set($x = [1..3])#set($y = [2..0])#set($z = [$x..1])$x $y $z', '[1, 2, 3] [2, 1, 0] []'],
    ['#if($input.path("$.action") == "send" && $input.path("$.n") >= 3)yes#{else}no#end', 'yes'],
    ['#if($missing)a#elseif($input.path("$.flag"))b#elseif(!$missing)c#{else}d#end', 'c'],
    ['#if($missing)a#end#if($input.path("$.none"))b#end', ''],
    ['#if($input.path("$.empty"))an empty text is true#end', 'an empty text is true'],
    ['#if("$!missing" != "")a#{else}b#end', 'b'],
    ['#if($missing == $other && $missing != "" && 1 == "1")a#end', 'a'],
    ['#if(1 < 2 && 2 > 1 && 1 <= 1 || $missing)a#end', 'a'],
    ['#if("a" < "b")a#end', ''],
    ['#foreach($i in $input.path("$.list"))$foreach.index$foreach.count$velocityCount$i#if($foreach.hasNext),#end#end', '011a,122b,233c'],
    ['#foreach($i in $input.path("$.map"))$i #end', '1 two '],
    ['#foreach($i in $input.path("$.list"))#if($foreach.first)<#end$i#if($foreach.last)>#end#end', '<abc>'],
    ['#foreach($i in $input.path("$.list"))#if($i == "b")#break#end$i#end!', 'a!'],
    ['#foreach($i in [1..2])#foreach($j in [1..2])$foreach.parent.count$foreach.count #end#end', '11 12 21 22 '],
    ['#set($i = "kept")#foreach($i in [1..2])$i#end$i', '12kept'],
    ['#foreach($i in $missing)x#end#foreach($i in $context.connectionId)x#end', ''],
    ['#foreach($k in $input.path("$.map").keySet())$k#end', 'xy'],
    ['#foreach($e in $input.path("$.map").entrySet())$e.key=$e.getValue() $e #end', 'x=1 x=1 y=two y=two '],
    ['$input.path("$.map").entrySet()', '[x=1, y=two]'],
    ['#macro(pair $k $v)"$k": "$v"#end{#pair("a" 1), #pair("b", $context.connectionId)}', '{"a": "1", "b": "abc="}'],
    ['#macro(f $x)#set($x = 2)#set($y = $x)$x#end#set($x = 1)#f(5)$x$y', '212'],
    ['#define($d)<$n>#end#set($n = 1)$d#set($n = 2)$d', '<1><2>'],
    ['#unknown("x")#evaluate("$context.connectionId")#parse("/etc/hostname")#include("/etc/hostname")', ''],
    ['a#stop()b', 'a'],
    ['#foreach($i in [1..2])#stop()#end b', ''],
    ['#[[ $raw #if ]]#', ' $raw #if '],
    ['a ## comment\nb #* more *# c', 'a b  c'],
    ['#if(true)\n  x\n#end\ny', '  x\ny'],
    ['#noescape()$context.connectionId#end', 'abc='],
  ])('`%s` is `%s`', (template, expected) => {
    expect(render(template)).toBe(expected);
  });

  test.each<[string, string | undefined, RegExp]>([
    ["$util.urlDecode('%')", undefined, /^`\$util\.urlDecode` cannot read `%`/],
    ["$input.json('$')", `${'['.repeat(9000)}${']'.repeat(9000)}`, /^a value cannot be written as JSON: it is nested too deeply, or holds itself$/],
    ["#set($r = $input.path('$'))#set($v = $r.put('self', $r))$input.json('$')", '{}', /^a value cannot be written as JSON/],
    ["#set($s = 'a')$s.replaceAll('[', 'b')", undefined, /^`\[` is not a regular expression: Unterminated character class$/],
    ["#set($s = 'a')$s.matches('(')", undefined, /^`\(` is not a regular expression: Unterminated group$/],
    [`#set($x = ${'('.repeat(3000)}1${')'.repeat(3000)})$x`, undefined, /^the template is nested too deeply$/],
    ["#set($s = 'aaaaaaaa')#foreach($i in [1..16])#set($s = $s + $s)#end$s.replace('a', $s)", undefined, /^the template makes more than 10000000 characters/],
  ])('what cannot be done is told: %#', (template, body, message) => {
    expect(() => render(template, body)).toThrow(message);
  });

  test.each<[string, string]>([
    ["$util.urlEncode($input.path('$.half'))", '%3F'],
    ["#set($s = 'abc')$s.charAt($input.path('$.object'))", 'a'],
    ["#set($s = 'abc')$s.replaceAll('(?ii)B', 'x')", 'axc'],
    ["#set($s = 'a.c$&')$s.replace('.', '$&').replace('$', 'x')", 'ax&cx&'],
  ])('what clients send does not stop a template: %s', (template, text) => {
    expect(render(template, '{"half":"\\ud800","object":{"toString":1,"valueOf":1}}')).toBe(text);
  });

  test('a template that is not Velocity is told', () => {
    expect(() => render('#set($x = )')).toThrow(/^the template is not Velocity: Parse error on line 1/);
  });
});

describe('limits', () => {
  test('a loop ends after a thousand rounds, as on API Gateway', () => {
    expect(render('#foreach($i in [1..1000000000])x#end')).toBe('x'.repeat(1000));
  });

  test('loops in loops come to an end', () => {
    const template = `${'#foreach($i in [1..1000])'.repeat(4)}x${'#end'.repeat(4)}`;
    expect(() => render(template)).toThrow('the template takes more than 1000000 steps');
  });

  test('a macro that calls itself comes to an end', () => {
    expect(() => render('#macro(f)#f()#end#f()')).toThrow('the template calls itself more than 50 times');
  });

  test('text does not grow without end', () => {
    expect(() => render('#set($x = "0123456789")#foreach($i in [1..100])#set($x = "$x$x")#end')).toThrow(/^the template makes more than 10000000 characters/);
  });

  test('lists do not grow without end', () => {
    expect(() => render('#set($x = [1])#foreach($i in [1..100])$x.addAll($x)#end')).toThrow(/^the template makes more than/);
  });

  test('a list that holds itself does no harm', () => {
    expect(render('#set($x = [])$x.add($x)#set($y = $x.add($x))$x').length).toBeGreaterThan(100);
  });

  test('many templates are rendered as well as few', () => {
    const texts = Array.from({ length: 1200 }, (_, index) => render(`#set($x = ${index})$x`));
    expect(texts).toEqual(Array.from({ length: 1200 }, (_, index) => String(index)));
  });
});

describe('templates cannot run code', () => {
  test.each([
    '$input.class',
    '$input.class.forName("java.lang.Runtime")',
    '$input.getClass()',
    '$input.constructor.constructor("return process").call()',
    '$input.path.constructor',
    '$util.escapeJavaScript.constructor("return 1").call()',
    '#set($x = {})$x.constructor.constructor("return process.pid").call()',
    '#set($x = "")$x.constructor.constructor("return 1").call()',
    '#set($x = [])$x.__proto__',
    '#set($x = {})$x["__proto__"]',
    '#set($x = {})$x.get("constructor")',
    '#set($x = {})$x.__lookupGetter__("__proto__").call($x)',
    '#set($x = {})$x.valueOf().constructor',
    '#set($x = [])$x.map("x")$x.constructor("y")',
    '#set($x = "a")$x.toString.call("x")',
    '$process.exit(1)$global.process$require("fs")$this.constructor$eval("1")',
    '#eval("1")#constructor("x")',
    '$toString.constructor$hasOwnProperty("x")',
  ])('`%s` is nothing', (template) => {
    expect(render(template)).toBe('');
  });

  test('`__proto__` is a name like any other', () => {
    expect(render('#set($x = {})$x.put("__proto__", {"polluted": 1})$x.polluted$x')).toBe('{__proto__={polluted=1}}');
  });

  test('no object gets what a template puts into another', () => {
    render('#set($x = {})#set($x.__proto__.polluted = 1)#set($x["constructor"]["prototype"]["polluted"] = 1)$x.constructor.put("polluted", 1)');
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});
