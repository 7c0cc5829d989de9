import { Backend } from './backend';
import { Exchange } from '../dispatch/exchange';
import { Progress } from '../dispatch/progress';

/** Adds the access-log line of an event to the trace, if its stage has an access log. */
export function logAccess(backend: Backend, exchange: Exchange) {
  const { api, stage } = exchange;
  if (stage.accessLog) {
    backend.trace.add({ type: 'access-log', api: api.name, stage: stage.name, line: accessLogLine(stage.accessLog.format, exchange) });
  }
}

/** A line in the format of the stage. A variable without a value is `-`. */
export function accessLogLine(format: string, exchange: Exchange): string {
  const context = exchange.requestContext();
  return partsOf(format).map((part) => typeof part === 'string' ? part : written(part, exchange.progress, context)).join('');
}

/** A variable of a format: what it is read from. */
interface Variable {
  readonly outcome?: (progress: Progress) => Value;
  readonly path: readonly string[];
  readonly isQuoted: boolean;
}

function written({ outcome, path, isQuoted }: Variable, progress: Progress, context: unknown): string {
  const value = outcome ? outcome(progress) : valueAt(context, path);
  if (value === undefined || value === null || value === '' || typeof value === 'object') { return '-'; }
  return isQuoted ? JSON.stringify(value) : typeof value === 'number' ? String(value) : escaped(String(value));
}

type Value = string | number | undefined;

/** The variable whose value brings its own quotes. */
const QUOTED = 'error.messageString';

/** Variables that tell what became of an event. API Gateway has two names for some of them. */
const OUTCOME: Readonly<Record<string, (progress: Progress) => Value>> = {
  'status': ({ status }) => status,
  'integrationLatency': latency,
  'integration.latency': latency,
  'integrationStatus': callStatus,
  'integration.integrationStatus': callStatus,
  'integration.status': ({ integration }) => integration?.status,
  'integration.requestId': ({ integration }) => integration?.requestId,
  'integrationErrorMessage': reason,
  'integration.error': reason,
  'error.message': ({ failure }) => failure?.message,
  [QUOTED]: ({ failure }) => failure?.message,
  'error.validationErrorString': ({ validationError }) => validationError,
  'authorizer.status': ({ authorizer }) => authorizer?.status,
  'authorizer.latency': ({ authorizer }) => authorizer?.latencyMillis,
  'authorizer.error': ({ authorizer }) => authorizer?.error,
};

function latency({ integration }: Progress): Value {
  return integration?.latencyMillis;
}

function callStatus({ integration }: Progress): Value {
  return integration?.callStatus;
}

function reason({ failure }: Progress): Value {
  return failure?.reason;
}

const PLAIN = /^[ !#-[\]-~]*$/;

/** As in a JSON text: clients choose some of the values, and no value may end its field or its line. */
function escaped(value: string): string {
  return PLAIN.test(value) ? value : JSON.stringify(value).slice(1, -1).replace(/[\u007f-\u009f\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Formats are few, and each is taken apart once. */
const known = new Map<string, ReadonlyArray<string | Variable>>();

/** Text and variables, in turn. */
function partsOf(format: string): ReadonlyArray<string | Variable> {
  let parts = known.get(format);
  if (!parts) {
    parts = format.split(/\$context\.([A-Za-z][\w-]*(?:\.[A-Za-z][\w-]*)*)/).map((part, index) => index % 2 === 0 ? part : variable(part));
    known.set(format, parts);
  }
  return parts;
}

/** @param name below `$context` */
function variable(name: string): Variable {
  return { outcome: Object.hasOwn(OUTCOME, name) ? OUTCOME[name] : undefined, path: name.split('.'), isQuoted: name === QUOTED };
}

function valueAt(context: unknown, path: readonly string[]): unknown {
  let value: any = context;
  for (const name of path) {
    value = value !== null && typeof value === 'object' && Object.hasOwn(value, name) ? value[name] : undefined;
  }
  return value;
}
