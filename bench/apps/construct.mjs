// The constructs of an API whose routes all lead to one function, with nothing to bundle: `node construct.mjs <contender> <routes>`.
// Prints how many milliseconds an app takes to make the constructs, and to synthesize them.
import { byHand, require, routeKeys } from './contenders.mjs';

const { App, Stack } = require('aws-cdk-lib');
const lambda = require('aws-cdk-lib/aws-lambda');
const { Route, WebSocketApi } = require('../..');
const [contender, routes] = process.argv.slice(2);

/** Runs the same once beforehand, so that loading is not measured. */
const [first, second] = [2, Number(routes)].map((count) => {
  const started = performance.now();
  const app = new App({ context: { '@aws-cdk/core:stackResourceLimit': 0 } });
  const stack = new Stack(app, 'Stack');
  const fn = new lambda.Function(stack, 'Function', { code: lambda.Code.fromInline('exports.main = async () => ({});'), handler: 'index.main', runtime: lambda.Runtime.NODEJS_24_X });
  if (contender === 'this library') {
    new WebSocketApi(stack, 'Api', { routes: Object.fromEntries(routeKeys(count).map((key) => [key, Route.toFunction(fn)])) });
  } else {
    byHand(stack, routeKeys(count), () => fn);
  }
  const made = performance.now();
  app.synth();
  return { construct: made - started, synth: performance.now() - made };
});
console.log(JSON.stringify(first && second));
