import { NeededPermission, neededPermission, serviceId, serviceRequest, serviceTarget } from './aws-service';
import { callHttp, HttpFailure } from './http-call';
import { parseJsonOrText, renderTemplate } from './mapping-template';
import { MappedParameters, mapRequestParameters, mapResponseParameters, MappingSources } from './parameter-mapping';
import { evaluateExpression } from '../definition/expression';
import { IntegrationModel, IntegrationResponseModel } from '../definition/model';
import { signRequest } from '../iam/signature-v4';
import { describeFunctionError } from '../lambda/function-error';

/** What an integration is told. */
export interface IntegrationRequest {
  readonly routeKey: string;
  readonly eventType: 'CONNECT' | 'MESSAGE' | 'DISCONNECT';
  readonly body: string | undefined;
  readonly headers: Record<string, string>;
  readonly multiValueHeaders: Record<string, string[]>;
  readonly queryString: Record<string, string>;
  readonly multiValueQueryString: Record<string, string[]>;
  /** `$context`, nested. */
  readonly context: Record<string, unknown>;
  readonly stageVariables: Record<string, string>;
}

export interface IntegrationResult {
  readonly statusCode: number;
  readonly body: string | undefined;
  readonly headers: Record<string, string>;
  /** The status of what was called, if it was. */
  readonly integrationStatus?: number;
  readonly integrationLatencyMillis: number;
  readonly error?: {
    readonly kind: FailureKind;
    readonly message: string;
  };
}

/** What integrations reach outside of themselves. */
export interface IntegrationHost {
  readonly region: string;
  /** The function error `Timeout` is one that is over the time. */
  invokeFunction(arn: string, payload: string, timeoutMillis: number): Promise<{ payload: string; functionError?: string }>;
  /** By the name that AWS's tools have for the service: `sfn`, `eventbridge`. */
  endpointFor(service: string): string | undefined;
  credentialsFor(roleArn: string | undefined): { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  isAllowed(roleArn: string | undefined, action: string, resource: string): boolean;
}

type FailureKind = 'timeout' | 'unreachable' | 'internal' | 'forbidden' | 'function';

class IntegrationFailure extends Error {
  constructor(public readonly kind: FailureKind, message: string) {
    super(message);
  }
}

/** What was called has answered. */
interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** Of a Lambda function: the message of its error, empty if it has none. */
  readonly errorMessage?: string;
  readonly functionError?: string;
}

/** Runs what is behind a route where that is no Lambda proxy. Never rejects. */
export async function runIntegration(model: IntegrationModel, request: IntegrationRequest, host: IntegrationHost): Promise<IntegrationResult> {
  const started = performance.now();
  const latency = () => ({ integrationLatencyMillis: Math.round(performance.now() - started) });
  let integrationStatus: number | undefined;
  try {
    const sources = sourcesOf(request);
    const answer = await call(model, request, sources, host);
    integrationStatus = answer.status;
    return { ...responseOf(model, request, sources, answer), integrationStatus, ...latency() };
  } catch (error) {
    const kind = error instanceof IntegrationFailure || error instanceof HttpFailure ? error.kind : 'internal';
    return {
      statusCode: kind === 'timeout' ? 504 : 500,
      body: undefined,
      headers: {},
      integrationStatus,
      ...latency(),
      error: { kind, message: (error as Error).message },
    };
  }
}

function sourcesOf({ body, ...request }: IntegrationRequest): MappingSources {
  let parsed: { json: unknown } | undefined;
  return { ...request, text: body, body: () => (parsed ??= { json: parseJsonOrText(body) }).json };
}

async function call(model: IntegrationModel, request: IntegrationRequest, sources: MappingSources, host: IntegrationHost): Promise<Answer> {
  const body = requestBody(model, request, sources);
  if (model.type === 'MOCK') { return mockAnswer(body); }
  const parameters = mapRequestParameters(model.requestParameters, sources);
  const uri = fillIn(model.uri, request.stageVariables, parameters.path);
  switch (model.type) {
    case 'HTTP':
    case 'HTTP_PROXY': return callEndpoint(model, uri, parameters, request, body);
    case 'AWS': return /:lambda:path\//.test(uri) ? callFunction(model, uri, parameters, body, host) : callService(model, uri, parameters, body, host);
    default: throw new IntegrationFailure('internal', `\`${model.type}\` is called elsewhere`);
  }
}

function requestBody(model: IntegrationModel, request: IntegrationRequest, sources: MappingSources): string | undefined {
  const { type, requestTemplates, templateSelectionExpression, passthroughBehavior } = model;
  if (type === 'HTTP_PROXY') { return request.body; }
  const key = templateSelectionExpression === undefined ? 'application/json' : evaluateExpression(templateSelectionExpression, sources);
  const template = templateFor(requestTemplates, key);
  if (template !== undefined) {
    return renderTemplate(template, request);
  }
  if (passthroughBehavior === 'NEVER' || (passthroughBehavior === 'WHEN_NO_TEMPLATES' && Object.keys(requestTemplates).length > 0)) {
    throw new IntegrationFailure('internal', `there is no request template \`${key}\`, and \`${passthroughBehavior}\` lets nothing pass without one: `
      + 'add the template, or one with the key `$default`');
  }
  return request.body;
}

function templateFor(templates: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(templates, key) ? templates[key] : templates.$default;
}

/** The template says what the answer is to be. */
function mockAnswer(body = ''): Answer {
  // API Gateway does not mind what is not quite JSON.
  const [, status] = /["']?\bstatusCode["']?\s*:\s*["']?(\d{3})\b/.exec(body) ?? [];
  if (status === undefined) {
    throw new IntegrationFailure('internal', `the request template of a mock integration made \`${body.slice(0, 200)}\`: it has to make \`{"statusCode": 200}\``);
  }
  return { status: Number(status), headers: {}, body: undefined };
}

function fillIn(uri: string, stageVariables: Readonly<Record<string, string>>, path: Readonly<Record<string, string>>): string {
  return uri
    .replace(/\$\{stageVariables\.([\w.-]+)\}/g, (_, name: string) => Object.hasOwn(stageVariables, name) ? stageVariables[name] : '')
    .replace(/\{([^{}]+)\}/g, (match, name: string) => Object.hasOwn(path, name) ? encodeURIComponent(path[name]) : match);
}

/** Headers that belong to the client's own connection. */
const CONNECTION_HEADERS = new Set(['host', 'connection', 'upgrade', 'content-length', 'transfer-encoding', 'keep-alive']);

async function callEndpoint(
  model: IntegrationModel, uri: string, parameters: MappedParameters, request: IntegrationRequest, body: string | undefined,
): Promise<Answer> {
  const { type, method, timeoutMillis } = model;
  if (!URL.canParse(uri) || !/^https?:$/.test(new URL(uri).protocol)) {
    throw new IntegrationFailure('internal', `\`${uri}\` is not the URL of an HTTP endpoint: write \`https://…\``);
  }
  const url = new URL(uri);
  const proxy = type === 'HTTP_PROXY';
  if (proxy) {
    for (const [name, values] of Object.entries(request.multiValueQueryString)) { values.forEach((value) => url.searchParams.append(name, value)); }
  }
  for (const [name, value] of parameters.query) { url.searchParams.append(name, value); }
  const apiId = String(request.context.apiId ?? '');
  const sent = {
    ...body === undefined ? {} : { 'content-type': 'application/json' },
    'user-agent': `AmazonAPIGateway_${apiId}`,
    'x-amzn-apigateway-api-id': apiId,
    ...proxy ? lowerCased(request.headers, CONNECTION_HEADERS) : {},
    ...lowerCased(parameters.headers),
  };
  // A client that connects asks with GET; a message has no method.
  const verb = method === 'ANY' ? (request.eventType === 'CONNECT' ? 'GET' : 'POST') : method;
  return callHttp({ method: verb, url, headers: sent, body: ['GET', 'HEAD'].includes(verb) ? undefined : body, timeoutMillis });
}

async function callFunction(
  model: IntegrationModel, uri: string, { headers }: MappedParameters, body: string | undefined, host: IntegrationHost,
): Promise<Answer> {
  const arn = /\/functions\/(.+)\/invocations$/.exec(uri)?.[1];
  if (arn === undefined) {
    throw new IntegrationFailure('internal', `the URI \`${uri}\` names no function: `
      + 'write `arn:aws:apigateway:region:lambda:path/2015-03-31/functions/<arn>/invocations`');
  }
  const invocation = host.invokeFunction(arn, body || '{}', model.timeoutMillis);
  if (lowerCased(headers)['x-amz-invocation-type'] === 'Event') {
    // Nobody waits for it; what becomes of it is in the log of the function.
    invocation.catch(() => undefined);
    return { status: 202, headers: {}, body: undefined, errorMessage: '' };
  }
  const { payload, functionError } = await invocation;
  if (functionError === 'Timeout') {
    throw new IntegrationFailure('timeout', `the function did not answer within the ${model.timeoutMillis} ms of its integration`);
  }
  const errorMessage = evaluateExpression('$integration.response.body.errorMessage', {
    response: { statusCode: 200, headers: {}, body: () => parseJsonOrText(payload) },
  });
  return { status: 200, headers: {}, body: payload, errorMessage, functionError };
}

async function callService(
  model: IntegrationModel, uri: string, parameters: MappedParameters, body: string | undefined, host: IntegrationHost,
): Promise<Answer> {
  const { method, credentials, timeoutMillis } = model;
  const target = serviceTarget(uri);
  const request = serviceRequest(target, method === 'ANY' ? 'POST' : method, parameters, body);
  if (credentials === undefined) {
    throw new IntegrationFailure('forbidden', `an integration with \`${target.service}\` has no role to call it with: give it one as \`credentialsRole\``);
  }
  const permission = neededPermission(target, request, credentials.split(':')[4]);
  if (permission) { checkAllowed(credentials, permission, host); }

  const endpoint = host.endpointFor(serviceId(target));
  if (endpoint === undefined) {
    throw new IntegrationFailure('unreachable', `\`${target.service}\` runs in no AWS account here: set \`AWS_ENDPOINT_URL_${serviceId(target).toUpperCase().replaceAll('-', '_')}\` `
      + 'to the URL of one on this machine');
  }
  const url = new URL(endpoint);
  url.pathname = url.pathname.replace(/\/$/, '') + request.path;
  url.search = request.query.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
  const headers = { ...request.headers, host: url.host };
  const signature = signRequest({ method: request.method, path: url.pathname + url.search, headers, body: request.body }, {
    service: target.service, region: target.region || host.region, credentials: host.credentialsFor(credentials), now: Date.now(),
  });
  return callHttp({ method: request.method, url, headers: { ...headers, ...signature }, body: request.body, timeoutMillis });
}

function checkAllowed(role: string, { action, resources }: NeededPermission, host: IntegrationHost) {
  const denied = resources.find((resource) => !host.isAllowed(role, action, resource));
  if (denied !== undefined) {
    throw new IntegrationFailure('forbidden', `the role \`${role}\` may not \`${action}\` on \`${denied}\`: grant it`);
  }
}

function responseOf(
  model: IntegrationModel, request: IntegrationRequest, sources: MappingSources, answer: Answer,
): Pick<IntegrationResult, 'statusCode' | 'body' | 'headers'> {
  const statusCode = answer.status;
  if (model.type === 'HTTP_PROXY') { return { statusCode, body: answer.body || undefined, headers: { ...answer.headers } }; }

  const selected = answer.errorMessage ?? String(statusCode);
  const response = model.responses.find(({ key }) => key !== '$default' && keyMatches(key, selected))
    ?? model.responses.find(({ key }) => key === '$default');
  if (!response && answer.functionError !== undefined) {
    throw new IntegrationFailure('function', describeFunctionError(answer.body ?? answer.functionError));
  }
  if (!response && model.responses.length > 0) {
    throw new IntegrationFailure('internal', `no integration response is for \`${selected}\`: add one with the key \`$default\``);
  }
  if (!response) { return { statusCode, body: answer.body || undefined, headers: {} }; }

  const withResponse = { ...sources, response: { statusCode, headers: answer.headers, body: () => parseJsonOrText(answer.body) } };
  return {
    statusCode,
    body: responseBody(response, request, withResponse, answer.body),
    headers: mapResponseParameters(response.parameters, withResponse),
  };
}

/** Keys are in slashes where they are regular expressions, and have to match the whole text. */
function keyMatches(key: string, text: string): boolean {
  const [, pattern] = /^\/(.*)\/$/s.exec(key) ?? [];
  return pattern === undefined ? key === text : new RegExp(`^(?:${pattern})$`, 's').test(text);
}

function responseBody(
  response: IntegrationResponseModel, request: IntegrationRequest, sources: MappingSources, body: string | undefined,
): string | undefined {
  const { templates, templateSelectionExpression } = response;
  const key = templateSelectionExpression === undefined ? 'application/json' : evaluateExpression(templateSelectionExpression, sources);
  const template = templateFor(templates, key);
  return (template === undefined ? body : renderTemplate(template, { ...request, body })) || undefined;
}

function lowerCased(headers: Readonly<Record<string, string>>, without: ReadonlySet<string> = new Set()): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]).filter(([name]) => !without.has(name)));
}
