import { Annotations, Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { FunctionRouteOptions } from './route';
import { CONNECT, routeName } from './route-key';

/** The longest that API Gateway waits for an integration of a WebSocket API. */
const MAX_INTEGRATION_SECONDS = 29;

/** Checks the options of a route that can have no effect on it. */
export function checkRouteOptions(key: string, { apiKeyRequired, asynchronous, model, returnResponse }: FunctionRouteOptions): void {
  if (apiKeyRequired === true && key !== CONNECT) {
    throw new Error(`${routeName(key)} cannot have \`apiKeyRequired\`: API Gateway asks for an API key when a client connects, and never again; set it on route \`"${CONNECT}"\``);
  }
  if (returnResponse === true && (key === CONNECT || key === '$disconnect')) {
    throw new Error(`${routeName(key)} cannot have \`returnResponse\`: ` + (key === CONNECT
      ? 'a handshake is answered with a status only; post to the connection once it is open, or answer on another route'
      : 'the client has gone when it is called'));
  }
  if (model !== undefined && (key === CONNECT || key === '$disconnect')) {
    throw new Error(`${routeName(key)} cannot have a \`model\`: it has no message that API Gateway could check; ` + (key === CONNECT
      ? 'look at the headers and the query string in the handler'
      : 'set it on the routes of the messages'));
  }
  if (asynchronous === true && key === CONNECT) {
    throw new Error(`${routeName(key)} cannot be \`asynchronous\`: its answer lets the client in or refuses it, and nobody would wait for it; leave it out`);
  }
}

/** Warns of a function that may run longer than API Gateway waits for it. */
export function warnOfTimeout(scope: Construct, what: string, timeout: Duration | undefined): void {
  const advice = /^route /.test(what) && !what.includes(CONNECT)
    ? 'write `asynchronous: true` and post the answer to the connection, or hand long work to a queue'
    : 'hand long work to another function or a queue';
  if (timeout && !timeout.isUnresolved() && timeout.toSeconds({ integral: false }) > MAX_INTEGRATION_SECONDS) {
    Annotations.of(scope).addWarningV2('cdk-websocket-api:integrationTimeout',
      `the function of ${what} may run for ${timeout.toSeconds({ integral: false })} seconds, but API Gateway waits ${MAX_INTEGRATION_SECONDS} seconds at most and then reports an error: ` +
      `${advice}`);
  }
}
