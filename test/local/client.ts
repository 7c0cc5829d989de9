import { ClientOptions, WebSocket } from 'ws';

/** A WebSocket client that tests can ask what came. */
export class Client {
  /** @throws Refusal where the handshake fails */
  public static connect(url: string, options: ClientOptions & { readonly protocols?: string[] } = {}): Promise<Client> {
    const { protocols, ...rest } = options;
    const socket = new WebSocket(url, protocols ?? [], { perMessageDeflate: false, ...rest });
    clients.push(socket);
    return new Promise((resolve, reject) => {
      const client = new Client(socket);
      socket.on('open', () => resolve(client));
      socket.on('error', reject);
      socket.on('unexpected-response', (_, response) => {
        let body = '';
        response.on('data', (chunk) => body += chunk);
        response.on('end', () => reject(new Refusal(response.statusCode!, body, response.headers)));
      });
    });
  }

  /** The status that a handshake is refused with. */
  public static async refusal(url: string, options: Parameters<typeof Client.connect>[1] = {}): Promise<Refusal> {
    try {
      await Client.connect(url, options);
    } catch (error) {
      if (error instanceof Refusal) { return error; }
      throw error;
    }
    throw new Error('connected, and should not have');
  }

  public readonly closed: Promise<{ code: number; reason: string }>;
  private readonly received: string[] = [];
  private readonly waiting: Array<(text: string) => void> = [];

  private constructor(public readonly socket: WebSocket) {
    socket.on('message', (data) => {
      const text = data.toString();
      const waiting = this.waiting.shift();
      if (waiting) { waiting(text); } else { this.received.push(text); }
    });
    this.closed = new Promise((resolve) => socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() })));
  }

  public send(message: unknown) {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** The next message, as text. */
  public next(): Promise<string> {
    const text = this.received.shift();
    return text === undefined ? new Promise((resolve) => this.waiting.push(resolve)) : Promise.resolve(text);
  }

  /** Sends, and waits for what comes next. */
  public async ask(message: unknown): Promise<string> {
    this.send(message);
    return this.next();
  }

  /** What has come and was not asked for. */
  public get unread(): readonly string[] {
    return this.received;
  }
}

export class Refusal extends Error {
  constructor(public readonly status: number, public readonly body: string, public readonly headers: Record<string, unknown>) {
    super(`refused with ${status}: ${body}`);
  }
}

const clients: WebSocket[] = [];

afterEach(() => clients.splice(0).forEach((socket) => socket.terminate()));
