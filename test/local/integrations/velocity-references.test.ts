import { renderTemplate } from '../../../src/local/integrations/mapping-template';
import { closeReferences } from '../../../src/local/integrations/velocity-references';

const VALUES = '#set($x = "X")#set($list = ["X"])#set($map = {"k": "X"})';
const REFERENCES = ['$x', '$!x', '${x}', '$!{x}', '$map.k', '$map["k"]', '$list[0]', '$list.get(0)', '$map.get("k")', "$input.path('$.x')", "$input.path('$.m').get('k')"];
const render = (template: string) => renderTemplate(VALUES + template, { body: '{"x":"X","m":{"k":"X"}}', context: {}, stageVariables: {} });

test('a directive right behind a reference is read as Velocity reads it', () => {
  expect(render("#if(true)$input.path('$.x')#else{B}#end")).toBe('X');
});

describe.each(REFERENCES)('right behind `%s`', (reference) => {
  test.each([
    ['#if(true)@#else{B}#end', 'X'],
    ['#if(false)A#else{@}#end', '{X}'],
    ['#if(true)@#else B#end', 'X'],
    ['#if(true)@#{else}B#end', 'X'],
    ['#if(true)@#elseif(true)B#end', 'X'],
    ['#if(true)@#end', 'X'],
    ['#if(true)@#end{z}', 'X{z}'],
    ['#if(true)@#end.z', 'X.z'],
    ['#if(true)@#end(z)', 'X(z)'],
    ['#if(true)@#end[z]', 'X[z]'],
    ['#if(true)@#{end}z', 'Xz'],
    ['@#set($y = 1)y', 'Xy'],
    ['@#foreach($i in $list)$i#end', 'XX'],
    ['@#if(true)A#end', 'XA'],
    ['@#define($d)D#end$d', 'XD'],
    ['@#macro(mm)M#end#mm()', 'XM'],
    ['@##comment', 'X'],
    ['@#*comment*#y', 'Xy'],
    ['@#[[$raw]]#', 'X$raw'],
    ['@#1', 'X#1'],
    ['@#', 'X#'],
    ['@#ff0000', 'X#ff0000'],
    ['@#@#', 'X#X#'],
  ])('`%s` is what Velocity makes of it', (template, expected) => {
    expect(render(template.replaceAll('@', () => reference))).toBe(expected);
  });
});

describe('nothing is changed', () => {
  test.each([
    '$x #end', '${x}#end', '#if($x)#end', '#set($y = "$x#1")', "#set($y = '$x#1')", '#*$x#*#', '##$x#', '#[[$x#end]]#', '\\$x#end', '$5#', '$#', '#foreach($i in $x.get("a)b"))#end', 'text',
  ])('in `%s`', (template) => {
    expect(closeReferences(template)).toBe(template);
  });
});

test('a template of any length is read in one go', () => {
  const long = '$x.get("a")[0]#'.repeat(20_000);

  expect(closeReferences(long)).toBe('${x.get("a")[0]}#'.repeat(20_000));
});

test('brackets that nobody closes are text', () => {
  expect(closeReferences('$x.get(#end')).toBe('$x.get(#end');
});
