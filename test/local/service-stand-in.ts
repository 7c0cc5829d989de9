import { once } from 'node:events';
import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { Credentials } from '../../src/local';
import { verifySignature } from '../../src/local/iam/verify-signature';

/** A request as a service received it. */
export interface ReceivedCall {
  readonly method: string;
  readonly url: string;
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
}

export interface Answer {
  readonly status?: number;
  readonly body: unknown;
}

/** Stands for AWS's services, or for an HTTP endpoint. Requests to services must be signed by a caller whom `trust` has named. */
export class ServiceStandIn {
  public static async start(answer: (call: ReceivedCall) => Answer | Promise<Answer>): Promise<ServiceStandIn> {
    const standIn = new ServiceStandIn(answer);
    await once(standIn.server.listen(0, '127.0.0.1'), 'listening');
    return standIn;
  }

  /** In the order in which they came. */
  public readonly received: ReceivedCall[] = [];
  private readonly secrets = new Map<string, Credentials>();
  private readonly server: Server;

  private constructor(answer: (call: ReceivedCall) => Answer | Promise<Answer>) {
    this.server = createServer(async (request, response) => {
      let text = '';
      for await (const chunk of request) { text += chunk; }
      const call = { method: request.method!, url: request.url!, headers: request.headers as ReceivedCall['headers'], body: text };
      const refusal = this.refusal(call);
      if (refusal === undefined) { this.received.push(call); }
      const { status = 200, body } = refusal === undefined ? await answer(call) : { status: 403, body: { refused: refusal } };
      response.writeHead(status, { 'content-type': 'application/json' }).end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  }

  public get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public get last(): ReceivedCall {
    return this.received.at(-1)!;
  }

  /** Takes requests that are signed with these credentials. */
  public trust(credentials: Credentials): void {
    this.secrets.set(credentials.accessKeyId, credentials);
  }

  public close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private refusal({ method, url, headers, body }: ReceivedCall): string | undefined {
    const [, service] = /\/([\w-]+)\/aws4_request/.exec(headers.authorization ?? '') ?? [];
    if (service === undefined) { return url.startsWith('/http') ? undefined : 'not signed'; }
    const verification = verifySignature({ method, path: url, headers, body }, {
      service,
      region: 'eu-west-1',
      now: Date.now(),
      secretOf: (key, token) => this.secrets.get(key)?.sessionToken === token ? this.secrets.get(key)?.secretAccessKey : undefined,
    });
    return verification.ok ? undefined : verification.reason;
  }
}
