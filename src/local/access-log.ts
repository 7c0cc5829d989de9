import { Backend, current } from './backend';
import { Exchange } from './exchange';

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
  return format.replace(/\$context((?:\.[A-Za-z][\w-]*)+)/g, (_, path: string) => {
    const name = path.slice(1);
    const value = exchange.outcome[name] ?? valueAt(context, name);
    return value === undefined || value === null || value === '' || typeof value === 'object' ? '-' : String(value);
  });
}

function valueAt(context: unknown, name: string): unknown {
  return name.split('.').reduce((value: any, part) => (value !== null && typeof value === 'object' && Object.hasOwn(value, part) ? value[part] : undefined), context);
}
