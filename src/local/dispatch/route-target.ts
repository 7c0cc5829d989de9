import { Exchange } from './exchange';
import { Failure, Outcome } from './outcome';
import { Progress } from './progress';
import { parseProxyAnswer } from './proxy-answer';
import { executeApiArn } from '../definition/execute-api-arn';
import { withStageVariables } from '../definition/integration-target';
import { ApiModel, IntegrationModel, RouteModel, StageModel } from '../definition/model';
import { IntegrationRequest, IntegrationResult } from '../integrations/integration';
import { describeFunctionError } from '../lambda/function-error';
import { Functions } from '../lambda/functions';

/** Runs every integration but a Lambda proxy; see `integration.ts`. */
export type RunIntegration = (api: ApiModel, model: IntegrationModel, request: IntegrationRequest) => Promise<IntegrationResult>;

/** What a route calls into. */
export interface Backends {
  readonly functions: Pick<Functions, 'invoke' | 'refusal'>;
  readonly runIntegration: RunIntegration;
}

/** Calls what is behind a route, and notes in `exchange.progress` what became of it. Never rejects. */
export async function callRoute(route: RouteModel, exchange: Exchange, backends: Backends): Promise<Outcome> {
  const outcome = await call(route, exchange, backends);
  if (outcome.kind === 'failure') {
    exchange.progress.failure = { message: outcome.message, reason: outcome.reason };
  }
  return outcome;
}

function call(route: RouteModel, exchange: Exchange, backends: Backends): Outcome | Promise<Outcome> {
  if (!route.integration) { return failure(500, `route \`${route.key}\` has no integration`); }
  const { api, stage } = exchange;
  const { credentials } = route.integration;
  const integration = credentials === undefined ? route.integration
    : { ...route.integration, credentials: withStageVariables(credentials, stage.variables) };
  const { target } = integration;
  const arn = target.kind === 'function' ? withStageVariables(target.arn, stage.variables) : undefined;
  const refusal = arn === undefined ? undefined
    : backends.functions.refusal(arn, routeArn(api, stage, exchange.routeKey), integration.credentials);
  if (refusal !== undefined) { return failure(500, refusal); }
  if (integration.type !== 'AWS_PROXY') { return callOther(integration, exchange, backends.runIntegration); }
  return arn === undefined ? failure(500, `${integration.path}: its URI names no function`) : callFunction(arn, integration, exchange, backends.functions);
}

/** By stage, then by route key. Every message asks whether its route may call the function. */
const routeArns = new WeakMap<StageModel, Map<string, string>>();

function routeArn(api: ApiModel, stage: StageModel, routeKey: string): string {
  const known = routeArns.get(stage)?.get(routeKey);
  if (known !== undefined) { return known; }
  const arn = executeApiArn(api, stage.name, routeKey);
  routeArns.set(stage, (routeArns.get(stage) ?? new Map<string, string>()).set(routeKey, arn));
  return arn;
}

async function callFunction(arn: string, integration: IntegrationModel, exchange: Exchange, functions: Backends['functions']): Promise<Outcome> {
  const started = Date.now();
  const result = await functions.invoke(arn, JSON.stringify(exchange.lambdaEvent()), integration.timeoutMillis);
  const called: Progress['integration'] = { latencyMillis: Date.now() - started, callStatus: 200, status: undefined, requestId: result.requestId };
  exchange.progress.integration = called;
  if (result.timedOut) {
    return failure(504, `the function did not answer within the ${integration.timeoutMillis} ms of its integration`, 'Endpoint request timed out');
  }
  if (result.functionError) { return failure(502, describeFunctionError(result.payload)); }
  const answer = parseProxyAnswer(result.payload);
  if (typeof answer === 'string') { return failure(502, answer); }
  called.status = answer.status;
  return answer;
}

async function callOther(integration: IntegrationModel, exchange: Exchange, runIntegration: RunIntegration): Promise<Outcome> {
  const { api, incoming, stage } = exchange;
  const result = await runIntegration(api, integration, {
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
  const { integrationStatus: status } = result;
  exchange.progress.integration = { latencyMillis: result.integrationLatencyMillis, callStatus: status, status };
  if (!result.error) { return { kind: 'answer', status: result.statusCode, body: result.body, headers: result.headers }; }
  const { kind, message } = result.error;
  switch (kind) {
    case 'timeout': return failure(504, message, 'Endpoint request timed out');
    case 'unsupported': return failure(415, `${integration.path}: ${message}`, 'Unsupported Media Type');
    default: return failure(500, `${integration.path}: ${message}`);
  }
}

function failure(status: number, reason: string, message: Failure['message'] = 'Internal server error'): Failure {
  return { kind: 'failure', status, message, reason };
}

function copyLists(lists: Readonly<Record<string, readonly string[]>> = {}): Record<string, string[]> {
  return Object.fromEntries(Object.entries(lists).map(([name, values]) => [name, [...values]]));
}
