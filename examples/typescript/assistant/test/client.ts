import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Frame } from '../src/frames';

/** A client that asks, and keeps what it is sent. */
export class Client {
  static async connect(url: string): Promise<Client> {
    const socket = new WebSocket(url);
    await once(socket, 'open');
    return new Client(socket);
  }

  readonly frames: Frame[] = [];

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data) => this.frames.push(JSON.parse(String(data))));
  }

  send(message: object | string): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify({ action: 'ask', ...message }));
  }

  ask(question: string, id = question): void {
    this.send({ id, question });
  }

  /** Waits for the last frame of an answer. */
  async answered(): Promise<Exclude<Frame, { type: 'chunk' }>> {
    for (;;) {
      const last = this.frames.at(-1);
      if (last && last.type !== 'chunk') { return last; }
      await once(this.socket, 'message');
    }
  }

  /** Waits for a chunk. */
  async chunk(index: number): Promise<void> {
    while (!this.frames.some((frame) => frame.type === 'chunk' && frame.index === index)) { await once(this.socket, 'message'); }
  }

  /** What has arrived, as it arrived. */
  get chunks(): [number, string][] {
    return this.frames.flatMap((frame) => frame.type === 'chunk' ? [[frame.index, frame.text] as [number, string]] : []);
  }

  leave(): void {
    this.socket.terminate();
  }
}
