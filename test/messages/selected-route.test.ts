import { Token } from 'aws-cdk-lib';
import { misfitOf } from '../../src/messages/selected-route';

const misfit = (schema: unknown, field = ['action'], key = 'say') => misfitOf(schema, { field, key }, Token.isUnresolved);
const closed = (properties: object) => ({ type: 'object', properties, additionalProperties: false });

describe('no message of a route fits a schema that', () => {
  test.each<[string, object, string]>([
    ['is closed and lacks the field', closed({ text: {} }), 'has `additionalProperties: false` and no property `action`, and `action` selects the route: add it to `properties`'],
    ['is closed in a part', { allOf: [{}, closed({})] }, 'no property `action`'],
    ['is closed in each of its choices', { anyOf: [closed({}), closed({ text: {} })] }, 'no property `action`'],
    ['is closed where it refers to', { $ref: '#/definitions/a', definitions: { a: closed({}) } }, 'no property `action`'],
    ['takes other values', closed({ action: { enum: ['join', 7] } }), 'takes only `"join"`, `7` for `action`, which selects the route by `"say"`: add that to `enum`'],
    ['takes no text', { properties: { action: { type: ['integer', 'null'] } } }, 'takes ["integer","null"] for `action`, which selects the route by the text `"say"`'],
    ['takes no object', { type: 'array' }, 'is for "array", and `action` selects the route: a message has to be an object'],
  ])('%s', (_, schema, message) => {
    expect(misfit(schema)).toContain(message);
  });

  test.each([[closed({}), 'no property `meta`, and `meta.kind` selects'], [{ properties: { meta: closed({}) } }, 'no property `kind`, and `meta.kind` selects']])('is closed at a name of the path: %j', (schema, message) => {
    expect(misfit(schema, ['meta', 'kind'])).toContain(message);
  });
});

describe('a message may fit a schema that', () => {
  test.each<[string, object]>([
    ['is empty', {}],
    ['is open', { type: 'object', properties: { text: {} } }],
    ['has the field', closed({ action: {} })],
    ['has the value among others', closed({ action: { type: ['string', 'null'], enum: ['join', 'say'] } })],
    ['covers the field by a pattern', { patternProperties: { '^act': {} }, additionalProperties: false }],
    ['is closed in one of its choices', { oneOf: [closed({}), closed({ action: {} })] }],
    ['holds itself', { allOf: [{ $ref: '#' }], anyOf: [{ $ref: '#' }] }],
    ['is in another model', { $ref: 'https://apigateway.amazonaws.com/restapis/a/models/b' }],
    ['is known at deployment', { properties: Token.asAny({}) as any, additionalProperties: false }],
  ])('%s', (_, schema) => {
    expect(misfit(schema)).toBeUndefined();
  });

  test.each(['7', 'true', '[a]'])('takes what is written as %s', (key) => {
    expect(misfit({ properties: { action: { type: ['integer', 'boolean', 'array'] } } }, ['action'], key)).toBeUndefined();
  });
});
