import { ChildProcess, spawn } from 'node:child_process';
import { connect, Socket } from 'node:net';
import { WebSocket } from 'ws';

/** A client of a debugger: as little of each as it takes to stop, to look and to go on. */
export interface Debugger {
  /** The handler stops there from now on. */
  stopAt(place: { readonly file: string; readonly line: number; readonly method?: string }): Promise<void>;
  /** Resolves when it has stopped. */
  stopped(): Promise<void>;
  evaluate(expression: string): Promise<string>;
  goOn(): Promise<void>;
  detach(): void;
}

/** Messages that were waited for, or will be. */
class Inbox<T> {
  private readonly messages: T[] = [];
  private readonly waiting = new Set<() => void>();

  public add(message: T) {
    this.messages.push(message);
    this.waiting.forEach((look) => look());
  }

  /** The first that fits, which is then taken. */
  public take(fits: (message: T) => boolean): Promise<T> {
    return new Promise((resolve) => {
      const look = () => {
        const index = this.messages.findIndex(fits);
        if (index < 0) { return; }
        this.waiting.delete(look);
        resolve(this.messages.splice(index, 1)[0]);
      };
      this.waiting.add(look);
      look();
    });
  }
}

/** The inspector protocol of Node.js. */
export async function nodeDebugger(port: number): Promise<Debugger> {
  const [{ webSocketDebuggerUrl }] = await untilItAnswers(async () => (await fetch(`http://127.0.0.1:${port}/json/list`)).json() as Promise<any>);
  const socket = new WebSocket(webSocketDebuggerUrl);
  const inbox = new Inbox<any>();
  socket.on('message', (data) => inbox.add(JSON.parse(data.toString())));
  await new Promise((resolve) => socket.once('open', resolve));
  let id = 0;
  const send = async (method: string, params = {}) => {
    const own = ++id;
    socket.send(JSON.stringify({ id: own, method, params }));
    return (await inbox.take((one) => one.id === own)).result;
  };
  await send('Debugger.enable');
  let frame: string;
  return {
    stopAt: async ({ file, line }) => { await send('Debugger.setBreakpointByUrl', { urlRegex: `${file.replaceAll('.', '\\.')}$`, lineNumber: line - 1 }); },
    async stopped() { frame = (await inbox.take(({ method }) => method === 'Debugger.paused')).params.callFrames[0].callFrameId; },
    evaluate: async (expression) => String((await send('Debugger.evaluateOnCallFrame', { callFrameId: frame, expression })).result.value),
    goOn: () => send('Debugger.resume'),
    detach: () => socket.close(),
  };
}

/** The Debug Adapter Protocol, which debugpy speaks. */
export async function pythonDebugger(port: number): Promise<Debugger> {
  const socket = await untilItAnswers(() => new Promise<Socket>((resolve, reject) => {
    const made: Socket = connect(port, '127.0.0.1', () => resolve(made)).once('error', reject);
  }));
  const inbox = new Inbox<any>();
  let bytes = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    bytes = Buffer.concat([bytes, chunk]);
    for (let header = /^Content-Length: (\d+)\r\n\r\n/.exec(bytes.toString('latin1')); header; header = /^Content-Length: (\d+)\r\n\r\n/.exec(bytes.toString('latin1'))) {
      const [start, length] = [header[0].length, Number(header[1])];
      if (bytes.length < start + length) { return; }
      inbox.add(JSON.parse(bytes.subarray(start, start + length).toString()));
      bytes = bytes.subarray(start + length);
    }
  });
  let seq = 0;
  const begin = (command: string, args = {}) => {
    const own = ++seq;
    const text = JSON.stringify({ seq: own, type: 'request', command, arguments: args });
    socket.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
    return inbox.take((one) => one.type === 'response' && one.request_seq === own);
  };
  const send = async (command: string, args = {}) => {
    const { success, message, body } = await begin(command, args);
    if (!success) { throw new Error(`${command}: ${message}`); }
    return body;
  };
  await send('initialize', { adapterID: 'test', clientID: 'test' });
  // It answers when the configuration is done.
  void begin('attach', { justMyCode: false });
  await inbox.take(({ event }) => event === 'initialized');
  let configured = false;
  let threadId: number;
  return {
    async stopAt({ file, line }) {
      await send('setBreakpoints', { source: { path: file }, breakpoints: [{ line }] });
      if (!configured) { await send('configurationDone'); }
      configured = true;
    },
    async stopped() { threadId = (await inbox.take(({ event }) => event === 'stopped')).body.threadId; },
    async evaluate(expression) {
      const { stackFrames: [{ id: frameId }] } = await send('stackTrace', { threadId });
      return (await send('evaluate', { expression, frameId })).result;
    },
    goOn: () => send('continue', { threadId }),
    detach: () => socket.destroy(),
  };
}

/** jdb, at its prompt. */
export async function javaDebugger(port: number): Promise<Debugger> {
  const jdb: ChildProcess = await untilItAnswers(() => new Promise<ChildProcess>((resolve, reject) => {
    const child = spawn('jdb', ['-attach', `127.0.0.1:${port}`], { stdio: ['pipe', 'pipe', 'pipe'] });
    child.once('exit', () => reject(new Error('jdb could not attach')));
    child.stdout.once('data', () => resolve(child));
  }));
  let output = '';
  const waiting = new Set<() => void>();
  jdb.stdout!.on('data', (data) => {
    output += data;
    waiting.forEach((look) => look());
  });
  const until = (pattern: RegExp) => new Promise<RegExpExecArray>((resolve) => {
    const look = () => {
      const found = pattern.exec(output);
      if (!found) { return; }
      waiting.delete(look);
      output = output.slice(found.index + found[0].length);
      resolve(found);
    };
    waiting.add(look);
    look();
  });
  const type = (line: string) => jdb.stdin!.write(`${line}\n`);
  return {
    async stopAt({ method }) {
      type(`stop in ${method}`);
      await until(/Set breakpoint|Deferring breakpoint/);
    },
    async stopped() { await until(/Breakpoint hit/); },
    async evaluate(expression) {
      type(`print ${expression}`);
      return (await until(/ = (.*)/))[1];
    },
    async goOn() { type('cont'); },
    detach: () => jdb.kill('SIGKILL'),
  };
}

/** A process that starts listens after a while. */
async function untilItAnswers<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      if (attempt > 300) { throw error; }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
