import { IncomingMessage, STATUS_CODES } from 'node:http';
import { Backend } from '../backend';
import { Connection } from '../connection';
import { Refusal } from './refusal';
import { executeApiArn } from '../../definition/execute-api-arn';
import { evaluateExpression } from '../../definition/expression';
import { ApiKeyModel, RouteModel } from '../../definition/model';
import { authorize } from '../../dispatch/authorizer';
import { Exchange } from '../../dispatch/exchange';
import { Answer } from '../../dispatch/outcome';
import { callRoute } from '../../dispatch/route-target';
import { conditionKeys, requestConditionKeys } from '../../iam/callers';
import { denial, isAllowed } from '../../iam/iam-policy';
import { verifySignature } from '../../iam/verify-signature';

/** A client at the door: what the steps look at, and what they find. */
export interface Attempt {
  readonly backend: Backend;
  readonly request: IncomingMessage;
  readonly connection: Connection;
  readonly exchange: Exchange;
  /** Undefined if the API has no `$connect` route. */
  readonly route?: RouteModel;
  /** The API key that the client showed, or the authorizer for it. */
  apiKey?: ApiKeyModel;
  /** What the `$connect` route answered. */
  answer?: Answer;
}

type Step = (attempt: Attempt) => Refusal | undefined | Promise<Refusal | undefined>;

/** In the order of API Gateway. The first refusal counts. */
const STEPS: readonly Step[] = [apiKeyOfHeader, iamAuthorization, lambdaAuthorization, throttled, connectRoute, subprotocol];

/** @returns why the client may not connect; undefined if it may */
export async function admit(attempt: Attempt): Promise<Refusal | undefined> {
  for (const step of STEPS) {
    const refusal = await step(attempt);
    if (refusal) { return refusal; }
  }
  return undefined;
}

function apiKeyOfHeader(attempt: Attempt): Refusal | undefined {
  const { exchange, route } = attempt;
  if (!route?.apiKeyRequired || isKeyOfAuthorizer(exchange)) { return undefined; }
  const value = evaluateExpression(exchange.api.apiKeySelectionExpression, { headers: { ...exchange.incoming.headers } });
  return useApiKey(attempt, value, 'no valid API key: send a key of a usage plan of this stage as `x-api-key`');
}

function iamAuthorization({ backend, request, connection, exchange, route }: Attempt): Refusal | undefined {
  if (route?.authorization.type !== 'AWS_IAM') { return undefined; }
  const { api, stage } = exchange;
  const verification = verifySignature({ method: 'GET', path: request.url!, headers: request.headers }, {
    service: 'execute-api',
    region: api.region,
    // Signers go by the real time.
    now: Date.now(),
    ahead: backend.clock.ahead,
    secretOf: (accessKeyId, token) => backend.callers.secretOf(accessKeyId, token),
  });
  if (!verification.ok) {
    return { status: 403, message: verification.message, reason: `IAM authorization: ${verification.reason}` };
  }
  const { accessKeyId } = verification;
  const caller = backend.callers.find(accessKeyId)!;
  const [action, resource] = ['execute-api:Invoke', executeApiArn(api, stage.name, '$connect')];
  const context = () => conditionKeys(caller, api.region, { ...request.headers, sourceIp: connection.identity.sourceIp });
  const decision = isAllowed(caller.statements, { action, resource, context });
  if (decision !== 'allow') {
    return { status: 403, message: 'Forbidden', reason: denial(decision, `\`${caller.name}\``, action, resource, 'grantConnect()') };
  }
  connection.identity = {
    ...connection.identity, accountId: caller.account, accessKey: accessKeyId, caller: accessKeyId, user: accessKeyId, userArn: caller.arn,
  };
  return undefined;
}

async function lambdaAuthorization(attempt: Attempt): Promise<Refusal | undefined> {
  const { backend, request, connection, exchange, route } = attempt;
  if (route?.authorization.type !== 'CUSTOM') { return undefined; }
  const conditions = () => requestConditionKeys({ ...request.headers, sourceIp: connection.identity.sourceIp });
  const verdict = await authorize(route.authorization, exchange, backend.functions, conditions);
  if (verdict.status !== 200) {
    const { status, reason } = verdict;
    const message = { 401: 'Unauthorized', 403: 'Forbidden', 500: 'Internal server error' }[status];
    exchange.progress.authorizer = { ...exchange.progress.authorizer, status, error: message };
    return { status, message, reason };
  }
  connection.authorizer = verdict.context;
  return route.apiKeyRequired && isKeyOfAuthorizer(exchange)
    ? useApiKey(attempt, verdict.usageIdentifierKey, 'the authorizer returned no `usageIdentifierKey` that is an API key of a usage plan of this stage')
    : undefined;
}

function isKeyOfAuthorizer({ api }: Exchange): boolean {
  return api.apiKeySelectionExpression.includes('authorizer');
}

function useApiKey(attempt: Attempt, value: string | undefined, reason: string): Refusal | undefined {
  const { backend: { model }, connection, exchange: { api, stage, incoming } } = attempt;
  const key = value === undefined ? undefined : model.apiKeys.get(value);
  if (!key?.enabled || !key.stages.some(({ apiId, stageName }) => apiId === api.id && stageName === stage.name)) {
    return { status: 403, message: 'Forbidden', reason };
  }
  attempt.apiKey = key;
  connection.identity = { ...connection.identity, apiKey: incoming.headers?.['x-api-key'], apiKeyId: key.id };
  return undefined;
}

function throttled({ backend: { throttles }, exchange: { api, stage }, apiKey, route }: Attempt): Refusal | undefined {
  const free = (!apiKey || throttles.takeForKey(api, stage, apiKey)) && throttles.takeForRoute(api, stage, '$connect');
  return free ? undefined : {
    status: 429,
    message: 'Too Many Requests',
    reason: `throttled: the limits of the stage${route ? ', of the route `$connect` or of the usage plan' : ''}`,
  };
}

async function connectRoute(attempt: Attempt): Promise<Refusal | undefined> {
  const { backend, exchange, route } = attempt;
  if (!route) { return undefined; }
  const outcome = await callRoute(route, exchange, backend);
  if (outcome.kind === 'failure') { return outcome; }
  const { status } = outcome;
  if (status < 200) { return unusable(`the route \`$connect\` answered ${status}, which does not end a request`); }
  if (status > 299) { return { status, message: STATUS_CODES[status] ?? 'Error', reason: 'the answer of the route `$connect`' }; }
  attempt.answer = outcome;
  return undefined;
}

function subprotocol({ answer }: Attempt): Refusal | undefined {
  const chosen = subprotocolOf(answer);
  // A client would break off, and not say why.
  return chosen === undefined || /^[!#$%&'*+.^`|~\w-]+$/.test(chosen) ? undefined
    : unusable(`the route \`$connect\` answered with ${JSON.stringify(chosen)} as \`Sec-WebSocket-Protocol\`, which is not the name of a subprotocol`);
}

/** The subprotocol that the `$connect` route chose. */
export function subprotocolOf(answer: Answer | undefined): string | undefined {
  return Object.entries(answer?.headers ?? {}).find(([header]) => header.toLowerCase() === 'sec-websocket-protocol')?.[1];
}

function unusable(reason: string): Refusal {
  return { status: 502, message: 'Internal server error', reason };
}
