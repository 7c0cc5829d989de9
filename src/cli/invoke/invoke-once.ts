import { readFileSync } from 'node:fs';
import { readEnvFile } from '../env-file';
import { DEFAULT_PORT } from '../local-options';
import { nearest } from './nearest';
import { findAssembly } from '../../local/assembly/app-assembly';
import { RealClock } from '../../local/clock';
import { onLines } from '../../local/events/terminal-text';
import { Gateway } from '../../local/gateway';
import { callHttp, HttpAnswer } from '../../local/integrations/http-call';
import type { ListedFunction } from '../../local/invoke/list-functions';
import { describeFunctionError } from '../../local/lambda/function-error';
import { signRequest } from '../../signature/sign-request';
import { describe, painter } from '../report';
import { RunningGateway, runningAt } from '../running-gateway';

/** Longer than any function runs. */
const TIMEOUT_MILLIS = 16 * 60_000;

export interface Invocation {
  /** A name, a construct path or an ARN. */
  readonly name: string;
  /** The path of a file; `-` for the input. */
  readonly event?: string;
  readonly port?: number;
  readonly app?: string;
  /** The path of a file. */
  readonly env?: string;
}

type Place = Pick<RunningGateway, 'port' | 'credentials'>;

/** Runs a function in the gateway that runs, or in one that is started for it alone, and prints its answer. */
export async function invokeOnce({ name, event, port, app, env }: Invocation) {
  const payload = eventOf(event);
  const running = app === undefined && env === undefined ? runningAt(port ?? DEFAULT_PORT) : undefined;
  if (running) { return print(await invokeAt(running, name, payload, `the gateway at port ${running.port}, which serves \`${running.assembly}\`,`)); }
  if (port !== undefined) {
    throw new Error(app === undefined && env === undefined
      ? `no \`cdk-websocket-api local\` of yours runs at port ${port}: start it, or leave \`--port\` out`
      : '`--port` names a gateway that runs with its own app and env file: leave it out, or leave out `--app` and `--env`');
  }
  const { folder } = await findAssembly(app, (text) => process.stderr.write(text));
  const gateway = await Gateway.start({
    assembly: folder, port: 0, env: env === undefined ? {} : readEnvFile(env), clock: new RealClock(), appFolder: process.cwd(),
  });
  const paint = painter(Boolean(process.stderr.isTTY) && !process.env.NO_COLOR);
  gateway.onEvent((one) => {
    const text = one.type === 'invoke-api' ? undefined : describe(one, paint);
    if (text !== undefined) { process.stderr.write(`${text}\n`); }
  });
  try {
    print({ ...await invokeAt(gateway, name, payload, `\`${folder}\``), log: '' });
    await gateway.settled();
  } finally {
    await gateway.close();
  }
}

interface Result {
  readonly path: string;
  readonly answer: string;
  readonly failed: boolean;
  /** What the function printed. */
  readonly log: string;
}

function print({ path, answer, failed, log }: Result) {
  if (log !== '') { process.stderr.write(`${onLines(log.trimEnd())}\n`); }
  process.stdout.write(`${answer}\n`);
  if (!failed) { return; }
  process.stderr.write(`cdk-websocket-api: \`${path}\` failed: ${onLines(describeFunctionError(answer))}\n`);
  process.exitCode = 1;
}

/** @param where who has the functions, for the message */
async function invokeAt(place: Place, name: string, payload: string, where: string): Promise<Result> {
  const { Functions: functions } = JSON.parse((await call(place, 'GET', '/2015-03-31/functions/', '')).body) as { Functions: ListedFunction[] };
  const found = functions.find((one) => namesOf(one).includes(name));
  if (!found) {
    const near = nearest(name, functions.flatMap((one) => [one.ConstructPath, one.FunctionName]));
    throw new Error(`${where} has no function \`${name}\`: ${near.length === 0 ? 'it has none at all' : `there is ${near.map((one) => `\`${one}\``).join(', ')}`}`);
  }
  const path = `/2015-03-31/functions/${encodeURIComponent(found.FunctionArn)}/invocations`;
  const { headers, body } = await call(place, 'POST', path, payload, { 'x-amz-log-type': 'Tail' });
  return {
    path: found.ConstructPath,
    answer: body,
    failed: headers['x-amz-function-error'] !== undefined,
    log: Buffer.from(headers['x-amz-log-result'] ?? '', 'base64').toString(),
  };
}

/** A handler of this library may be named by its route. */
function namesOf({ FunctionName, FunctionArn, ConstructPath }: ListedFunction): string[] {
  return [FunctionName, FunctionArn, ConstructPath, ConstructPath.replace(/\/Function$/, '')];
}

async function call(
  { port, credentials }: Place, method: string, path: string, body: string, more: Record<string, string> = {},
): Promise<HttpAnswer> {
  const headers = { host: `127.0.0.1:${port}`, ...more };
  const signature = signRequest({ method, path, headers, body }, { service: 'lambda', region: 'us-east-1', credentials, now: Date.now() });
  const url = new URL(`http://127.0.0.1:${port}${path}`);
  const answer = await callHttp({
    method, url, headers: { ...headers, ...signature }, body: method === 'GET' ? undefined : body, timeoutMillis: TIMEOUT_MILLIS,
  });
  if (answer.status !== 200) { throw new Error(`the gateway at port ${port} answers ${answer.status}: ${messageOf(answer.body)}`); }
  return answer;
}

function messageOf(body: string): string {
  try {
    return JSON.parse(body).message ?? body;
  } catch {
    return body.slice(0, 200);
  }
}

/** @throws Error if it cannot be read, or is no JSON */
function eventOf(file: string | undefined): string {
  if (file === undefined) { return '{}'; }
  let text: string;
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch {
    const advice = /^\s*[[{]/.test(file) ? 'write the event into a file, or pipe it to `--event -`' : 'it does not exist, or is not a file';
    throw new Error(`cannot read the event \`${file.slice(0, 200)}\`: ${advice}`);
  }
  try {
    JSON.parse(text);
    return text;
  } catch (error) {
    throw new Error(`the event in \`${file}\` is not JSON: ${(error as Error).message}`);
  }
}
