// An API whose `$connect` and `$default` lead to one function: `node app.mjs <runtime>`, in a folder with its source.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { App, Stack } = require('aws-cdk-lib');
const { Code, Runtime } = require('aws-cdk-lib/aws-lambda');
const { Route, WebSocketApi } = require('../../..');

const FUNCTIONS = {
  nodejs: ['src/handler.main'],
  python: ['handler.main', { srcPath: 'src', runtime: Runtime.PYTHON_3_13 }],
  provided: ['none', { runtime: Runtime.PROVIDED_AL2023, code: Code.fromAsset('src') }],
  java: ['Handler::main', { runtime: Runtime.JAVA_17, code: Code.fromAsset('src') }],
};
// The CDK CLI sets this too; `--watch` needs it.
const app = new App({ outdir: 'cdk.out', context: { 'aws:cdk:enable-asset-metadata': true, 'aws:cdk:enable-path-metadata': true } });
const stack = new Stack(app, 'Stack');
const [handler, props] = FUNCTIONS[process.argv[2]];
const api = new WebSocketApi(stack, 'Api', { routes: { $default: Route.toHandler(handler, { returnResponse: true, ...props }) } });
api.addRoutes(stack, { $connect: Route.toFunction(api.getFunction('$default')) });
app.synth();
