// How many routes a stack holds: `node resources.mjs <contender> <own|one>`: each route with its own function, or all with one.
import { byHand, byHandInFull, require, routeKeys } from './contenders.mjs';

const { App, Stack } = require('aws-cdk-lib');
const lambda = require('aws-cdk-lib/aws-lambda');
const { Route, WebSocketApi } = require('../..');
const [contender, functions] = process.argv.slice(2);

/** API Gateway allows no more in an API. */
const MAX_ROUTES = 300;

const code = lambda.Code.fromInline('exports.main = async () => ({});');
const props = { code, handler: 'index.main', runtime: lambda.Runtime.NODEJS_24_X };
let most = 0;
for (let [low, high] = [1, MAX_ROUTES]; low <= high;) {
  const routes = Math.floor((low + high) / 2);
  if (fits(routes)) {
    most = routes;
    low = routes + 1;
  } else {
    high = routes - 1;
  }
}
console.log(most);

function fits(routes) {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  const one = functions === 'one' ? new lambda.Function(stack, 'Function', props) : undefined;
  if (contender === 'this library') {
    const route = () => one ? Route.toFunction(one) : Route.toHandler('index.main', { code, runtime: props.runtime });
    new WebSocketApi(stack, 'Api', { routes: Object.fromEntries(routeKeys(routes).map((key) => [key, route()])) });
  } else {
    (contender === 'L2' ? byHand : byHandInFull)(stack, routeKeys(routes), (id, _, more) => one ?? new lambda.Function(stack, id, { ...props, ...more }));
  }
  try {
    app.synth();
    return true;
  } catch (error) {
    if (/resources/i.test(error.message)) { return false; }
    throw error;
  }
}
