import { IncomingMessage } from 'node:http';
import { connect, Socket } from 'node:net';
import { isLocal } from './address';
import { Serve } from './listener';

export interface ProxyOptions {
  /** Whether the gateway itself answers for a host. */
  readonly isHost: (name: string) => boolean;
  /** Tells the user, once. */
  readonly warn: (text: string) => void;
}

/** AWS's own services. Functions have no credentials for them but the gateway's. */
const AWS = /\.(?:amazonaws\.com(?:\.cn)?|amazonaws\.eu|api\.aws|api\.amazonwebservices\.com\.cn)$/;

/**
 * A proxy for the functions of this machine, for clients that offer no other way to redirect them: see `docs/addresses.md`. It answers for
 * the hosts of the assembly itself, and passes other traffic on unchanged. It cannot read that traffic, and lets none of it go to AWS.
 */
export class Proxy {
  private readonly warned = new Set<string>();

  constructor(private readonly options: ProxyOptions) {}

  public handle(request: IncomingMessage, socket: Socket, head: Buffer, serve: Serve) {
    socket.on('error', () => socket.destroy());
    const { isHost } = this.options;
    const [, bracketed, plain, port] = /^(?:\[([\da-f:.]+)\]|([\w.-]+)):(\d{1,5})$/i.exec(request.url ?? '') ?? [];
    const host = (bracketed ?? plain ?? '').toLowerCase().replace(/\.$/, '');
    if (host === '' || !isLocal((socket.remoteAddress ?? '').replace(/^::ffff:/, '').replace('::1', '[::1]'))) {
      return refuse(socket, 'the proxy is for the functions of this machine');
    }
    if (isHost(host)) {
      socket.write(ESTABLISHED);
      return serve(socket, head);
    }
    if (AWS.test(host)) {
      const [service] = host.split('.').filter((label) => !/^(?:fips|dualstack|\w+-\w+-\d)$/.test(label));
      const reason = `a function called \`${host}\`, which was refused, because the request would leave this machine with the gateway's credentials: `
        + `set \`AWS_ENDPOINT_URL_${service.toUpperCase().replace(/\W/g, '_')}\` in the env file to what stands in for it here, `
        + `or, if it signs with credentials of your own, \`NO_PROXY=${host}\` (Java ignores that: there, make the HTTP client in code, without a proxy)`;
      if (!this.warned.has(host)) {
        this.warned.add(host);
        this.options.warn(reason);
      }
      return refuse(socket, reason);
    }
    this.tunnel(host, Number(port), socket, head);
  }

  private tunnel(host: string, port: number, socket: Socket, head: Buffer) {
    const remote = connect({ host, port: Math.min(port, 65_535) }, () => {
      socket.write(ESTABLISHED);
      remote.write(head);
      socket.pipe(remote).pipe(socket);
    });
    remote.on('error', (error) => (remote.connecting || socket.bytesWritten === 0 ? refuse(socket, error.message, '502 Bad Gateway') : socket.destroy()));
    remote.on('close', () => socket.destroy());
    socket.on('close', () => remote.destroy());
  }
}

const ESTABLISHED = 'HTTP/1.1 200 Connection Established\r\n\r\n';

function refuse(socket: Socket, reason: string, status = '403 Forbidden') {
  socket.end(`HTTP/1.1 ${status}\r\nContent-Type: text/plain\r\nContent-Length: ${Buffer.byteLength(reason)}\r\nConnection: close\r\n\r\n${reason}`);
}
