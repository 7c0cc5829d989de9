// The same API, by each contender. All run in this process, in a folder with `src/handler<n>.ts`.
import { createRequire } from 'node:module';

export const require = createRequire(import.meta.url);
const { Duration } = require('aws-cdk-lib');
const apigatewayv2 = require('aws-cdk-lib/aws-apigatewayv2');
const { WebSocketLambdaIntegration } = require('aws-cdk-lib/aws-apigatewayv2-integrations');
const lambda = require('aws-cdk-lib/aws-lambda');

/** The contenders by name: each adds an API to a stack, with the given number of routes, each to its own handler. */
export const CONTENDERS = {
  'this library': (stack, keys) => {
    const { Route, WebSocketApi } = require('../..');
    new WebSocketApi(stack, 'Api', {
      routes: Object.fromEntries(keys.map((key, index) => [key, Route.toHandler(`src/handler${index}.main`)])),
    });
  },

  'L2 + `NodejsFunction`': (stack, keys) => byHand(stack, keys, (id, index) => nodejsFunction(stack, id, index)),

  'L2 + cdk-esbuild': (stack, keys) => {
    const { TypeScriptCode } = require('@mrgrain/cdk-esbuild');
    byHand(stack, keys, (id, index) => new lambda.Function(stack, id, {
      code: new TypeScriptCode(`src/handler${index}.ts`, { buildOptions: { minify: true, platform: 'node', target: 'node24', external: ['@aws-sdk/*'] } }),
      handler: `handler${index}.main`,
      runtime: lambda.Runtime.NODEJS_24_X,
    }));
  },

  'the floor': (stack, keys) => {
    bundleAll(keys.length);
    byHand(stack, keys, (id, index) => fromAsset(stack, id, index));
  },

  'the floor, with all that this library adds': (stack, keys) => {
    bundleAll(keys.length);
    byHandInFull(stack, keys, (id, index, props) => fromAsset(stack, id, index, props));
  },

  'L2 + `NodejsFunction`, with all that this library adds': (stack, keys) => {
    byHandInFull(stack, keys, (id, index, props) => nodejsFunction(stack, id, index, props));
  },
};

function nodejsFunction(stack, id, index, props) {
  const { NodejsFunction } = require('aws-cdk-lib/aws-lambda-nodejs');
  return new NodejsFunction(stack, id, { entry: `src/handler${index}.ts`, handler: 'main', runtime: lambda.Runtime.NODEJS_24_X, bundling: { minify: true }, ...props });
}

function fromAsset(stack, id, index, props) {
  return new lambda.Function(stack, id, { code: lambda.Code.fromAsset(`out/${index}`), handler: 'index.main', runtime: lambda.Runtime.NODEJS_24_X, ...props });
}

/** The minimum: one call of esbuild. */
function bundleAll(handlers) {
  require('esbuild').buildSync({
    entryPoints: Array.from({ length: handlers }, (_, index) => ({ in: `src/handler${index}.ts`, out: `${index}/index` })),
    bundle: true,
    platform: 'node',
    target: 'node24',
    minify: true,
    external: ['@aws-sdk/*'],
    outdir: 'out',
  });
}

/** An API with nothing but routes: the functions may not answer, and nothing is logged. */
export function byHand(stack, keys, makeFunction) {
  const api = new apigatewayv2.WebSocketApi(stack, 'Api');
  const stage = new apigatewayv2.WebSocketStage(stack, 'Stage', { webSocketApi: api, stageName: 'dev', autoDeploy: true });
  keys.forEach((key, index) => api.addRoute(key, { integration: new WebSocketLambdaIntegration(`Integration${index}`, makeFunction(`Function${index}`, index)) }));
  return stage;
}

/** What `WebSocketApi` of this library adds, written with the L2s: functions that may answer, know where, and are traced; an access log. */
export function byHandInFull(stack, keys, makeFunction) {
  const { LogGroup } = require('aws-cdk-lib/aws-logs');
  const { AccessLogFormat } = require('aws-cdk-lib/aws-apigateway');
  const { JSON_FORMAT } = require('../../lib/logs/access-log-format');
  const api = new apigatewayv2.WebSocketApi(stack, 'Api');
  // A name as AWS advises it: for others, API Gateway writes a resource policy of CloudWatch Logs, which has room for only some.
  const logGroup = new LogGroup(stack, 'LogGroup', { logGroupName: `/aws/vendedlogs/apis/${stack.stackName}-${api.apiId}/dev` });
  const stage = new apigatewayv2.WebSocketStage(stack, 'Stage', {
    webSocketApi: api,
    stageName: 'dev',
    autoDeploy: true,
    accessLogSettings: { destination: new apigatewayv2.LogGroupLogDestination(logGroup), format: AccessLogFormat.custom(JSON_FORMAT) },
  });
  keys.forEach((key, index) => {
    const fn = makeFunction(`Function${index}`, index, {
      memorySize: 1024,
      timeout: Duration.seconds(10),
      tracing: lambda.Tracing.ACTIVE,
      environment: { WEBSOCKET_CALLBACK_URL: stage.callbackUrl },
    });
    stage.grantManagementApiAccess(fn);
    api.addRoute(key, { integration: new WebSocketLambdaIntegration(`Integration${index}`, fn) });
  });
}

export function routeKeys(routes) {
  return Array.from({ length: routes }, (_, index) => `route${index}`);
}
