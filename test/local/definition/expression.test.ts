import { evaluateExpression, ExpressionSources, javaText, jsonPath } from '../../../src/local/definition/expression';

const BODY = {
  'action': 'join', 'a': { 'b': [{ c: 'deep' }], 'd.e': 'dotted' }, 'n': 1.5, 'yes': true, 'none': null, 'list': ['item1', 'item2'], 'object': { a: 'b', c: [1, null, { x: '' }] }, 'x-y': 'dash', '': 'empty',
};

const SOURCES: ExpressionSources = {
  body: () => BODY,
  headers: { 'X-Api-Key': 'key' },
  queryString: { room: 'blue' },
  context: { stage: 'dev', authorizer: { principalId: 'me' } },
  stageVariables: { version: 'v2' },
  response: { statusCode: 404, headers: { 'Content-Type': 'text/plain' }, body: () => ({ errorMessage: '[BadRequest] no' }) },
};

describe('expressions', () => {
  test.each([
    ['$request.body.action', 'join'],
    ['${request.body.action}', 'join'],
    ["$request.body.a.b[0]['c']", 'deep'],
    ['${request.body.a.b[0]["c"]}', 'deep'],
    ["${request.body.a['d.e']}", 'dotted'],
    ['$request.body.x-y', 'dash'],
    ['${request.body.action}-${request.body.n}', 'join-1.5'],
    ['${request.body.action}-${request.body.x}', 'join-'],
    ['$request.body.action/$context.stage!', 'join/dev!'],
    ['Hello $request.body.action.', 'Hello join.'],
    ['$request.body.yes', 'true'],
    ['$request.body.none', ''],
    ['$request.body.list', '[item1, item2]'],
    ['$request.body.object', '{a=b, c=[1, null, {x=}]}'],
    ['$request.body.list[*]', '[item1, item2]'],
    ['$request.body..c', '[deep, [1, null, {x=}]]'],
    ['$request.body.action.length', ''],
    ['$request.body.constructor.name', ''],
    ['$request.header.x-api-key', 'key'],
    ['$request.header.other', ''],
    ['$request.querystring.room', 'blue'],
    ['$request.querystring.Room', ''],
    ['$context.authorizer.principalId', 'me'],
    ['$context.missing.more', ''],
    ['$stageVariables.version', 'v2'],
    ['$integration.response.statuscode', '404'],
    ['$integration.response.body.errorMessage', '[BadRequest] no'],
    ['$integration.response.header.content-type', 'text/plain'],
    ['static', 'static'],
    ['', ''],
    ['\\$default', '$default'],
    ['$default', '$default'],
    ['a\\b', 'a\\b'],
    ['$', '$'],
    ['$request.bodyguard', '$request.bodyguard'],
    ['${unknown}', '${unknown}'],
  ])('`%s` is `%s`', (expression, expected) => {
    expect(evaluateExpression(expression, SOURCES)).toBe(expected);
  });

  test.each(['$request.body.a', '$request.header.a', '$context.a', '$stageVariables.a', '$integration.response.statuscode', '$integration.response.body.a'])(
    '`%s` is empty where there is nothing to look in', (expression) => {
      expect(evaluateExpression(expression, {})).toBe('');
    },
  );

  test('what the client sends is not evaluated again', () => {
    expect(evaluateExpression('$request.body.a', { body: () => ({ a: '$context.stage' }), context: { stage: 'dev' } })).toBe('$context.stage');
  });

  test('the message is not parsed where no expression asks for it', () => {
    const body = jest.fn();
    evaluateExpression('$context.stage', { ...SOURCES, body });
    expect(body).not.toHaveBeenCalled();
  });

  test('a path that is not supported is named', () => {
    expect(() => evaluateExpression('${request.body.a[?(@.b)]}', SOURCES)).toThrow(
      "the JSON path `a[?(@.b)]` is not supported from `[?(@.b)]` on: use names, `[0]`, `['name']`, `*` and `..name`",
    );
  });

  test('lists that a client nests deep do no harm', () => {
    const nested = JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`);
    expect(evaluateExpression('$request.body.a', { body: () => ({ a: nested }) })).toMatch(/^\[{101}…/);
  });

  test('many different expressions are evaluated as well as few', () => {
    const values = Array.from({ length: 2500 }, (_, index) => evaluateExpression(`$request.body.action${index}x`, { body: () => ({ [`action${index}x`]: index }) }));
    expect(values).toEqual(Array.from({ length: 2500 }, (_, index) => String(index)));
  });
});

describe('JSON paths', () => {
  test.each<[string, unknown]>([
    ['$', BODY],
    ['', BODY],
    ['$.action', 'join'],
    ['action', 'join'],
    ['$.a.b[0].c', 'deep'],
    ['$.a.b[-1].c', 'deep'],
    ["$['a']['b'][0]", { c: 'deep' }],
    ['$["x-y"]', 'dash'],
    ["$['']", 'empty'],
    ['$.list[1]', 'item2'],
    ['$.list[7]', undefined],
    ["$.list['0']", undefined],
    ['$.action[0]', undefined],
    ['$.missing.more', undefined],
    ['$.none', null],
    ['$.__proto__', undefined],
    ['$.list[*]', ['item1', 'item2']],
    ['$.object.*', ['b', [1, null, { x: '' }]]],
    ['$.a.b[*].c', ['deep']],
    ['$.a.b[*].missing', []],
    ['$..c', ['deep', [1, null, { x: '' }]]],
    ['$.a..*', [[{ c: 'deep' }], 'dotted', { c: 'deep' }, 'deep']],
    ['$.action.*', []],
  ])('`%s`', (path, expected) => {
    expect(jsonPath(path, BODY)).toEqual(expected);
  });

  test.each(['$.a[0:2]', '$.a[0,1]', '$.a.length()', '$.a[', '$.a.', '$...a', '$[b]'])('`%s` is refused', (path) => {
    expect(() => jsonPath(path, BODY)).toThrow(`the JSON path \`${path}\` is not supported`);
  });

  test('any depth is searched', () => {
    const nested = JSON.parse(`${'[{"a":'.repeat(3000)}1${'}]'.repeat(3000)}`);
    expect(jsonPath('$..a', nested)).toHaveLength(3000);
  });
});

test('values are written as Java writes them', () => {
  expect([undefined, null, 1, 'a', [], {}].map((value) => javaText(value))).toEqual(['undefined', 'null', '1', 'a', '[]', '{}']);
});

test('a path that looks at every value for every value has an end', () => {
  const value = JSON.parse(`${'['.repeat(500)}${']'.repeat(500)}`);

  expect((jsonPath('..*', value) as unknown[]).length).toBe(499);
  expect(() => jsonPath('..*..*..*', value)).toThrow('a JSON path looks at more than 200000 values: name what you look for');
});
