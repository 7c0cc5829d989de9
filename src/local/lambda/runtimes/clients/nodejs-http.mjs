// Gets events from the Lambda Runtime API, by HTTP: for a process that a debugger attaches to, or a wrapper starts, and on Windows.
import { connect } from 'node:net';

export function linkByHttp(address) {
  const [host, port] = address.split(':');
  const socket = connect({ host, port: Number(port), noDelay: true });
  const waiting = [];
  let received = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    for (let end = received.indexOf('\r\n\r\n'); end !== -1; end = received.indexOf('\r\n\r\n')) {
      const [, ...lines] = received.latin1Slice(0, end).split('\r\n');
      const headers = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]));
      const last = end + 4 + Number(headers['content-length']);
      if (received.length < last) { return; }
      const body = received.utf8Slice(end + 4, last);
      received = received.subarray(last);
      waiting.shift()({ headers, body });
    }
  });
  // The gateway has ended.
  socket.on('error', () => process.exit(1));
  socket.on('close', () => process.exit(1));

  const post = ({ id, isError = false, type, body }) => {
    const path = id === 'init' ? 'init/error' : `invocation/${id}/${isError ? 'error' : 'response'}`;
    const error = type === undefined ? '' : `Lambda-Runtime-Function-Error-Type: ${type.replace(/[^\x20-\x7e]/g, '?')}\r\n`;
    return `POST /2018-06-01/runtime/${path} HTTP/1.1\r\nHost: ${address}\r\nContent-Type: application/json\r\n${error}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  };
  return {
    /** An answer and the request for the next event go out together, as one write. */
    async next(outcome) {
      socket.ref();
      socket.write(`${outcome ? post(outcome) : ''}GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: ${address}\r\n\r\n`);
      if (outcome) { waiting.push(() => undefined); }
      const { headers, body } = await new Promise((done) => waiting.push(done));
      // Whether the event loop is empty depends on the handler alone.
      socket.unref();
      return {
        id: headers['lambda-runtime-aws-request-id'],
        deadline: Number(headers['lambda-runtime-deadline-ms']),
        functionArn: headers['lambda-runtime-invoked-function-arn'],
        traceId: headers['lambda-runtime-trace-id'],
        ahead: Number(headers['local-clock-ahead-ms']),
        body,
      };
    },
    end(outcome, done) {
      socket.ref();
      socket.write(post(outcome), done);
    },
  };
}
