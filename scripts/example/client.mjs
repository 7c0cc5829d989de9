import { once } from 'node:events';

/** The limit for every wait: messages take milliseconds, or a second if a function has to start. */
const PATIENCE_MILLIS = 15_000;

/** A person with a WebSocket. */
export class Client {
  static async connect(socket, name, print) {
    const client = new Client(socket, name, print);
    await inTime(`${name} is not connected`, once(socket, 'open').catch(({ message }) => { throw new Error(`${name} is not connected: ${message}`); }));
    client.#print('connects');
    return client;
  }

  #socket;
  #name;
  #line;
  #arrived = [];
  #wake = () => undefined;

  constructor(socket, name, line) {
    this.#socket = socket;
    this.#name = name;
    this.#line = line;
    socket.on('message', (data) => {
      this.#arrived.push(JSON.parse(data));
      this.#wake();
    });
  }

  /** Messages that arrived, and that nobody waited for. */
  get unread() {
    return this.#arrived;
  }

  says(message) {
    this.#print(`→ ${JSON.stringify(message)}`);
    this.#socket.send(JSON.stringify(message));
  }

  async reads(expected) {
    const arrived = this.#arrived.length > 0 ? undefined : new Promise((done) => { this.#wake = done; });
    await inTime(`${this.#name} does not get ${JSON.stringify(expected)}`, arrived);
    const message = this.#arrived.shift();
    this.#print(`← ${JSON.stringify(message)}`);
    for (const [name, value] of Object.entries(expected)) {
      if (JSON.stringify(message[name]) !== JSON.stringify(value)) { throw new Error(`${this.#name} should have got ${JSON.stringify(expected)}, not ${JSON.stringify(message)}`); }
    }
    return message;
  }

  async leaves() {
    const closed = once(this.#socket, 'close');
    this.#socket.close(1000, 'bye');
    await inTime(`${this.#name} cannot leave`, closed);
    this.#print('leaves');
  }

  #print(text) {
    this.#line(`  ${this.#name}  ${text}`);
  }
}

/** Waits for a promise, and complains if that takes too long. */
export async function inTime(complaint, promise) {
  let timer;
  const late = new Promise((_, failed) => { timer = setTimeout(() => failed(new Error(complaint)), PATIENCE_MILLIS); });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
