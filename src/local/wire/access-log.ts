import { Backend, current } from './backend';
import { Exchange } from '../dispatch/exchange';

/** The line of an event in the access log, where the stage has one. */
export function logAccess(backend: Backend, exchange: Exchange) {
  const { api, stage } = current(backend, exchange.connection);
  if (stage.accessLog) {
    backend.trace.add({ type: 'access-log', api: api.name, stage: stage.name, line: accessLogLine(stage.accessLog.format, exchange) });
  }
}

/** A line of the access log, in the format of the stage: what has no value is `-`. */
export function accessLogLine(format: string, exchange: Exchange): string {
  const context = exchange.context();
  return partsOf(format).map((part, index) => {
    if (index % 2 === 0) { return part; }
    const value = exchange.outcome[part] ?? valueAt(context, part);
    return value === undefined || value === null || value === '' || typeof value === 'object' ? '-' : String(value);
  }).join('');
}

/** Of the formats that were used: each is taken apart once. */
const known = new Map<string, string[]>();

/** Text and names below `$context`, in turn. */
function partsOf(format: string): string[] {
  const parts = known.get(format) ?? format.split(/\$context\.([A-Za-z][\w-]*(?:\.[A-Za-z][\w-]*)*)/);
  known.set(format, parts);
  return parts;
}

function valueAt(context: unknown, name: string): unknown {
  if (!name.includes('.')) { return Object.hasOwn(context as object, name) ? (context as Record<string, unknown>)[name] : undefined; }
  return name.split('.').reduce((value: any, part) => (value !== null && typeof value === 'object' && Object.hasOwn(value, part) ? value[part] : undefined), context);
}
