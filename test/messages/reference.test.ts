import { referenceFaultOf } from '../../src/messages/reference';

test.each<[string, object]>([
  ['into the definitions', { properties: { a: { $ref: '#/definitions/a' } }, definitions: { a: {} } }],
  ['to a name with a slash', { properties: { a: { $ref: '#/definitions/a~1b%20c' } }, definitions: { 'a/b c': {} } }],
  ['to the schema itself, below it', { properties: { children: { items: { $ref: '#' } } } }],
  ['to another model of the API', { $ref: 'https://apigateway.amazonaws.com/restapis/abcdefghij/models/Room' }],
  ['that is the name of a property', { properties: { $ref: { type: 'string' } } }],
])('a reference %s is right', (_, schema) => {
  expect(referenceFaultOf(schema)).toBeUndefined();
});

test.each<[string, object, string]>([
  ['to nothing', { properties: { a: { $ref: '#/definitions/b' } }, definitions: { a: {} } }, '`#/properties/a/$ref` is `"#/definitions/b"`, and there is nothing at that place: see the names in `definitions`'],
  ['to what every object has', { $ref: '#/constructor' }, '`#/$ref` is `"#/constructor"`, and there is nothing at that place'],
  ['to a file', { items: { $ref: 'room.json' } }, '`#/items/$ref` is `"room.json"`, but API Gateway follows references only inside a model, such as `"#/definitions/name"`, and to models of the API'],
  ['to a page', { $ref: 'https://example.com/room.json' }, 'API Gateway follows references only inside a model'],
  ['to itself', { $ref: '#' }, '`#/$ref` leads back to itself'],
  ['in a circle', { $ref: '#/definitions/a', definitions: { a: { $ref: '#/definitions/b' }, b: { $ref: '#/definitions/a' } } }, 'leads back to itself'],
])('a reference %s is wrong', (_, schema, message) => {
  expect(referenceFaultOf(schema)).toContain(message);
});
