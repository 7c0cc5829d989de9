import { createServer, RequestListener, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { ConsoleSource, handleConsoleRequest, isConsolePath } from '../../../src/local/console/console-page';
import { ConnectionInfo, ServedApi } from '../../../src/local/definition/served-api';
import { GatewayEvent, NewEvent } from '../../../src/local/events/trace';

/** What the page shows, as a test wants it. */
export class FakeSource implements ConsoleSource {
  public apis: ServedApi[] = [];
  public readonly past: GatewayEvent[] = [];
  public readonly open: ConnectionInfo[] = [];
  public readonly listeners = new Set<(event: GatewayEvent) => void>();

  public connections(): ConnectionInfo[] {
    return this.open;
  }

  public events(): GatewayEvent[] {
    return [...this.past];
  }

  public onEvent(listener: (event: GatewayEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  public emit(event: NewEvent) {
    const timed = { time: Date.now(), ...event } as GatewayEvent;
    this.past.push(timed);
    this.listeners.forEach((listener) => listener(timed));
  }
}

export function servedApi(port: number, overrides: Partial<ServedApi> = {}): ServedApi {
  const { stage = 'dev' } = overrides;
  const at = `localhost:${port}/${stage}`;
  return {
    name: 'Chat',
    id: 'a1b2c3d4e5',
    stage,
    url: `ws://${at}`,
    secureUrl: `wss://${at}`,
    callbackUrl: `https://${at}`,
    routes: ['$connect', '$default', 'sendMessage'],
    domainUrls: [],
    required: { queryString: [], headers: [], signature: false },
    messages: [],
    ...overrides,
  };
}

export function connectionInfo(connectionId: string, overrides: Partial<ConnectionInfo> = {}): ConnectionInfo {
  return { connectionId, api: 'Chat', stage: 'dev', sourceIp: '127.0.0.1', connectedAt: new Date(), lastActiveAt: new Date(), ...overrides };
}

export interface ConsoleServer {
  readonly server: Server;
  readonly port: number;
}

/** The page on a free port, as the gateway has it. */
export async function serveConsole(
  source: ConsoleSource,
  make: (listener: RequestListener) => Server = createServer,
): Promise<ConsoleServer> {
  const server = make((request, response) => {
    if (isConsolePath(request.url!)) {
      handleConsoleRequest(source, request, response);
    } else {
      response.writeHead(404).end();
    }
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

const servers: Server[] = [];

afterEach(() => servers.splice(0).forEach((server) => {
  server.close();
  server.closeAllConnections();
}));
