import { FunctionModel } from '../local/definition/model';
import { GatewayEvent } from '../local/events/trace';
import { Gateway } from '../local/gateway';
import { runtimeNote } from '../local/lambda/function-pool';

const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;
export type Paint = (style: keyof typeof CODES, text: string) => string;

/** Colours, where people look. */
export function painter(colours: boolean): Paint {
  return (style, text) => (colours ? `\u001b[${CODES[style]}m${text}\u001b[0m` : text);
}

/** What a person sees first: a line for each API. */
export function greeting({ apis, functionsInUse, port }: Pick<Gateway, 'apis' | 'functionsInUse' | 'port'>, paint: Paint): string {
  return apis.map(({ name, url, routes, domainUrls }, index) => [
    `${paint('green', '✓')} ${paint('bold', name)}`,
    paint('cyan', [url, ...domainUrls].join(' ')),
    `${counted(routes.length, 'route')} (${routes.join(', ')})`,
    ...index === apis.length - 1 ? [functionsIn(functionsInUse), paint('dim', `http://localhost:${port}/_console`)] : [],
  ].join('  ')).join('\n');
}

function functionsIn(functions: FunctionModel[]): string {
  const notes = [...new Set(functions.flatMap((fn) => runtimeNote(fn) ?? []))];
  return [counted(functions.length, 'function'), ...notes.length > 0 ? [`on ${notes.join(', ')}`] : []].join(' ');
}

/** An event in words; undefined for what says nothing that others do not. */
export function describe(event: GatewayEvent, paint: Paint): string | undefined {
  const line = (mark: string, style: keyof typeof CODES, ...parts: Array<string | undefined>) => (
    [paint('dim', new Date(event.time).toISOString().slice(11, 23)), paint(style, mark), ...parts.filter((part) => part !== undefined && part !== '')].join(' ')
  );
  switch (event.type) {
    case 'connect':
      return event.status === 101
        ? line('+', 'green', event.connectionId, `connected to ${event.api} (${event.stage}), ${event.durationMillis} ms`)
        : line('✗', 'red', event.connectionId, `refused with ${event.status}, ${event.durationMillis} ms:`, event.reason ?? '');
    case 'message':
      return line('→', 'cyan', event.connectionId, paint('bold', event.routeKey), shorten(event.body));
    case 'answer':
      return event.reason === undefined
        ? line('←', 'cyan', event.connectionId, paint('bold', event.routeKey), `${event.status}, ${event.durationMillis} ms`, event.body === undefined ? undefined : shorten(event.body))
        : line('✗', 'red', event.connectionId, paint('bold', event.routeKey), `${event.status}, ${event.durationMillis} ms:`, shorten(event.reason));
    case 'connections-api':
      return event.reason === undefined
        ? line('⇠', 'cyan', event.connectionId, `${event.method} ${event.status} by ${event.caller}`, event.body === undefined ? undefined : shorten(event.body))
        : line('✗', event.status === 410 ? 'yellow' : 'red', event.connectionId, `${event.method} ${event.status} by ${event.caller}:`, event.reason);
    case 'disconnect':
      return line('−', 'yellow', event.connectionId, `disconnected: ${event.code} ${shorten(event.reason)}`.trimEnd());
    case 'access-log':
      return line('≡', 'dim', paint('dim', event.line));
    case 'function-log':
      return line('│', event.stream === 'stderr' ? 'yellow' : 'dim', paint('dim', event.function), event.text);
    case 'function':
      return event.what === 'timeout' || event.what === 'init-error' ? line('✗', 'red', event.function, event.what, event.reason) : undefined;
    case 'reload':
      return line('↻', 'green', event.what, `in ${event.durationMillis} ms`);
    case 'warning':
      return `${paint('yellow', '!')} ${event.text}`;
  }
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function shorten(text: string): string {
  // What clients send is nothing for the terminal to obey.
  const line = text.replace(/\s*\n\s*/g, ' ').replace(/\p{Cc}/gu, '�');
  return line.length > 300 ? `${line.slice(0, 300)}… (${text.length} characters)` : line;
}
