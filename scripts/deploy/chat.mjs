// The chat example: deployed, used, changed as its user would change it, used again, and destroyed.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Cdk } from './cdk.mjs';
import { connect } from './emulator/connect.mjs';
import { elements } from './emulator/emulator.mjs';
import { checkDeployed, deployedResources } from './stack-check.mjs';

const SOURCE = fileURLToPath(new URL('../../examples/typescript/chat', import.meta.url));

export async function chat(emulator, folder, { step }) {
  const cdk = new Cdk(emulator, SOURCE, 'bin/chat.ts', folder);
  const check = () => checkDeployed(emulator, cdk.assembly, cdk.templates);
  let before;

  await step('`cdk deploy` deploys the chat example', async () => {
    await cdk.deploy();
    return `${await check()} resources as in the template, ${cdk.leftOut.filter(({ adapted }) => !adapted).length} left out`;
  });
  await step('the custom resource has set the account\'s log role', () => accountLogRole(emulator));
  await step('two clients talk', () => talk(emulator, cdk));
  await step('`cdk diff` finds no difference', async () => assert.equal((await cdk.diff()).differs, false));

  await step('`cdk diff` names what a new route, a lost one and new code come to', async () => {
    before = await deployedResources(emulator, ['Chat']);
    edit(folder, 'lib/chat-stack.ts', '\'$default\': Route', '\'help\': Route');
    edit(folder, 'src/sendMessage.ts', 'data: JSON', 'edited: true, data: JSON');
    const { differs, output } = await cdk.diff();
    assert.ok(differs);
    const changes = [...output.matchAll(/^\[([-+~])\] AWS::\w+::(\w+) Api\/Route ([^\s/]+)(.*)$/gm)]
      .map(([, sign, type, route, rest]) => `${sign} ${route} ${type}${/replace/.test(rest) ? ' replaced' : ''}`);
    const ofRoute = ['Function', 'Integration', 'Permission', 'Role', 'Route'].flatMap((type) => [`+ help ${type}`, `- $default ${type}`]);
    assert.deepEqual(changes.sort(), [...ofRoute, '~ sendMessage Function'].sort());
  });
  await step('`cdk deploy` updates it', async () => {
    await cdk.deploy();
    const count = await check();
    const after = await deployedResources(emulator, ['Chat']);
    const replaced = [...after].filter(([id, { physicalId }]) => before.has(id) && before.get(id).physicalId !== physicalId);
    assert.deepEqual(replaced, [], 'nothing that stays is replaced');
    const changes = (some, others) => [...some.keys()].filter((id) => !others.has(id)).length;
    return `${count} resources, ${changes(after, before)} new, ${changes(before, after)} gone, none replaced`;
  });
  await step('a client reads what the new code sends', () => hearNewCode(emulator, cdk));
  await step('`cdk destroy` deletes it', () => cdk.destroy());
  return cdk;
}

/** What the custom resource leaves in the account. @returns the name of the role */
async function accountLogRole(emulator) {
  const { cloudwatchRoleArn } = await emulator.rest('apigateway', 'GET', '/account');
  assert.match(cloudwatchRoleArn ?? '', /:role\/cdk-websocket-api\/ApiGatewayLogs-eu-west-1$/);
  const RoleName = cloudwatchRoleArn.split('/').at(-1);
  const policies = elements(await emulator.query('iam', 'ListAttachedRolePolicies', { RoleName }), 'PolicyArn');
  assert.deepEqual(policies, ['arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs']);
  return RoleName;
}

async function talk(emulator, cdk) {
  const [ann, bob] = await people(emulator, cdk, 'Ann', 'Bob');
  ann.says({ action: 'sendMessage', data: 'Hello?' });
  const { from } = await ann.reads({ data: 'Hello?' });
  await bob.reads({ data: 'Hello?', from });
  bob.says({ action: 'shout' });
  await bob.reads({ help: 'send messages like this one' });
  await bob.leaves();
  await ann.leaves();
}

async function hearNewCode(emulator, cdk) {
  const [ann] = await people(emulator, cdk, 'Ann');
  ann.says({ action: 'sendMessage', data: 'Hello?' });
  await ann.reads({ data: 'Hello?', edited: true });
  ann.says({ action: 'help' });
  await ann.reads({ help: 'send messages like this one' });
  await ann.leaves();
}

async function people(emulator, cdk, ...names) {
  const { Chat: { Url } } = cdk.outputs;
  return Promise.all(names.map((name) => connect(emulator, Url, name)));
}

function edit(folder, file, from, to) {
  const text = readFileSync(join(folder, file), 'utf8');
  assert.ok(text.includes(from), `${file} of the example has ${from}`);
  writeFileSync(join(folder, file), text.replace(from, to));
}
