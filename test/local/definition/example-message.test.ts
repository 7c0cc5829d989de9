import { readFileSync } from 'node:fs';
import { exampleMessage } from '../../../src/local/definition/example-message';
import { ApiModel, RouteModel } from '../../../src/local/definition/model';
import { validateBody } from '../../../src/local/dispatch/request-model';

const SCHEMAS: { [name: string]: object } = {
  'of the scenarios': JSON.parse(readFileSync('test/fixtures/scenarios/say.schema.json', 'utf8')),
  'of the chat example': JSON.parse(readFileSync('examples/typescript/chat/schemas/sendMessage.json', 'utf8')),
  'with limits': {
    type: 'object',
    required: ['count', 'name', 'list', 'half'],
    properties: {
      count: { type: 'integer', minimum: 5, exclusiveMinimum: true, multipleOf: 5 },
      half: { type: 'number', minimum: 0, exclusiveMinimum: true, maximum: 0.5 },
      name: { type: 'string', minLength: 6, maxLength: 8 },
      list: { type: 'array', items: { type: 'string', format: 'email' }, minItems: 3 },
      flag: { type: ['boolean', 'null'] },
      nothing: { type: 'null' },
    },
  },
  'with a choice': { type: 'object', properties: { id: { oneOf: [{ type: 'integer' }, { type: 'string' }] } }, anyOf: [{ required: ['id'] }, { required: ['name'] }] },
  'in parts': { allOf: [{ type: 'object', properties: { a: { enum: ['x', 'y'] } }, required: ['a'] }, { properties: { b: { default: 7 } }, required: ['b'] }] },
  'that holds itself': { type: 'object', properties: { children: { type: 'array', items: { $ref: '#' } }, value: { type: 'integer' } } },
};

test.each(Object.keys(SCHEMAS))('the example fits the schema %s', (name) => {
  const example = exampleMessage(api(), route('say', SCHEMAS[name]));

  // The schemas of the examples name the route that they are for.
  const key = /"enum":\["(say|sendMessage)"\]/.exec(JSON.stringify(SCHEMAS[name]))?.[1] ?? 'say';
  expect(validateBody(SCHEMAS[name], example!.replace('"action":"say"', `"action":"${key}"`))).toBeUndefined();
});

test.each<[RouteModel, string, string | undefined]>([
  [route('say'), '$request.body.action', '{"action":"say"}'],
  [route('say'), '$request.body.meta.kind', '{"meta":{"kind":"say"}}'],
  [route('say', { type: 'object', properties: { text: { type: 'string' }, action: { type: 'string' } } }), '$request.body.action', '{"action":"say","text":"text"}'],
  [route('say', { type: 'string' }), '$request.body.action', '{"action":"say"}'],
  [route('say'), '${request.body.a}-${request.body.b}', undefined],
  [route('$default'), '$request.body.action', undefined],
  [route('$default', { type: 'integer' }), '$request.body.action', '1'],
])('%j selected by %s has the example %s', (one, expression, example) => {
  expect(exampleMessage(api(expression), one)).toBe(example);
});

test('a schema without end has an example all the same', () => {
  expect(exampleMessage(api(), route('say', { type: 'object', required: ['me'], properties: { me: { $ref: '#' } } }))).toMatch(/^\{"action":"say","me":/);
  expect(exampleMessage(api(), route('say', { $ref: '#' }))).toBe('{"action":"say"}');
});

test('a schema that is wide, and holds itself, has an example that a person can read', () => {
  const properties = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`p${index}`, { $ref: '#' }]));

  expect(exampleMessage(api(), route('say', { properties }))!.length).toBeLessThan(10_000);
});

function api(routeSelectionExpression = '$request.body.action'): ApiModel {
  return { routeSelectionExpression } as ApiModel;
}

function route(key: string, schema?: object): RouteModel {
  return { key, requestModels: new Map(schema ? [['$default', schema]] : []), authorization: { type: 'NONE' }, apiKeyRequired: false, response: false };
}
