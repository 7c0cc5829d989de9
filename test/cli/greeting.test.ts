import { Greeted, greeting } from '../../src/cli/greeting';
import { painter } from '../../src/cli/report';
import { GatewayEvent } from '../../src/local/events/trace';
import { servedApi } from '../local/console/console-source';
import { functionModel } from '../local/local-function';

const here = Number(process.versions.node.split('.')[0]);
const same = functionModel({ runtime: `nodejs${here}.x` });
const warning: GatewayEvent = { type: 'warning', time: 0, text: 'take care' };

function lines({ events = [], ...overrides }: Partial<Omit<Greeted, 'events'>> & { readonly events?: GatewayEvent[] } = {}): string[] {
  return greeting({
    apis: [servedApi(3001, { exampleMessage: '{"action":"sendMessage"}' })],
    functionsInUse: [same],
    port: 3001,
    reachableUrls: [],
    allowedOrigins: [],
    events: () => events,
    ...overrides,
  }, painter(false)).split('\n');
}
const line = (name: string, options?: Parameters<typeof lines>[0]) => lines(options).find((one) => one.startsWith(`  ${name}`));

test('of one API tells what is served, how to connect, what to send, and that nothing is missing', () => {
  expect(lines()).toEqual([
    '✓ Chat (dev)  ws://localhost:3001/dev  3 routes: $connect, $default, sendMessage',
    '  functions 1',
    '  connect   npx wscat -c ws://localhost:3001/dev',
    '  send      {"action":"sendMessage"}',
    '  page      http://localhost:3001/_console  a client and all traffic, in your browser',
    '  findings  none',
  ]);
});

test('tells where the tables are that the gateway keeps', () => {
  expect(line('functions', { tablesUrl: 'http://127.0.0.1:8000' }))
    .toBe('  functions 1; tables in dynalite at http://127.0.0.1:8000, until the gateway ends (no TTL, no streams)');
});

test('has a line for each API and its domains', () => {
  const apis = [servedApi(3001, { name: 'One', routes: ['$default'] }), servedApi(3001, { name: 'Two', domainUrls: ['ws://localhost:3001/chat.example.com/'] })];

  expect(lines({ apis }).slice(0, 2)).toEqual([
    '✓ One (dev)  ws://localhost:3001/dev  1 route: $default',
    '✓ Two (dev)  ws://localhost:3001/dev  ws://localhost:3001/chat.example.com/  3 routes: $connect, $default, sendMessage',
  ]);
});

test('has at most ten lines, however many APIs and routes there are', () => {
  const routes = Array.from({ length: 50 }, (_, index) => `route-number-${index}`);
  const apis = Array.from({ length: 50 }, () => servedApi(3001, { routes }));
  const greeted = lines({ apis, events: [warning, warning], reachableUrls: ['ws://192.168.1.5:3001'] });

  expect(greeted.length).toBe(10);
  expect(greeted[3]).toBe('  and 47 more stages, listed on the page');
  expect(greeted[0]).toMatch(/50 routes: route-number-0, .* and 44 more$/);
});

test('says in one line how much is missing', () => {
  expect(line('findings', { events: [warning, warning] })).toBe('  findings  2, in the lines below that begin with !');
});

test('says what a client needs to be let in', () => {
  const nothing = { queryString: [], headers: [], signature: false };
  const needing = (required: object) => ({ apis: [servedApi(3001, { required: { ...nothing, ...required } })] });

  expect(line('connect', needing({ queryString: ['token', 'room'] }))).toBe('  connect   npx wscat -c "ws://localhost:3001/dev?token=…&room=…"');
  expect(line('connect', needing({ headers: ['Authorization'] }))).toBe('  connect   npx wscat -c ws://localhost:3001/dev -H "Authorization: …"');
  expect(line('connect', needing({ signature: true }))).toContain('signed by IAM credentials');
});

test('offers any text to an API whose route does not depend on the message alone', () => {
  expect(line('send', { apis: [servedApi(3001)] })).toBe('  send      any text');
});

test('says who can reach it from other devices', () => {
  expect(line('reach')).toBeUndefined();
  expect(line('reach', { reachableUrls: ['ws://192.168.1.5:3001', 'ws://10.0.0.2:3001'], allowedOrigins: ['https://app.example.com'] })).toBe(
    '  reach     everybody who reaches ws://192.168.1.5:3001 or ws://10.0.0.2:3001 can connect; pages: of this machine, of the app\'s domains, https://app.example.com',
  );
});

test('says once that another Node.js runs the functions', () => {
  const other = functionModel({ runtime: `nodejs${here + 2}.x` });

  expect(line('functions', { functionsInUse: [other, { ...other }, same] })).toBe(`  functions 3 on Node.js ${here} (${here + 2} in Lambda)`);
});

test('no name commands the terminal', () => {
  const [first] = lines({ apis: [servedApi(3001, { name: 'a\u001b[2J\nb', routes: ['c\u0007'] })] });

  expect(first).toBe('✓ a�[2J b (dev)  ws://localhost:3001/dev  1 route: c�');
});
