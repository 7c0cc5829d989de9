// What an event says.

const TWO_HOURS = 2 * 60 * 60_000;

const CLOSE_CODES = {
  1000: 'closed normally',
  1001: 'the client left: its page was closed, or shows something else',
  1003: 'binary frames are not supported',
  1005: 'closed with no code',
  1006: 'broken off with no close frame',
  1008: 'too many requests',
  1009: 'the message or a frame of it is too big',
  1011: 'internal error',
  1012: 'the service restarts',
};
const FUNCTION_EVENTS = { 'start': 'starts', 'ready': 'ready', 'exit': 'exited', 'timeout': 'timed out, and was killed', 'init-error': 'failed to start', 'inspect': 'can be debugged' };

/** What the filter shows an event with; without one here, it is about frames. */
export const KINDS = { 'access-log': 'access', 'function-log': 'functions', 'function': 'functions', 'invoke-api': 'functions', 'event-invocation': 'functions', 'reload': 'functions', 'warning': 'problems' };

/** What a tone looks like, and what it means. */
export const MARKS = {
  open: ['+', 'connected'],
  close: ['−', 'disconnected'],
  bad: ['✗', 'failed'],
  in: ['→', 'from the client'],
  out: ['←', 'to the client'],
  post: ['⇠', 'through @connections'],
  invoke: ['⇢', 'invoked'],
  done: ['✓', 'handled'],
  access: ['≡', 'access log'],
  stdout: ['│', 'output of a function'],
  stderr: ['│', 'error output of a function'],
  function: ['ƒ', 'function'],
  reload: ['↻', 'reloaded'],
  warn: ['!', 'warning'],
};

/** The two limits of API Gateway share a code and a reason: how long the connection was open tells which it was. */
export function closing(code, reason, openMillis) {
  if (code === 1001 && reason !== '') {
    const limit = openMillis === undefined ? 'idle for 10 minutes or open for 2 hours' : openMillis >= TWO_HOURS ? 'open for 2 hours' : 'idle for 10 minutes';
    return `${limit}, the longest that API Gateway allows`;
  }
  const words = CLOSE_CODES[code] ?? '';
  return words.startsWith(reason.toLowerCase()) ? words : `${reason}${words === '' || reason.toLowerCase().includes(words) ? '' : ` (${words})`}`;
}

/** How long the connections of these events were open. */
export const openMillis = new WeakMap();

/** The tone, the route or function, and the rest in words. */
export function describe(event) {
  const { type, status, body, reason } = event;
  const failed = (type !== 'connect' && reason !== undefined) || status >= 400;
  switch (type) {
    case 'connect':
      return status === 101 ? ['open', '$connect', `connected to ${event.api} (${event.stage}) from ${event.sourceIp}`] : ['bad', '$connect', `refused: ${event.reason ?? 'no reason is known'}`];
    case 'message':
      return ['in', event.routeKey, body];
    case 'answer':
      return [failed ? 'bad' : body === undefined ? 'done' : 'out', event.routeKey, reason ?? body ?? 'handled, nothing sent back'];
    case 'connections-api': {
      const call = `${event.method} by ${event.caller}`;
      const problem = status === 410 ? 'the connection is gone, or not open yet' : reason ?? 'failed';
      return failed ? ['bad', '@connections', `${call}: ${problem}`] : ['post', '@connections', body ?? call];
    }
    case 'invoke-api':
      return [failed ? 'bad' : 'invoke', event.function, `${event.invocationType} by ${event.caller}: ${reason ?? body ?? ''}`];
    case 'event-invocation':
      return failed
        ? ['bad', event.function, `asynchronous, attempt ${event.attempt} failed, ${event.retryInMillis === undefined ? 'given up' : `again in ${event.retryInMillis / 1000} s`}: ${reason}`]
        : ['done', event.function, 'asynchronous, done'];
    case 'disconnect':
      return ['close', '$disconnect', closing(event.code, event.reason, openMillis.get(event))];
    case 'access-log':
      return ['access', `${event.api} (${event.stage})`, event.line];
    case 'function-log':
      return [event.stream, event.function, event.text];
    case 'function':
      return [['timeout', 'init-error'].includes(event.what) ? 'bad' : 'function', event.function, [FUNCTION_EVENTS[event.what], event.reason].filter(Boolean).join(': ')];
    case 'reload':
      return ['reload', '', `reloaded ${event.what}`];
    default:
      return ['warn', '', event.text];
  }
}
