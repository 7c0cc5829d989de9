// An app with every feature on: deployed in two stacks with a zone that the CLI looks up, used, changed, used again, and destroyed.
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { Cdk } from './cdk.mjs';
import { connect, handshakeStatus } from './emulator/connect.mjs';
import { elements } from './emulator/emulator.mjs';
import { checkDeployed, deployedResources } from './stack-check.mjs';
import { TokenIssuer } from './token-issuer.mjs';

const SOURCE = fileURLToPath(new URL('apps/everything', import.meta.url));
const STACKS = ['Everything', 'Feature'];

export async function everything(emulator, folder, { step }) {
  const issuer = new TokenIssuer('https://login.domain.com', 'chat');
  const cdk = new Cdk(emulator, SOURCE, 'app.ts', folder, { jwks: issuer.jwks });
  const check = () => checkDeployed(emulator, cdk.assembly, cdk.templates);

  await step('`cdk deploy` looks up the hosted zone and deploys every feature in two stacks', async () => {
    await cdk.deploy();
    return `${await check()} resources as in the templates, ${cdk.leftOut.filter(({ adapted }) => !adapted).length} left out`;
  });
  await step('the domain leads to the stage', () => checkDomain(emulator, cdk));
  await step('the API key is good for the stage', () => checkApiKey(emulator, cdk));
  await step('only a client with a token is let in', async () => {
    assert.ok(await handshakeStatus(emulator, cdk.outputs.Everything.Url, 'token=nonsense') >= 400);
    assert.equal(await handshakeStatus(emulator, cdk.outputs.Everything.Url, ''), 401);
  });
  await step('clients talk in rooms, and ask a function that nobody waits for', () => talk(emulator, cdk, issuer));
  await step('`cdk diff` finds no difference', async () => assert.equal((await cdk.diff()).differs, false));
  await step('`cdk deploy` updates a route, an environment and versions in place', async () => {
    const before = await deployedResources(emulator, STACKS);
    await cdk.deploy('--context', 'revision=2');
    const count = await check();
    const after = await deployedResources(emulator, STACKS);
    const replaced = [...after].filter(([id, { physicalId }]) => before.has(id) && before.get(id).physicalId !== physicalId);
    assert.deepEqual(replaced, [], 'nothing that stays is replaced');
    return `${count} resources, none replaced`;
  });
  await step('the new code answers', async () => {
    const ann = await person(emulator, cdk, issuer, 'ann');
    ann.says({ action: 'nothing' });
    await ann.reads({ route: '$default', revision: '2', user: 'ann' });
    ann.says({ action: 'today' });
    await ann.reads({ route: 'today', revision: '2' });
    await ann.leaves();
  });
  await step('`cdk destroy` deletes both stacks', () => cdk.destroy());
  return cdk;
}

/** What the CLI looks up, and the app's domain is in. */
export async function createZone(emulator) {
  await emulator.rest('route53', 'POST', '/2013-04-01/hostedzone', '<CreateHostedZoneRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/">'
    + '<Name>domain.com</Name><CallerReference>once</CallerReference></CreateHostedZoneRequest>');
}

async function checkDomain(emulator, cdk) {
  const { items } = await emulator.rest('apigateway', 'GET', '/v2/domainnames/ws.domain.com/apimappings');
  const [, apiId, stage] = /wss:\/\/(\w+)\..*\/(\w+)/.exec(cdk.outputs.Everything.Url);
  assert.deepEqual(items.map((one) => [one.apiId, one.stage, one.apiMappingKey]), [[apiId, stage, 'chat']]);
  const zones = String(await emulator.rest('route53', 'GET', '/2013-04-01/hostedzone'));
  const [zone] = elements(zones, 'Id').filter((id) => id.startsWith('/hostedzone/'));
  const records = elements(String(await emulator.rest('route53', 'GET', `/2013-04-01${zone}/rrset`)), 'ResourceRecordSet');
  const { domainNameConfigurations: [{ apiGatewayDomainName }] }
    = await emulator.rest('apigateway', 'GET', '/v2/domainnames/ws.domain.com');
  const alias = records.find((xml) => elements(xml, 'Name')[0] === 'ws.domain.com.');
  assert.equal(elements(alias ?? '', 'DNSName')[0]?.replace(/\.$/, ''), apiGatewayDomainName);
}

async function checkApiKey(emulator, cdk) {
  const { item: [plan] } = await emulator.rest('apigateway', 'GET', '/usageplans');
  const [, apiId, stage] = /wss:\/\/(\w+)\..*\/(\w+)/.exec(cdk.outputs.Everything.Url);
  assert.deepEqual(plan.apiStages.map((one) => [one.apiId, one.stage]), [[apiId, stage]]);
  const { item: keys } = await emulator.rest('apigateway', 'GET', `/usageplans/${plan.id}/keys`);
  assert.equal(keys.length, 1);
}

async function talk(emulator, cdk, issuer) {
  const ann = await person(emulator, cdk, issuer, 'ann');
  const bob = await person(emulator, cdk, issuer, 'bob');
  ann.says({ action: 'join', room: 'cats' });
  await hears(ann, { type: 'ack', action: 'join', group: 'room:cats' });
  bob.says({ action: 'join', room: 'cats' });
  await hears(bob, { type: 'ack', action: 'join', group: 'room:cats' });
  await hears(ann, { type: 'presence', event: 'joined', userId: 'bob' });
  ann.says({ action: 'say', room: 'cats', data: 'Meow' });
  for (const one of [ann, bob]) { await hears(one, { type: 'message', from: 'group', fromUserId: 'ann', data: 'Meow' }); }
  ann.says({ action: 'tell', to: 'bob', data: 'Psst' });
  await hears(bob, { type: 'message', from: 'user', data: 'Psst' });
  bob.says({ action: 'shout', data: 'All' });
  await hears(ann, { type: 'message', from: 'all', data: 'All' });

  ann.says({ action: 'ask' });
  await hears(ann, { answer: 42 });
  ann.says({ action: 'feature' });
  await hears(ann, { route: 'feature', revision: '1', user: 'ann' });
  const table = [...(await deployedResources(emulator, STACKS)).values()].find(({ type }) => type === 'AWS::DynamoDB::Table').physicalId;
  ann.says({ action: 'trespass', table });
  await hears(ann, { error: 'AccessDeniedException' });

  await bob.leaves();
  await hears(ann, { type: 'presence', event: 'left', userId: 'bob' });
  await ann.leaves();
}

/** Reads until such a message comes: posts to a group may arrive in any order. */
async function hears(client, expected) {
  for (;;) {
    const message = await client.reads({});
    if (Object.entries(expected).every(([name, value]) => message[name] === value)) { return; }
  }
}

function person(emulator, cdk, issuer, name) {
  return connect(emulator, cdk.outputs.Everything.Url, name, `token=${issuer.token(name)}`);
}
