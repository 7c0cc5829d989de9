import fc from 'fast-check';
import { fakeConnections, fakeTable } from './broadcaster';
import { textsOf } from './text';
import { GroupRouteSettings } from '../../../src/connections/settings';
import { connect } from '../../../src/shipped/connections/connect';
import { disconnect } from '../../../src/shipped/connections/disconnect';
import { message } from '../../../src/shipped/connections/message';
import { withSubprotocol } from '../../../src/shipped/connections/subprotocol';
import { FakeFunctions } from '../../shipped/fake-functions';
import { Target } from '../engine';

const PATH = { path: ['room', 'name', 0], prefix: 'room:' };
const ROUTES: { [key: string]: GroupRouteSettings } = {
  join: { action: 'joinGroup', group: PATH, announce: true, returnResponse: true },
  leave: { action: 'leaveGroup', group: { value: { place: 'header', name: 'x' }, prefix: '' } },
  send: { action: 'sendToGroup', group: { path: ['room'], prefix: '' }, members: false, echo: false, returnResponse: true },
  user: { action: 'sendToUser', user: ['to'] },
  all: { action: 'sendToAll', returnResponse: true },
  list: { action: 'listGroup', group: { of: 'g' } },
};
const SETTINGS = {
  user: { place: 'authorizer', name: 'sub' },
  groups: [{ value: { place: 'queryString', name: 'groups' }, prefix: 'q:' }],
  values: [{ place: 'header', name: 'x' }, { place: 'context', name: 'identity.sourceIp' }],
  timeToLive: 60,
  closeOnExpiry: true,
} as const;

const name = fc.oneof(fc.constantFrom('a', '["a","b"]', '[1]', '['), fc.string({ unit: 'binary' }));
const texts = fc.dictionary(fc.constantFrom('x', 'groups', 'Sec-WebSocket-Protocol', '__proto__'), name, { maxKeys: 3 });

/** What clients send to the routes and the handshake of the library's own function, and what the app's function answers. */
export const connections: Target = {
  inputs: fc.record({
    route: fc.constantFrom(...Object.keys(ROUTES), 'constructor', '__proto__'),
    body: fc.oneof(
      fc.record({ room: fc.oneof(name, fc.record({ name: fc.array(name) })), to: name, data: fc.jsonValue() }, { requiredKeys: [] })
        .map((one) => JSON.stringify(one)),
      fc.json(),
      fc.string(),
    ),
    headers: texts,
    query: texts,
    authorizer: fc.record({ sub: name, exp: fc.oneof(fc.string(), fc.integer()) }, { requiredKeys: [] }),
    answer: fc.oneof(fc.record({
      statusCode: fc.oneof(fc.integer({ min: 100, max: 600 }), fc.jsonValue()),
      headers: fc.oneof(texts, fc.jsonValue()),
      multiValueHeaders: fc.jsonValue(),
    }), fc.jsonValue()),
  }),
  async run({ route, body, headers, query, authorizer, answer }) {
    const event = (eventType: 'CONNECT' | 'MESSAGE' | 'DISCONNECT', routeKey: string): any => ({
      requestContext: { eventType, routeKey, connectionId: 'c=', requestId: 'r=', connectedAt: 1_700_000_000_000, identity: { sourceIp: '192.0.2.1' }, authorizer: textsOf(authorizer) },
      headers: textsOf(headers),
      multiValueHeaders: listed(textsOf(headers)),
      queryStringParameters: textsOf(query),
      body: String(body),
    });
    const app = new FakeFunctions({ app: JSON.stringify(answer) });
    const store = {
      table: fakeTable(),
      connections: fakeConnections,
      broadcaster: 'broadcaster',
      settings: SETTINGS,
      routes: ROUTES,
      now: () => 1_700_000_000_000,
      log: () => undefined,
    };
    const services = { functions: app, connectHandler: 'app', disconnectHandler: 'app', store };
    const results = await Promise.allSettled([
      connect(event('CONNECT', '$connect'), services).then((given) => withSubprotocol(event('CONNECT', '$connect'), given)),
      message(event('MESSAGE', String(route)), services),
      disconnect(event('DISCONNECT', '$disconnect'), services),
    ]);
    // One that is none of its routes is an error of its own.
    for (const result of results) {
      if (result.status === 'rejected' && !/^route /.test(result.reason?.message)) { throw result.reason; }
    }
    for (const { event: handed } of app.handed) { JSON.stringify(handed); }
  },
};

function listed(values: { [name: string]: string }): { [name: string]: string[] } {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, [value]]));
}
