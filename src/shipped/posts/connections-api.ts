import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { sha256 } from '../../signature/canonical-request';
import { signRequest } from '../../signature/sign-request';

/** API Gateway sends no more in one message. */
export const MAX_BYTES = 128 * 1024;

/** A connection that is slow to take a message holds one of the sockets. */
const TIMEOUT = 5_000;

const NOTHING = Buffer.alloc(0);

/** API Gateway's `@connections`. */
export interface ConnectionsApi {
  /** @returns the status of the answer. Rejects if there is none */
  post(connectionId: string, data: Buffer): Promise<number>;

  close(connectionId: string): Promise<number>;
}

export interface ConnectionsApiProps {
  /** `https://<host>/<stage>` */
  readonly callbackUrl: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };
  /** How many posts are on their way at once. */
  readonly sockets: number;
}

/**
 * `@connections` over sockets that are kept alive. The SDK's client does the same thing with five times the processor time, and that is
 * what limits a broadcast.
 */
export function connectionsApi({ callbackUrl, region, credentials, sockets }: ConnectionsApiProps): ConnectionsApi {
  const { protocol, hostname, host, port, pathname } = new URL(callbackUrl);
  const secure = protocol === 'https:';
  const agent = new (secure ? HttpsAgent : HttpAgent)({ keepAlive: true, maxSockets: sockets });
  /** A broadcast sends the same bytes to everybody. */
  const hashes = new WeakMap<Buffer, string>();

  function hashOf(body: Buffer): string {
    const known = hashes.get(body) ?? sha256(body);
    hashes.set(body, known);
    return known;
  }

  async function send(method: string, connectionId: string, body: Buffer): Promise<number> {
    const path = `${pathname.replace(/\/$/, '')}/@connections/${encodeURIComponent(connectionId)}`;
    const signed = signRequest({ method, path, headers: { host } }, { service: 'execute-api', region, credentials, now: Date.now(), payloadHash: hashOf(body) });
    return new Promise((resolve, reject) => {
      const request = (secure ? httpsRequest : httpRequest)(
        { agent, hostname, port, method, path, headers: { host, ...signed, 'content-length': body.length }, timeout: TIMEOUT },
        (response) => response.resume().on('end', () => resolve(response.statusCode!)).on('error', reject),
      );
      request.on('timeout', () => request.destroy(new Error('API Gateway has not answered in time'))).on('error', reject).end(body);
    });
  }

  return {
    post: (connectionId, data) => send('POST', connectionId, data),
    close: (connectionId) => send('DELETE', connectionId, NOTHING),
  };
}

/** With what Lambda and the library put into the environment of a function. */
export function connectionsApiOf(environment: NodeJS.ProcessEnv, sockets: number): ConnectionsApi {
  return connectionsApi({
    callbackUrl: environment.WEBSOCKET_CALLBACK_URL!,
    region: environment.AWS_REGION!,
    credentials: {
      accessKeyId: environment.AWS_ACCESS_KEY_ID!,
      secretAccessKey: environment.AWS_SECRET_ACCESS_KEY!,
      sessionToken: environment.AWS_SESSION_TOKEN,
    },
    sockets,
  });
}
