// How many routes a stack holds: `node resources.mjs <contender> <own|one> [flags] [log]`: each route with its own function, or all with
// one; `flags`: those that `cdk init` writes; `log`: one log group for all functions.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { byHand, byHandInFull, require, routeKeys } from './contenders.mjs';

const { App, Stack } = require('aws-cdk-lib');
const lambda = require('aws-cdk-lib/aws-lambda');
const { LogGroup } = require('aws-cdk-lib/aws-logs');
const { Route, WebSocketApi } = require('../..');
const [contender, functions, ...more] = process.argv.slice(2);

/** The CLI's own list, which goes into the `cdk.json` of a new app. */
const FLAGS = join(dirname(require.resolve('aws-cdk/package.json')), 'lib', 'init-templates', '.recommended-feature-flags.json');
const context = more.includes('flags') ? JSON.parse(readFileSync(FLAGS, 'utf8')) : {};

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
  const app = new App({ context });
  const stack = new Stack(app, 'Stack');
  const logGroup = more.includes('log') ? new LogGroup(stack, 'Handlers') : undefined;
  const one = functions === 'one' ? new lambda.Function(stack, 'Function', props) : undefined;
  if (contender === 'this library') {
    const route = () => one ? Route.toFunction(one) : Route.toHandler('index.main', { code, runtime: props.runtime });
    new WebSocketApi(stack, 'Api', {
      routes: Object.fromEntries(routeKeys(routes).map((key) => [key, route()])),
      defaultFunctionProps: { logGroup },
    });
  } else {
    (contender === 'L2' ? byHand : byHandInFull)(stack, routeKeys(routes), (id, _, added) => one ?? new lambda.Function(stack, id, { ...props, ...added, logGroup }));
  }
  try {
    app.synth();
    return true;
  } catch (error) {
    if (/resources/i.test(error.message)) { return false; }
    throw error;
  }
}
