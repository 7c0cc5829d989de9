import { Exchange } from './exchange';
import { functionArnOf, withStageVariables } from '../definition/lambda-uri';
import { IntegrationModel, RouteModel } from '../definition/model';
import { IntegrationRequest, IntegrationResult } from '../integrations/integration';
import { describeFunctionError } from '../lambda/function-error';
import { Functions } from '../lambda/functions';

/** What came of a route: what its client is to see of it is for the caller to say. */
export interface Outcome {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What the client is told instead, in the words of API Gateway. */
  readonly failure?: 'Internal server error' | 'Endpoint request timed out' | 'Forbidden';
  /** What the developer is told. */
  readonly reason?: string;
}

/** Runs other integrations than a Lambda proxy; see `integration.ts`. */
export type RunIntegration = (model: IntegrationModel, request: IntegrationRequest) => Promise<IntegrationResult>;

/** Calls what is behind a route. Never rejects. */
export async function callRoute(route: RouteModel, exchange: Exchange, functions: Functions, runIntegration: RunIntegration): Promise<Outcome> {
  if (!route.integration) {
    return failed(exchange, 500, 'Internal server error', `route \`${route.key}\` has no integration`);
  }
  const { api, stage } = exchange.connection.address;
  const { credentials } = route.integration;
  const integration = credentials === undefined ? route.integration
    : { ...route.integration, credentials: withStageVariables(credentials, stage.variables) };
  const arn = functionArnOf(integration.uri, stage.variables);
  const sourceArn = `arn:${api.partition}:execute-api:${api.region}:${api.account}:${api.id}/${stage.name}/${exchange.routeKey}`;
  const refusal = functions.refusal(arn, sourceArn, integration.credentials);
  if (refusal !== undefined) { return failed(exchange, 500, 'Internal server error', refusal); }
  return integration.type === 'AWS_PROXY' ? callFunction(arn, integration, exchange, functions) : callOther(integration, exchange, runIntegration);
}

async function callFunction(arn: string, integration: IntegrationModel, exchange: Exchange, functions: Functions): Promise<Outcome> {
  const started = Date.now();
  const result = await functions.invoke(arn, JSON.stringify(exchange.lambdaEvent()), integration.timeoutMillis);
  exchange.outcome.integrationLatency = exchange.outcome['integration.latency'] = Date.now() - started;
  exchange.outcome['integration.requestId'] = result.requestId;
  exchange.outcome.integrationStatus = exchange.outcome['integration.integrationStatus'] = 200;
  if (result.timedOut) {
    return failed(exchange, 504, 'Endpoint request timed out', `the function did not answer within the ${integration.timeoutMillis} ms of its integration`);
  }
  if (result.functionError) {
    return failed(exchange, 502, 'Internal server error', describeFunctionError(result.payload));
  }
  const answer = parseAnswer(result.payload);
  if (answer === undefined) {
    return { status: 200, reason: `the function returned \`${shorten(result.payload)}\`, which has no \`statusCode\`` };
  }
  exchange.outcome['integration.status'] = answer.status;
  return answer;
}

/** Undefined for what is not the answer of a proxy. */
function parseAnswer(payload: string): Outcome | undefined {
  let value: any;
  try {
    value = JSON.parse(payload);
  } catch {
    return undefined;
  }
  const status = Number(value?.statusCode);
  if (!Number.isInteger(status) || status < 100 || status > 599) { return undefined; }
  const { body, headers = {} } = value;
  return {
    status,
    headers: typeof headers === 'object' && headers !== null ? headers : {},
    body: body === undefined || body === null ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
  };
}

async function callOther(integration: IntegrationModel, exchange: Exchange, runIntegration: RunIntegration): Promise<Outcome> {
  const { incoming, connection: { address: { stage } } } = exchange;
  const result = await runIntegration(integration, {
    routeKey: exchange.routeKey,
    eventType: exchange.eventType,
    body: incoming.body,
    headers: { ...incoming.headers },
    multiValueHeaders: copyLists(incoming.multiValueHeaders),
    queryString: { ...incoming.queryString },
    multiValueQueryString: copyLists(incoming.multiValueQueryString),
    context: exchange.context(),
    stageVariables: { ...stage.variables },
  });
  exchange.outcome.integrationLatency = exchange.outcome['integration.latency'] = result.integrationLatencyMillis;
  exchange.outcome.integrationStatus = exchange.outcome['integration.integrationStatus'] = result.integrationStatus;
  exchange.outcome['integration.status'] = result.integrationStatus;
  if (result.error) {
    return result.error.kind === 'timeout'
      ? failed(exchange, 504, 'Endpoint request timed out', result.error.message)
      : failed(exchange, 500, 'Internal server error', `${integration.path}: ${result.error.message}`);
  }
  return { status: result.statusCode, body: result.body, headers: result.headers };
}

function failed(exchange: Exchange, status: number, failure: NonNullable<Outcome['failure']>, reason: string): Outcome {
  exchange.outcome['error.message'] = failure;
  exchange.outcome['error.messageString'] = JSON.stringify(failure);
  exchange.outcome['integration.error'] = exchange.outcome.integrationErrorMessage = reason;
  return { status, failure, reason };
}

function copyLists(lists: Readonly<Record<string, readonly string[]>> = {}): Record<string, string[]> {
  return Object.fromEntries(Object.entries(lists).map(([name, values]) => [name, [...values]]));
}

function shorten(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
