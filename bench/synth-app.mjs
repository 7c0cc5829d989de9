// One synthesis, as a process of its own: `node synth-app.mjs <contender> <routes>`, in a folder with `src/handler<n>.ts`.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { App, Stack } = require('aws-cdk-lib');
const apigatewayv2 = require('aws-cdk-lib/aws-apigatewayv2');
const { WebSocketLambdaIntegration } = require('aws-cdk-lib/aws-apigatewayv2-integrations');
const lambda = require('aws-cdk-lib/aws-lambda');

const [contender, routes] = [process.argv[2], Number(process.argv[3])];
const keys = Array.from({ length: routes }, (_, index) => `route${index}`);

const CONTENDERS = {
  'this library': (stack) => {
    const { Route, WebSocketApi } = require('..');
    new WebSocketApi(stack, 'Api', {
      routes: Object.fromEntries(keys.map((key, index) => [key, Route.toHandler(`src/handler${index}.main`)])),
    });
  },
  'L2 + NodejsFunction': (stack) => {
    const { NodejsFunction } = require('aws-cdk-lib/aws-lambda-nodejs');
    byHand(stack, (index) => new NodejsFunction(stack, `Function${index}`, {
      entry: `src/handler${index}.ts`, handler: 'main', runtime: lambda.Runtime.NODEJS_24_X, bundling: { minify: true },
    }));
  },
  'L2 + one bare esbuild call': (stack) => {
    require('esbuild').buildSync({
      entryPoints: keys.map((_, index) => ({ in: `src/handler${index}.ts`, out: `${index}/index` })),
      bundle: true, platform: 'node', target: 'node24', minify: true, external: ['@aws-sdk/*'], outdir: 'out',
    });
    byHand(stack, (index) => new lambda.Function(stack, `Function${index}`, {
      code: lambda.Code.fromAsset(`out/${index}`), handler: 'index.main', runtime: lambda.Runtime.NODEJS_24_X,
    }));
  },
};

function byHand(stack, makeFunction) {
  const api = new apigatewayv2.WebSocketApi(stack, 'Api');
  new apigatewayv2.WebSocketStage(stack, 'Stage', { webSocketApi: api, stageName: 'dev', autoDeploy: true });
  keys.forEach((key, index) => api.addRoute(key, { integration: new WebSocketLambdaIntegration(`Integration${index}`, makeFunction(index)) }));
}

const app = new App({ outdir: 'cdk.out' });
CONTENDERS[contender](new Stack(app, 'Stack'));
app.synth();
