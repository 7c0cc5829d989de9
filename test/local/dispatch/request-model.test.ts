import { validateBody } from '../../../src/local/dispatch/request-model';

const SCHEMA = {
  $schema: 'http://json-schema.org/draft-04/schema#',
  type: 'object',
  required: ['action'],
  properties: {
    action: { type: 'string', enum: ['join', 'leave'] },
    count: { type: 'integer', minimum: 0, exclusiveMinimum: true },
    tags: { type: 'array', items: { type: 'string' } },
  },
};

test.each(['{"action":"join"}', '{"action":"leave","count":1,"tags":["a"],"more":true}'])('`%s` is right', (body) => {
  expect(validateBody(SCHEMA, body)).toBeUndefined();
});

test.each([
  ['{}', 'the message requires property "action"'],
  ['{"action":"jump"}', '`action` is not one of enum values: join,leave'],
  ['{"action":"join","count":0}', '`count` must be greater than 0'],
  ['{"action":"join","tags":["a",1]}', '`tags.1` is not of a type(s) string'],
  ['{"action":1,"count":"x"}', '`action` is not of a type(s) string; `action` is not one of enum values: join,leave; `count` is not of a type(s) integer'],
  ['[]', 'the message is not of a type(s) object'],
  ['{', 'the message is not JSON'],
])('`%s` is wrong', (body, reason) => {
  expect(validateBody(SCHEMA, body)).toContain(reason);
});

test('no message is wrong', () => {
  expect(validateBody(SCHEMA, undefined)).toBe('the message is not JSON');
});

test.each([[undefined], [null], [true]])('the model %j takes everything that is JSON', (schema) => {
  expect(validateBody(schema, '1')).toBeUndefined();
});

test.each([
  ['items that are `null`', { properties: { a: { items: null } } }],
  ['a type that is an object', { type: { toString: 1, valueOf: 1 } }],
])('a model with %s is told to be no schema', (_, schema) => {
  expect(validateBody(schema, '{"a":[1]}')).toBe('the model cannot be used: it is no JSON Schema (draft 4): something in it is of a type that does not belong there');
});

describe('references', () => {
  const url = (name: string) => `https://apigateway.amazonaws.com/restapis/abc123/models/${name}`;

  test('a model may refer to others, and they to others', () => {
    const models = new Map<string, unknown>([
      ['Room', { type: 'object', properties: { owner: { $ref: url('Person') }, parent: { $ref: url('Room') } } }],
      ['Person', { type: 'string' }],
    ]);
    const schema = { properties: { rooms: { items: { $ref: url('Room') } } } };
    expect([validateBody(schema, '{"rooms":[{"owner":"me"}]}', models), validateBody(schema, '{"rooms":[{"parent":{"owner":1}}]}', models)])
      .toEqual([undefined, '`rooms.0.parent.owner` is not of a type(s) string']);
  });

  test('a model may refer to its own definitions', () => {
    expect(validateBody({ definitions: { a: { type: 'string' } }, properties: { a: { $ref: '#/definitions/a' } } }, '{"a":1}')).toBe('`a` is not of a type(s) string');
  });

  test('a property may be called `$ref`', () => {
    expect(validateBody({ properties: { $ref: { type: 'string' } } }, '{"$ref":"x"}')).toBeUndefined();
  });

  test('a model that there is not is told', () => {
    expect(validateBody({ $ref: url('Missing') }, '{}')).toBe('the model cannot be used: it refers to `Missing`, and the API has no model of that name');
  });

  test('a model that refers to itself without end is told', () => {
    expect(validateBody({ $ref: '#' }, '{}')).toBe('the model cannot be used: it refers to itself without end');
  });

  test('a message that is nested without sense does not fit', () => {
    expect(validateBody({ items: { $ref: '#' } }, `${'['.repeat(9000)}${']'.repeat(9000)}`)).toBe('the message is nested more than 500 levels deep');
  });

  test('a reference to nowhere is told', () => {
    expect(validateBody({ properties: { a: { $ref: '#/definitions/none' } } }, '{"a":1}')).toMatch(/^the model cannot be used: no such schema/);
  });
});

test('of a message that is wrong in many places, some are told', () => {
  const wrong = validateBody({ items: { type: 'string' } }, JSON.stringify(Array.from({ length: 10_000 }, () => 1)))!;

  expect(wrong).toMatch(/^`0` is not of a type\(s\) string; .*; and 9995 more$/);
  expect(wrong.length).toBeLessThan(400);
});
