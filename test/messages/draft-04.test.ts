import { faultOf } from '../../src/messages/draft-04';

const SCHEMA = {
  $schema: 'http://json-schema.org/draft-04/schema#',
  id: 'https://example.com/order.json',
  title: 'Order',
  type: 'object',
  required: ['item', 'const'],
  properties: {
    item: { type: 'string', minLength: 1, maxLength: 10, pattern: '^[a-z]+$' },
    // A property may have any name.
    const: { enum: [null, { $id: 1 }, 'x'], default: { const: 1 } },
    $ref: { type: ['string', 'null'], format: 'whatever' },
    count: { type: 'integer', minimum: 0, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: false, multipleOf: 0.5 },
    tags: { type: 'array', items: [{ type: 'string' }, {}], additionalItems: { type: 'number' }, minItems: 0, maxItems: 2, uniqueItems: true },
    more: { type: 'array', items: { not: {} }, additionalItems: false },
  },
  patternProperties: { '^x-': {} },
  additionalProperties: { type: 'boolean' },
  minProperties: 1,
  maxProperties: 20,
  dependencies: { item: ['count'], count: { required: ['item'] } },
  definitions: { a: { allOf: [{}], anyOf: [{}, {}], oneOf: [{ description: 'one' }] } },
};

test('everything that draft 4 has is right', () => {
  expect(faultOf(SCHEMA)).toBeUndefined();
});

test('what is undefined is not there, as in JSON', () => {
  expect(faultOf({ type: 'object', const: undefined, properties: undefined })).toBeUndefined();
});

test.each<[object, string]>([
  [{ const: 'say' }, '`#/const` is no keyword of draft 4, and API Gateway takes no other: write `enum` with one value'],
  [{ $id: 'x' }, '`#/$id` is no keyword of draft 4, and API Gateway takes no other: write `id`, or leave it out'],
  [{ constructor: {} }, '`#/constructor` is no keyword of draft 4, and API Gateway takes no other: leave it out'],
  [{ properties: { 'a/b': { items: [{ examples: [] }] } } }, '`#/properties/a~1b/items/0/examples` is no keyword'],
  [{ definitions: { a: { anyOf: [{ if: {} }] } } }, '`#/definitions/a/anyOf/0/if` is no keyword'],
  [{ dependencies: { a: { dependentRequired: {} } } }, '`#/dependencies/a/dependentRequired` is no keyword'],
  [{ $schema: 'http://json-schema.org/draft-07/schema#' }, '`#/$schema` is `"http://json-schema.org/draft-07/schema#"`, but takes `"http://json-schema.org/draft-04/schema#"`, the only version that API Gateway knows'],
  [{ type: 'text' }, '`#/type` is `"text"`, but takes one of `"array"`, `"boolean"`'],
  [{ type: ['string', 'string'] }, '`#/type` is `["string","string"]`'],
  [{ minimum: 1, exclusiveMinimum: 1 }, '`#/exclusiveMinimum` is `1`, but takes `true` or `false`: numbers came with draft 6'],
  [{ exclusiveMaximum: true }, '`#/exclusiveMaximum` says something of `maximum`, and there is none: write it too'],
  [{ required: true }, '`#/required` is `true`, but takes a list of names of properties, one at least'],
  [{ required: [] }, '`#/required` is `[]`'],
  [{ enum: [] }, '`#/enum` is `[]`, but takes a list of different values, one at least'],
  [{ enum: [{ a: 1 }, { a: 1 }] }, '`#/enum` is '],
  [{ minLength: -1 }, '`#/minLength` is `-1`, but takes a whole number, 0 or more'],
  [{ pattern: '(' }, '`#/pattern` is `"("`, but takes a regular expression'],
  [{ properties: { a: true } }, '`#/properties/a` is `true`, but takes a schema: an object, such as `{}`; `true` and `false` came with draft 6'],
  [{ properties: { a: 'string' } }, '`#/properties/a` is `"string"`, but takes a schema: an object'],
  [{ properties: [] }, '`#/properties` is `[]`, but takes an object whose values are schemas'],
  [{ allOf: [] }, '`#/allOf` is `[]`, but takes a list of schemas, one at least'],
  [{ multipleOf: 0 }, '`#/multipleOf` is `0`, but takes a number above 0'],
])('%j is wrong', (schema, message) => {
  expect(faultOf(schema)).toContain(message);
});
