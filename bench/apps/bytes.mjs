// The chat example, or 50 routes, synthesized: `node bytes.mjs <chat|routes> <contender> [existing]`, where the account's log role exists.
import { byHandInFull, CONTENDERS, require, routeKeys } from './contenders.mjs';

const { App, RemovalPolicy, Stack } = require('aws-cdk-lib');
const { AttributeType, BillingMode, Table } = require('aws-cdk-lib/aws-dynamodb');
const lambda = require('aws-cdk-lib/aws-lambda');
const { NodejsFunction } = require('aws-cdk-lib/aws-lambda-nodejs');
const { AccessLog, AccountLogRole, Permissions, Route, WebSocketApi } = require('../..');
const [what, contender, logRole] = process.argv.slice(2);
const accessLog = AccessLog.json({ accountRole: logRole === 'existing' ? AccountLogRole.existing() : AccountLogRole.ensure() });

const app = new App({ outdir: 'cdk.out' });
const stack = new Stack(app, 'Stack');
if (what === 'chat') {
  chat();
} else if (contender === 'this library') {
  new WebSocketApi(stack, 'Api', {
    routes: Object.fromEntries(routeKeys(50).map((key, index) => [key, Route.toHandler(`src/handler${index}.main`)])),
    accessLog,
  });
} else {
  CONTENDERS[contender](stack, routeKeys(50));
}
app.synth();

/** The chat example, without its Python handler. */
function chat() {
  const connections = new Table(stack, 'Connections', {
    partitionKey: { name: 'connectionId', type: AttributeType.STRING }, billingMode: BillingMode.PAY_PER_REQUEST, removalPolicy: RemovalPolicy.DESTROY,
  });
  const handlers = { $connect: ['connect', 'grantWriteData'], $disconnect: ['disconnect', 'grantWriteData'], sendMessage: ['sendMessage', 'grantReadWriteData'] };
  const environment = { CONNECTIONS_TABLE: connections.tableName };
  if (contender === 'this library') {
    new WebSocketApi(stack, 'Api', {
      routes: Object.fromEntries(Object.entries(handlers).map(([key, [file, grant]]) => [key, Route.toHandler(`src/${file}.main`, { permissions: [Permissions.grant(connections, grant)] })])),
      defaultFunctionProps: { environment },
      accessLog,
    });
  } else {
    byHandInFull(stack, Object.keys(handlers), (id, index, props) => {
      const [file, grant] = Object.values(handlers)[index];
      const fn = new NodejsFunction(stack, id, {
        entry: `src/${file}.ts`, handler: 'main', runtime: lambda.Runtime.NODEJS_24_X, bundling: { minify: true }, ...props, environment: { ...props.environment, ...environment },
      });
      connections[grant](fn);
      return fn;
    });
  }
}
