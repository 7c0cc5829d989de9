import { mapRequestParameters, mapResponseParameters, MappingSources } from '../../../src/local/integrations/parameter-mapping';

const SOURCES: MappingSources = {
  text: '{"a":{"b":[1,"x"]},"none":null}',
  body: () => ({ a: { b: [1, 'x'] }, none: null }),
  headers: { 'Sec-WebSocket-Protocol': 'chat', 'X-List': 'b' },
  multiValueHeaders: { 'X-List': ['a', 'b'] },
  queryString: { room: 'blue' },
  multiValueQueryString: { room: ['red', 'blue'] },
  context: { connectionId: 'abc=', authorizer: { principalId: 'me' }, connectedAt: 5 },
  stageVariables: { table: 'messages' },
  response: { statusCode: 201, headers: { 'X-Answer': 'yes' }, body: () => ({ error: { code: 'E' }, list: [1] }) },
};

test.each<[string, string | undefined]>([
  ["'static text'", 'static text'],
  ["''", ''],
  ['context.connectionId', 'abc='],
  ['context.authorizer.principalId', 'me'],
  ['context.connectedAt', '5'],
  ['context.missing', undefined],
  ['stageVariables.table', 'messages'],
  ['stageVariables.missing', undefined],
  ['route.request.header.sec-websocket-protocol', 'chat'],
  ['route.request.header.missing', undefined],
  ['route.request.querystring.room', 'blue'],
  ['route.request.multivalueheader.X-List', 'a,b'],
  ['route.request.multivalueheader.missing', undefined],
  ['route.request.multivaluequerystring.missing', undefined],
  ['route.request.body', '{"a":{"b":[1,"x"]},"none":null}'],
  ['route.request.body.a.b[1]', 'x'],
  ['route.request.body.a.b', '[1,"x"]'],
  ['route.request.body.none', undefined],
  ["route.request.body['a']", '{"b":[1,"x"]}'],
  ['integration.response.header.x-answer', 'yes'],
  ['integration.response.body.error.code', 'E'],
  ['integration.response.statuscode', '201'],
])('`%s` is %j', (source, expected) => {
  expect(mapResponseParameters({ 'route.response.header.X': source }, SOURCES)).toEqual(expected === undefined ? {} : { X: expected });
});

test('headers, query and path are told apart', () => {
  expect(mapRequestParameters({
    'integration.request.header.X-Id': 'context.connectionId',
    'integration.request.header.X-Missing': 'context.missing',
    'integration.request.querystring.room': 'route.request.multivaluequerystring.room',
    'integration.request.path.id': 'route.request.body.a.b[0]',
    'integration.request.path.missing': 'context.missing',
  }, SOURCES)).toEqual({ headers: { 'X-Id': 'abc=' }, query: [['room', 'red'], ['room', 'blue']], path: { id: '1', missing: '' } });
});

test('`method.response` is the same as `route.response`', () => {
  expect(mapResponseParameters({ 'method.response.header.X': "'1'" }, SOURCES)).toEqual({ X: '1' });
});

test('nothing is found where there is nothing', () => {
  expect(mapRequestParameters({ 'integration.request.querystring.a': 'route.request.body.a', 'integration.request.header.b': 'route.request.header.b' }, {}))
    .toEqual({ headers: {}, query: [], path: {} });
});

test.each([
  ['integration.request.body', 'context.connectionId', /^the request parameter `integration\.request\.body` is not known: write `integration\.request\.header\.name`/],
  ['integration.request.header.X', 'unquoted', /^`unquoted` is not a source for a parameter: write /],
])('the parameter `%s` from `%s` is refused', (target, source, message) => {
  expect(() => mapRequestParameters({ [target]: source }, SOURCES)).toThrow(message);
});

test('a response parameter that is no header is refused', () => {
  expect(() => mapResponseParameters({ 'route.response.body': "'x'" }, SOURCES)).toThrow('the response parameter `route.response.body` is not known: write `route.response.header.name`');
});
