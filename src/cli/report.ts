import { onLines, onOneLine, withColours } from '../local/events/terminal-text';
import { GatewayEvent } from '../local/events/trace';

const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

/** Gives a text a style, if people look. */
export interface Paint {
  (style: keyof typeof CODES, text: string): string;
  readonly colours: boolean;
}

export function painter(colours: boolean): Paint {
  return Object.assign((style: keyof typeof CODES, text: string) => (colours ? `\u001b[${CODES[style]}m${text}\u001b[0m` : text), { colours });
}

/** Of a body or a reason, so much is shown; `--json` and the page have all of it. */
const MAX_BODY_CHARACTERS = 300;
const MAX_LOG_CHARACTERS = 8 * 1024;

/** An event in words; undefined if it says nothing that others do not. */
export function describe(raw: GatewayEvent, paint: Paint): string | undefined {
  const event = safe(raw, paint);
  const line = (mark: string, style: keyof typeof CODES, ...parts: Array<string | undefined>) => (
    [paint('dim', new Date(event.time).toISOString().slice(11, 23)), paint(style, mark), ...parts.filter((part) => part !== undefined && part !== '')].join(' ')
  );
  switch (event.type) {
    case 'connect':
      return event.status === 101
        ? line('+', 'green', event.connectionId, `connected to ${event.api} (${event.stage}), ${event.durationMillis} ms`)
        : line('✗', 'red', event.connectionId, `refused with ${event.status}, ${event.durationMillis} ms:`, event.reason ?? '');
    case 'message':
      return line('→', 'cyan', event.connectionId, paint('bold', event.routeKey), event.body);
    case 'answer':
      return event.reason === undefined
        ? line('←', 'cyan', event.connectionId, paint('bold', event.routeKey), `${event.status}, ${event.durationMillis} ms`, event.body)
        : line('✗', 'red', event.connectionId, paint('bold', event.routeKey), `${event.status}, ${event.durationMillis} ms:`, event.reason);
    case 'connections-api':
      return event.reason === undefined
        ? line('⇠', 'cyan', event.connectionId, `${event.method} ${event.status} by ${event.caller}`, event.body)
        : line('✗', event.status === 410 ? 'yellow' : 'red', event.connectionId, `${event.method} ${event.status} by ${event.caller}:`, event.reason);
    case 'invoke-api':
      return event.reason === undefined
        ? line('⇢', 'cyan', event.function, `${event.invocationType} ${event.status} by ${event.caller}, ${event.durationMillis} ms`, event.body)
        : line('✗', 'red', event.function, `${event.invocationType} ${event.status} by ${event.caller}:`, event.reason);
    case 'event-invocation':
      return event.reason === undefined
        ? line('⇢', 'cyan', event.function, `asynchronous, done, ${event.durationMillis} ms`)
        : line('✗', 'red', event.function, `asynchronous, attempt ${event.attempt} failed, ${nextAttempt(event.retryInMillis)}:`, event.reason);
    case 'disconnect':
      return line('−', 'yellow', event.connectionId, `disconnected: ${event.code} ${event.reason}`.trimEnd());
    case 'access-log':
      return line('≡', 'dim', paint('dim', event.line));
    case 'function-log':
      return line('│', event.stream === 'stderr' ? 'yellow' : 'dim', paint('dim', event.function), event.text);
    case 'function':
      if (event.what === 'inspect') { return line('ƒ', 'green', event.function, event.reason); }
      return event.what === 'timeout' || event.what === 'init-error' ? line('✗', 'red', event.function, event.what, event.reason) : undefined;
    case 'reload':
      return line('↻', 'green', event.what, `in ${event.durationMillis} ms`);
    case 'warning':
      return `${paint('yellow', '!')} ${event.text}`;
  }
}

function nextAttempt(millis: number | undefined): string {
  return millis === undefined ? 'and the event is given up' : `the next is in ${millis / 1000} s`;
}

/** Every text of an event, as a terminal may have it. A field that is new is safe by itself. */
function safe<T extends GatewayEvent>(event: T, { colours }: Paint): T {
  return Object.fromEntries(Object.entries(event).map(([name, value]) => {
    if (typeof value !== 'string') { return [name, value]; }
    if (event.type === 'function-log' && name === 'text') { return [name, withColours(cut(value), colours)]; }
    return [name, event.type === 'warning' ? onLines(value) : onOneLine(value, event.type === 'access-log' ? Infinity : MAX_BODY_CHARACTERS)];
  })) as T;
}

function cut(log: string): string {
  return log.length > MAX_LOG_CHARACTERS ? `${log.slice(0, MAX_LOG_CHARACTERS)}… (${log.length} characters)` : log;
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** What stays in sight however much happens: where to connect. */
export function footer(
  { apis, port }: { readonly apis: ReadonlyArray<{ readonly url: string }>; readonly port: number },
  columns: number,
): string {
  const text = onOneLine([...apis.map(({ url }) => url), `http://localhost:${port}/_console`].reverse().join('  '));
  return text.length > columns ? `${text.slice(0, columns - 1)}…` : text;
}
