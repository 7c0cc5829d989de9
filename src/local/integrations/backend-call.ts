import { neededPermission, NeededPermission, serviceId, serviceRequest, serviceTarget } from './aws-service';
import { IntegrationFailure } from './failure';
import { callHttp } from './http-call';
import { parseJsonOrText } from './mapping-template';
import { MappedParameters } from './parameter-mapping';
import { IntegrationRequest, PreparedRequest } from './request';
import { BackendAnswer } from './response';
import { signRequest } from '../../signature/sign-request';
import { evaluateExpression } from '../definition/expression';
import { IntegrationModel } from '../definition/model';

/** What integrations reach outside of themselves. */
export interface BackendHost {
  /** The Region of the API. */
  readonly region: string;
  /** The function error `Timeout` means that the function ran out of time. */
  invokeFunction(arn: string, payload: string, timeoutMillis: number): Promise<{ payload: string; functionError?: string }>;
  /** Nobody waits for the result: Lambda queues the event, and tries again. */
  invokeLater(arn: string, payload: string): void;
  /** By the name that AWS's tools have for the service: `sfn`, `eventbridge`. */
  endpointFor(service: string): string | undefined;
  /** The origin of this gateway, if the name is a host of the assembly. */
  originFor(host: string): string | undefined;
  credentialsFor(roleArn: string | undefined): { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  /** @param region where the service is called */
  isAllowed(roleArn: string | undefined, action: string, resource: string, region: string): boolean;
}

/** Headers that belong to the client's own connection. */
const CONNECTION_HEADERS = new Set(['host', 'connection', 'upgrade', 'content-length', 'transfer-encoding', 'keep-alive']);

/** Calls an HTTP endpoint. */
export async function callEndpoint(
  model: IntegrationModel, template: string, { parameters, body }: PreparedRequest, request: IntegrationRequest, host: BackendHost,
): Promise<BackendAnswer> {
  const { type, method, timeoutMillis } = model;
  const uri = withPath(template, parameters);
  if (!URL.canParse(uri) || !/^https?:$/.test(new URL(uri).protocol)) {
    throw new IntegrationFailure('internal', `\`${withoutQuery(uri)}\` is not the URL of an HTTP endpoint: write \`https://…\``);
  }
  const url = new URL(uri);
  const proxy = type === 'HTTP_PROXY';
  if (proxy) {
    for (const [name, values] of Object.entries(request.multiValueQueryString)) {
      values.forEach((value) => url.searchParams.append(name, value));
    }
  }
  for (const [name, value] of parameters.query) { url.searchParams.append(name, value); }
  const apiId = String(request.context.apiId ?? '');
  const headers = {
    ...body === undefined ? {} : { 'content-type': 'application/json' },
    'user-agent': `AmazonAPIGateway_${apiId}`,
    'x-amzn-apigateway-api-id': apiId,
    ...proxy ? lowerCased(request.headers, CONNECTION_HEADERS) : {},
    ...lowerCased(parameters.headers),
  };
  // A client that connects asks with GET; a message has no method.
  const verb = method === 'ANY' ? (request.eventType === 'CONNECT' ? 'GET' : 'POST') : method;
  const origin = host.originFor(url.hostname);
  const led = origin === undefined ? { url, headers }
    : { url: new URL(url.pathname + url.search, origin), headers: { ...headers, host: url.host } };
  return callHttp({ method: verb, ...led, body: ['GET', 'HEAD'].includes(verb) ? undefined : body, timeoutMillis });
}

/** Calls a Lambda function without a proxy. */
export async function callFunction(
  model: IntegrationModel, arn: string, { parameters, body }: PreparedRequest, host: BackendHost,
): Promise<BackendAnswer> {
  if (lowerCased(parameters.headers)['x-amz-invocation-type'] === 'Event') {
    host.invokeLater(arn, body || '{}');
    return { status: 202, headers: {}, body: undefined, errorMessage: '' };
  }
  const { payload, functionError } = await host.invokeFunction(arn, body || '{}', model.timeoutMillis);
  if (functionError === 'Timeout') {
    throw new IntegrationFailure('timeout', `the function did not answer within the ${model.timeoutMillis} ms of its integration`);
  }
  const errorMessage = evaluateExpression('$integration.response.body.errorMessage', {
    response: { statusCode: 200, headers: {}, body: () => parseJsonOrText(payload) },
  });
  return { status: 200, headers: {}, body: payload, errorMessage, functionError };
}

/** Calls an AWS service at its endpoint on this machine, if the role of the integration may. */
export async function callService(
  model: IntegrationModel, template: string, { parameters, body }: PreparedRequest, host: BackendHost,
): Promise<BackendAnswer> {
  const { method, credentials, timeoutMillis } = model;
  const target = serviceTarget(withPath(template, parameters));
  const request = serviceRequest(target, method === 'ANY' ? 'POST' : method, parameters, body);
  if (target.service === 'lambda') {
    throw new IntegrationFailure('internal', `the URI \`${withoutQuery(template)}\` names no function: `
      + 'write `arn:aws:apigateway:region:lambda:path/2015-03-31/functions/<arn>/invocations`');
  }
  if (credentials === undefined) {
    throw new IntegrationFailure('forbidden', `an integration with \`${target.service}\` has no role to call it with: give it one as \`credentialsRole\``);
  }
  const permission = neededPermission(target, request, credentials.split(':')[4]);
  const region = target.region || host.region;
  if (permission) { checkAllowed(credentials, permission, region, host); }

  const endpoint = host.endpointFor(serviceId(target));
  if (endpoint === undefined) {
    throw new IntegrationFailure('unreachable', `\`${target.service}\` is not called on AWS from here: set \`AWS_ENDPOINT_URL_${serviceId(target).toUpperCase().replaceAll('-', '_')}\` `
      + 'to the URL of one on this machine');
  }
  const url = new URL(endpoint);
  url.pathname = url.pathname.replace(/\/$/, '') + request.path;
  url.search = request.query.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
  const headers = { ...request.headers, host: url.host };
  const signature = signRequest({ method: request.method, path: url.pathname + url.search, headers, body: request.body }, {
    service: target.service, region, credentials: host.credentialsFor(credentials), now: Date.now(),
  });
  return callHttp({ method: request.method, url, headers: { ...headers, ...signature }, body: request.body, timeoutMillis });
}

/** The URI with its path parameters filled in. What the client chose stays within its own part of the path. */
function withPath(uri: string, { path }: MappedParameters): string {
  const filled = uri.replace(/\{([^{}]+)\}/g, (match, name: string) => Object.hasOwn(path, name) ? encodeURIComponent(path[name]) : match);
  const pathOnly = withoutQuery(filled);
  if (filled !== uri && pathOnly.split('/').some((segment) => /^(?:\.|%2e){1,2}$/i.test(segment))) {
    // It would be sent to another path than the one that the role was checked for.
    throw new IntegrationFailure('forbidden', `the path parameters make \`${JSON.stringify(pathOnly)}\`, which leads out of the path of \`${withoutQuery(uri)}\``);
  }
  return filled;
}

/** Tokens are sent in queries, so no message has one. */
function withoutQuery(uri: string): string {
  return uri.replace(/[?#].*$/s, '');
}

function checkAllowed(role: string, { action, resources }: NeededPermission, region: string, host: BackendHost) {
  const denied = resources.find((resource) => !host.isAllowed(role, action, resource, region));
  if (denied !== undefined) {
    throw new IntegrationFailure('forbidden', `the role \`${role}\` may not \`${action}\` on \`${denied}\`: grant it`);
  }
}

function lowerCased(headers: Readonly<Record<string, string>>, without: ReadonlySet<string> = new Set()): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return Object.fromEntries(entries.filter(([name]) => !without.has(name)));
}
