// What `connections` and what builds on it add to a template: `node connections.mjs`, in an empty folder. It prints resources and bytes of
// each stack as JSON, by its name in `STACKS`.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(import.meta.url);
const { App, Stack } = require('aws-cdk-lib');
const lambda = require('aws-cdk-lib/aws-lambda');
const { Authorization, ConnectionTable, GroupName, HandshakeValue, Route, WebSocketApi } = require('../..');

const room = GroupName.fromMessage('$.room', { prefix: 'room:' });
const code = lambda.Code.fromInline('exports.main = async () => ({ statusCode: 200 });');
const toHandler = (options) => Route.toHandler('index.main', { code, runtime: lambda.Runtime.NODEJS_24_X, ...options });
const jwt = Authorization.jwt({ issuer: 'https://id.example.com', audience: ['chat'] });
const connections = () => ConnectionTable.create({ user: HandshakeValue.queryString('user') });

/** Each is to be compared with `plain` or with `connections`, of which it has one thing more. */
const STACKS = {
  plain: {},
  connections: { connections: connections() },
  joinGroup: { connections: connections(), route: Route.joinGroup(room) },
  acknowledgedJoinGroup: { connections: connections(), route: Route.joinGroup(room, { announce: true, returnResponse: true }) },
  leaveGroup: { connections: connections(), route: Route.leaveGroup(room) },
  sendToGroup: { connections: connections(), route: Route.sendToGroup(room) },
  sendToUser: { connections: connections(), route: Route.sendToUser('$.to') },
  sendToAll: { connections: connections(), route: Route.sendToAll() },
  listGroup: { connections: connections(), route: Route.listGroup(room) },
  handler: { route: toHandler() },
  asynchronous: { route: toHandler({ asynchronous: true }) },
  jwt: { authorization: jwt },
};

console.log(JSON.stringify(Object.fromEntries(Object.entries(STACKS).map(([name, { route, ...props }]) => {
  const folder = join('cdk.out', name);
  const app = new App({ outdir: folder });
  new WebSocketApi(new Stack(app, 'Stack'), 'Api', { routes: { $connect: toHandler(), ...route && { route } }, ...props });
  app.synth();
  return [name, { resources: resourcesIn(folder), template: statSync(templateIn(folder)).size, assets: assetsIn(folder) }];
}))));

function templateIn(folder) {
  return join(folder, 'Stack.template.json');
}

function resourcesIn(folder) {
  return Object.keys(JSON.parse(readFileSync(templateIn(folder), 'utf8')).Resources).length;
}

function assetsIn(folder) {
  return readdirSync(folder, { recursive: true }).filter((file) => /^asset\./.test(file))
    .map((file) => statSync(join(folder, file))).reduce((sum, stat) => sum + (stat.isFile() ? stat.size : 0), 0);
}
