// Two APIs that send a message to everybody in a group: by `connections` of this library, and by a handler that loops over its own table.
// `node app.mjs [maxPostsPerSecond]`, in a folder with the handlers.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { App, RemovalPolicy, Stack } = require('aws-cdk-lib');
const { AttributeType, BillingMode, Table } = require('aws-cdk-lib/aws-dynamodb');
const { ApiSource, ConnectionTable, GroupName, Permissions, Route, WebSocketApi } = require('../../..');

const app = new App({ outdir: 'cdk.out' });
const stack = new Stack(app, 'Stack');

const group = GroupName.of('everybody');
const maxPostsPerSecond = process.argv[2] === undefined ? undefined : Number(process.argv[2]);
new WebSocketApi(stack, 'Own', {
  api: ApiSource.fromProps({ apiName: 'Own' }),
  connections: ConnectionTable.create({ groups: [group], maxPostsPerSecond }),
  routes: { say: Route.sendToGroup(group) },
});

const table = new Table(stack, 'Table', {
  partitionKey: { name: 'group', type: AttributeType.STRING },
  sortKey: { name: 'connectionId', type: AttributeType.STRING },
  billingMode: BillingMode.PAY_PER_REQUEST,
  removalPolicy: RemovalPolicy.DESTROY,
});
new WebSocketApi(stack, 'Loop', {
  api: ApiSource.fromProps({ apiName: 'Loop' }),
  routes: { $connect: Route.toHandler('src/connect.main'), say: Route.toHandler('src/say.main') },
  defaultFunctionProps: { environment: { TABLE: table.tableName }, permissions: [Permissions.grant(table, 'grantReadWriteData')] },
});
app.synth();
