import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { ConnectionsApi, connectionsApi } from '../../src/shipped/posts/connections-api';

export interface Post {
  readonly method: string;
  readonly connectionId: string;
  readonly data: string;
}

/** A server that answers as `@connections` does, on loopback. */
export class FakeConnections {
  public static async start(): Promise<FakeConnections> {
    const fake = new FakeConnections();
    await new Promise<void>((resolve) => fake.server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  /** What came, and was taken. */
  public readonly posts: Post[] = [];
  public readonly tried = new Map<string, number>();
  /** What a connection answers the next times, one status after the other, and then 200. `0` breaks the socket. */
  public readonly answers = new Map<string, number[]>();
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      void buffer(request).then(async (body) => {
        const connectionId = decodeURIComponent(/@connections\/(.*)$/.exec(request.url!)![1]);
        const post = { method: request.method!, connectionId, data: body.toString() };
        this.tried.set(connectionId, (this.tried.get(connectionId) ?? 0) + 1);
        await this.before(post);
        const status = this.answers.get(connectionId)?.shift() ?? 200;
        if (status === 0) { response.destroy(); return; }
        if (status === 200) { this.posts.push(post); }
        response.writeHead(status).end();
      });
    });
  }

  /** What happens before a post is answered. */
  public before: (post: Post) => Promise<void> = async () => {};

  public get api(): ConnectionsApi {
    return connectionsApi({
      callbackUrl: `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/dev`,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      sockets: 50,
    });
  }

  /** Who got what, and how often. */
  public received(): { [connectionId: string]: string[] } {
    const received: { [connectionId: string]: string[] } = {};
    for (const { connectionId, data, method } of this.posts) { (received[connectionId] ??= []).push(method === 'POST' ? data : method); }
    return received;
  }

  public clear(): void {
    this.posts.length = 0;
    this.tried.clear();
    this.answers.clear();
    this.before = async () => {};
  }

  public close(): Promise<unknown> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }
}
