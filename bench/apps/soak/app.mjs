// An API with a function for each way in which handlers go wrong, and some that do not: `node app.mjs`, in a folder with their source.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { App, Duration, Stack } = require('aws-cdk-lib');
const { Authorization, Route, WebSocketApi } = require('../../..');

const app = new App({ outdir: 'cdk.out' });
const stack = new Stack(app, 'Stack');
const answering = (name, timeout = 20) => Route.toHandler(`src/handlers.${name}`, { returnResponse: true, timeout: Duration.seconds(timeout) });

const api = new WebSocketApi(stack, 'Api', {
  routes: {
    $connect: Route.toHandler('src/handlers.connect'),
    $default: answering('echo'),
    post: Route.toHandler('src/handlers.post'),
    never: answering('never', 1),
    exit: answering('exit'),
    nonsense: answering('nonsense'),
    noise: answering('noise'),
    fork: answering('fork'),
    mortal: answering('mortal'),
  },
});
api.addRoutes(stack, { $disconnect: Route.toFunction(api.getFunction('$connect')) });
new WebSocketApi(stack, 'Closed', { authorization: Authorization.iam(), routes: { $connect: Route.toFunction(api.getFunction('$connect')) } });
app.synth();
