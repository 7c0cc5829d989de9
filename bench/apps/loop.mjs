// `node loop.mjs <language> <routes> [folder]`: an app in a folder with a project of handlers. With a folder that is built already, nothing
// is built: what is left is the time of CDK and of this library.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const { App, Stack } = require('aws-cdk-lib');
const { Code, Runtime } = require('aws-cdk-lib/aws-lambda');
const { Route, WebSocketApi } = require(fileURLToPath(new URL('../../lib/index.js', import.meta.url)));

/** The handler of a route, with how it is deployed if it is built already. */
const LANGUAGES = {
  'Python': { handler: 'say.main', props: { srcPath: 'handlers' }, runtime: Runtime.PYTHON_3_13 },
  'Go': { handler: 'handlers/cmd/say', props: {}, runtime: Runtime.PROVIDED_AL2023 },
  'Java': { handler: 'bench.Say::handleRequest', props: { srcPath: 'handlers' }, runtime: Runtime.JAVA_25 },
  'C#': { handler: 'Handlers::Bench.Say::Handle', props: { srcPath: 'handlers' }, runtime: Runtime.DOTNET_8 },
};

const [language, routes, built] = process.argv.slice(2);
const { handler, props, runtime } = LANGUAGES[language];
// As the CDK CLI sets it: the gateway's `--watch` reads where the sources are.
const app = new App({ outdir: process.env.CDK_OUTDIR ?? 'cdk.out', context: { 'aws:cdk:enable-asset-metadata': true } });
const stack = new Stack(app, 'Loop');
const given = built ? { runtime, code: Code.fromAsset(built) } : props;
new WebSocketApi(stack, 'Api', {
  routes: Object.fromEntries(Array.from({ length: Number(routes) }, (_, index) => [
    index === 0 ? '$default' : `route${index}`, Route.toHandler(handler, { ...given, returnResponse: true }),
  ])),
});
app.synth();
