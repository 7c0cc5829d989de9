import { Stack } from 'aws-cdk-lib';
import { CfnApi, CfnDeployment, CfnIntegration, CfnIntegrationResponse, CfnModel, CfnRoute, CfnRouteResponse, CfnStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { Client } from './client';
import { ServedApp, serveApp } from './served-app';

// No input of the wire's size holds up the others: while one client sends the worst that it can, the round trip of another takes at most
// five times what it takes at rest.

const PING = '{"statusCode": 200}';
interface Hard {
  readonly template?: string;
  readonly schema?: object;
  readonly response?: string;
  readonly message: object;
}

const LONG_LIST = Array.from({ length: 20_000 }, (_, index) => index);

/** Routes, and the messages that are hard for what is behind them. */
const HARD: { readonly [routeKey: string]: Hard } = {
  unique: { schema: { properties: { list: { uniqueItems: true } } }, message: { list: LONG_LIST } },
  pattern: { schema: { properties: { text: { type: 'string', pattern: '^(a+)+$' } } }, message: { text: `${'a'.repeat(40)}b` } },
  matches: { template: '#set($x = $input.path("$.text").matches("(a+)+"))', message: { text: `${'a'.repeat(40)}b` } },
  replaceAll: { template: '#set($x = $input.path("$.text").replaceAll("\\s+$", ""))', message: { text: `${' '.repeat(100_000)}x` } },
  split: { template: '#set($x = $input.path("$.text").split("(a|a)+$"))', message: { text: `${'a'.repeat(40)}b` } },
  keySet: {
    template: '#foreach($a in $input.path("$.map").keySet())#foreach($b in $input.path("$.map").keySet())$!x#end#end',
    message: { map: Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`k${index}`, 1])) },
  },
  path: {
    template: '#foreach($a in [1..1000])#foreach($b in [1..1000])#set($x = $input.path("$..a"))#end#end', message: { list: Array.from({ length: 20_000 }, () => ({})) },
  },
  selection: { template: '{"statusCode": 200, "text": "$input.path("$.text")"}', response: '/(\\d|\\d\\d)*(2|20)*x/', message: { text: '' } },
};

let served: ServedApp;

function define(stack: Stack) {
  const { ref: apiId } = new CfnApi(stack, 'Api', { name: 'plain', protocolType: 'WEBSOCKET', routeSelectionExpression: '$request.body.action' });
  new CfnStage(stack, 'Stage', { apiId, stageName: 'dev', deploymentId: new CfnDeployment(stack, 'Deployment', { apiId }).ref });
  const route = (routeKey: string, { template = '', schema, response = '$default' }: Partial<typeof HARD[string]> = {}) => {
    const { ref } = new CfnIntegration(stack, `Integration${routeKey}`, {
      apiId, integrationType: 'MOCK', requestTemplates: { $default: `${template}${PING}` }, templateSelectionExpression: '\\$default',
    });
    new CfnIntegrationResponse(stack, `Response${routeKey}`, {
      apiId, integrationId: ref, integrationResponseKey: response, responseTemplates: { $default: 'done' }, templateSelectionExpression: '\\$default',
    });
    if (schema) { new CfnModel(stack, `Model${routeKey}`, { apiId, name: routeKey, contentType: 'application/json', schema }); }
    const { ref: routeId } = new CfnRoute(stack, `Route${routeKey}`, {
      apiId, routeKey, target: `integrations/${ref}`, routeResponseSelectionExpression: '$default', ...schema ? { requestModels: { $default: routeKey } } : {},
    });
    new CfnRouteResponse(stack, `RouteResponse${routeKey}`, { apiId, routeId, routeResponseKey: '$default' });
  };
  route('ping');
  Object.entries(HARD).forEach(([key, hard]) => route(key, hard));
}

beforeAll(async () => {
  served = await serveApp({}, define);
});
afterAll(() => served?.close());

/** The mean of some round trips: one that takes long weighs as much as it should. */
async function roundTrip(client: Client): Promise<number> {
  const started = performance.now();
  for (let i = 0; i < 50; i++) { expect(await client.ask({ action: 'ping' })).toBe('done'); }
  return (performance.now() - started) / 50;
}

test.each(Object.keys(HARD))('while `%s` has the hardest message, another connection is answered as ever', async (action) => {
  const bystander = await Client.connect(served.gateway.url);
  const attacker = await Client.connect(served.gateway.url);
  const message = JSON.stringify({ action, ...HARD[action].message });
  expect(message.length).toBeLessThan(128 * 1024);
  await roundTrip(bystander);

  // Other programs on this machine can disturb one measurement. What holds up the gateway disturbs all of them.
  let ratio = Infinity;
  for (let attempt = 0; attempt < 5 && ratio >= 5; attempt++) {
    const atRest = await roundTrip(bystander);
    for (let at = 0; at < message.length; at += 16_384) {
      attacker.socket.send(message.slice(at, at + 16_384), { fin: at + 16_384 >= message.length });
    }
    ratio = Math.min(ratio, await roundTrip(bystander) / atRest);
    // It ends, and its client is told.
    expect(await attacker.next()).toMatch(/^(done|\{"message")/);
  }
  expect(ratio).toBeLessThan(5);
});
