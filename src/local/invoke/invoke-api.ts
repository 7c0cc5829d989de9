import { randomUUID } from 'node:crypto';
import { IncomingMessage, ServerResponse } from 'node:http';
import { parseFunctionName } from './function-name';
import { listFunctions } from './list-functions';
import { TailedLog } from './tailed-log';
import { versionOf } from '../definition/function-arn';
import { FunctionModel } from '../definition/model';
import { Caller, conditionKeys } from '../iam/callers';
import { denial, isAllowed } from '../iam/iam-policy';
import { verifySignature } from '../iam/verify-signature';
import { Backend } from '../wire/backend';
import { sourceIpOf } from '../wire/connection';
import { readBody } from '../wire/request-body';

/** What Lambda takes as an event. */
const MAX_EVENT_BYTES = { RequestResponse: 6_291_456, Event: 1_048_576, DryRun: 6_291_456 } as const;
type InvocationType = keyof typeof MAX_EVENT_BYTES;

interface Answer {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** For the trace: why it was refused, or what the function failed with. */
  readonly reason?: string;
}

interface Call {
  readonly fn: FunctionModel;
  /** With the version or alias, if the caller names one. */
  readonly arn: string;
  readonly type: InvocationType;
  readonly event: string;
  readonly traceId?: string;
  readonly wantsLog: boolean;
}

type InvokeBackend = Pick<Backend, 'callers' | 'clock' | 'eventInvocations' | 'functions' | 'model' | 'trace'>;

/** Whether a request is for Lambda. */
export function isLambdaPath(url: string): boolean {
  return /^\/\d{4}-\d\d-\d\d\/functions(?:\/|\?|$)/.test(url);
}

/**
 * Serves Lambda's `Invoke` for the functions of the app, to callers who sign with a role that may invoke them.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export async function handleInvokeRequest(backend: InvokeBackend, request: IncomingMessage, response: ServerResponse) {
  const started = performance.now();
  const body = await readBody(request, MAX_EVENT_BYTES.RequestResponse);
  const { answer, named, caller, text } = body === undefined
    ? { answer: tooLarge(`Request must be smaller than ${MAX_EVENT_BYTES.RequestResponse} bytes for the InvokeFunction operation`), ...UNKNOWN }
    : await answerTo(backend, request, body);
  const { status, headers, reason, body: content = '' } = answer;
  // Who only looks what there is leaves no trace.
  if (named !== undefined || reason !== undefined) {
    backend.trace.add({
      type: 'invoke-api',
      function: named ?? '-',
      invocationType: typeOf(request) ?? 'RequestResponse',
      status,
      caller,
      durationMillis: Math.round(performance.now() - started),
      body: status < 300 ? text : undefined,
      answer: status === 200 ? content : undefined,
      reason,
    });
  }
  response.writeHead(status, {
    'content-type': 'application/json',
    ...status === 204 ? {} : { 'content-length': Buffer.byteLength(content) },
    'x-amzn-requestid': randomUUID(),
    ...headers,
  });
  response.end(status === 204 ? undefined : content);
}

/** What the trace says where nothing is known. */
const UNKNOWN = { named: undefined, caller: 'unknown', text: undefined };

interface Told {
  readonly answer: Answer;
  /** Which function. */
  readonly named?: string;
  readonly caller: string;
  readonly text?: string;
}

async function answerTo(backend: InvokeBackend, request: IncomingMessage, body: Buffer): Promise<Told> {
  const url = request.url!;
  const verification = verifySignature({ method: request.method!, path: url, headers: request.headers, body }, {
    service: 'lambda',
    now: Date.now(),
    ahead: backend.clock.ahead,
    secretOf: (accessKeyId, token) => backend.callers.secretOf(accessKeyId, token),
  });
  if (!verification.ok) {
    const { status, errorType, message, reason } = verification;
    return { answer: refusal(status, errorType, message, reason), ...UNKNOWN };
  }
  const caller = backend.callers.find(verification.accessKeyId)!;
  const [path, query] = url.split('?');
  if (/^\/2015-03-31\/functions\/?$/.test(path) && request.method === 'GET') {
    const list = { status: 200, body: JSON.stringify({ Functions: listFunctions(backend.model.functions) }) };
    return { ...UNKNOWN, caller: caller.name, answer: deniedTo(caller, 'lambda:ListFunctions', '*', request) ?? list };
  }
  const [, given] = /^\/2015-03-31\/functions\/([^/]+)\/invocations\/?$/.exec(path) ?? [];
  if (given === undefined || request.method !== 'POST') {
    const text = 'of Lambda, this gateway serves `Invoke` and `ListFunctions` alone: set `AWS_ENDPOINT_URL_LAMBDA` to where the rest is';
    return { ...UNKNOWN, answer: refusal(404, 'UnknownOperationException', text), caller: caller.name };
  }
  const asked = decode(given);
  const target = resolve(backend, request, asked, new URLSearchParams(query).get('Qualifier') ?? undefined, caller);
  if (target === undefined) {
    const text = `1 validation error detected: Value '${asked}' at 'functionName' failed to satisfy constraint: it has to be a name or an ARN of a function`;
    return { answer: refusal(400, 'ValidationException', text), named: asked, caller: caller.name };
  }
  const { fn, arn } = target;
  const told = { named: fn?.path ?? arn, caller: caller.name };
  const denied = deniedTo(caller, 'lambda:InvokeFunction', arn, request);
  if (denied) { return { ...told, answer: denied }; }
  if (!fn) {
    return { ...told, answer: refusal(404, 'ResourceNotFoundException', `Function not found: ${arn}`, `the app has no function \`${arn}\` whose code is in the assembly`) };
  }
  const call = callOf(fn, arn, request, body);
  return { ...told, ...'status' in call ? { answer: call } : { answer: await carryOut(backend, call), text: call.event } };
}

/** Which function is meant; undefined if the text names none. The app may have functions of one name in several Regions. */
function resolve({ functions }: InvokeBackend, request: IncomingMessage, text: string, qualifier: string | undefined, caller: Caller) {
  const named = parseFunctionName(text, qualifier);
  if (!named) { return undefined; }
  const { name, account = caller.account, region = regionOf(request), partition = caller.arn.split(':')[1] } = named;
  const arn = `arn:${partition}:lambda:${region}:${account}:function:${name}`;
  return { fn: functions.find(arn), arn: named.qualifier === undefined ? arn : `${arn}:${named.qualifier}` };
}

/** That the request is signed for. */
function regionOf({ headers: { authorization = '' } }: IncomingMessage): string {
  return /Credential=[^/]+\/\d+\/([\w-]+)\//.exec(authorization)?.[1] ?? 'us-east-1';
}

function deniedTo(caller: Caller, action: string, arn: string, request: IncomingMessage): Answer | undefined {
  const context = () => conditionKeys(caller, arn.split(':')[3] ?? regionOf(request), { ...request.headers, sourceIp: sourceIpOf(request) });
  const decision = isAllowed(caller.statements, { action, resource: arn, context });
  if (decision === 'allow') { return undefined; }
  const why = decision === 'explicit-deny' ? 'with an explicit deny in an identity-based policy' : `because no identity-based policy allows the ${action} action`;
  const message = `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${arn} ${why}`;
  return refusal(403, 'AccessDeniedException', message, denial(decision, 'its role', action, arn, action === 'lambda:InvokeFunction' ? 'fn.grantInvoke()' : 'addToRolePolicy()'));
}

function callOf(fn: FunctionModel, arn: string, request: IncomingMessage, body: Buffer): Call | Answer {
  const type = typeOf(request);
  if (type === undefined) {
    return refusal(400, 'InvalidParameterValueException', `Unknown invocation type: ${String(request.headers['x-amz-invocation-type'])}`);
  }
  if (body.length > MAX_EVENT_BYTES[type]) {
    return tooLarge(`${body.length} byte payload is too large for the ${type} invocation type (limit ${MAX_EVENT_BYTES[type]} bytes)`);
  }
  const event = body.length === 0 ? '{}' : body.toString();
  try {
    JSON.parse(event);
  } catch (error) {
    return refusal(400, 'InvalidRequestContentException', `Could not parse request body into json: ${(error as Error).message}`, 'its payload is not JSON');
  }
  const traceId = request.headers['x-amzn-trace-id'];
  return { fn, arn, type, event, traceId: typeof traceId === 'string' ? traceId : undefined, wantsLog: request.headers['x-amz-log-type'] === 'Tail' };
}

async function carryOut({ functions, eventInvocations, trace }: InvokeBackend, call: Call): Promise<Answer> {
  const { fn, arn, type, event, traceId, wantsLog } = call;
  if (type === 'DryRun') { return { status: 204, headers: { 'x-amz-executed-version': versionOf(arn) } }; }
  if (type === 'Event') { return { status: 202, headers: { 'x-amzn-requestid': eventInvocations.begin(arn, event, traceId) } }; }
  const requestId = randomUUID();
  const log = wantsLog ? new TailedLog(trace, requestId) : undefined;
  const { payload, functionError } = await functions.invoke(arn, event, undefined, { requestId, traceId });
  return {
    status: 200,
    body: payload,
    headers: {
      'x-amzn-requestid': requestId,
      'x-amz-executed-version': versionOf(arn),
      ...functionError === undefined ? {} : { 'x-amz-function-error': functionError },
      ...log ? { 'x-amz-log-result': log.end() } : {},
    },
    ...functionError === undefined ? {} : { reason: `\`${fn.path}\` failed: ${payload.slice(0, 1000)}` },
  };
}

function typeOf({ headers }: IncomingMessage): InvocationType | undefined {
  const given = headers['x-amz-invocation-type'] ?? 'RequestResponse';
  return typeof given === 'string' && Object.hasOwn(MAX_EVENT_BYTES, given) ? given as InvocationType : undefined;
}

function tooLarge(message: string): Answer {
  return refusal(413, 'RequestTooLargeException', message);
}

/** As Lambda answers: the message is in a field, and the kind of error in a header. */
function refusal(status: number, errorType: string, message: string, reason = message): Answer {
  return { status, body: JSON.stringify({ Type: 'User', Message: message, message }), headers: { 'x-amzn-errortype': errorType }, reason };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
