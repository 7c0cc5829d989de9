import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Insight, Place } from './place';
import { GatewayEvent, LocalGateway } from '../../../../src/local';
import { ServedApp, serveApp } from '../../served-app';
import { until } from '../../until';
import { defineContractApp } from '../app/contract-app';

/** The gateway in this process, with a clock that rows advance. */
export class GatewayPlace implements Place {
  public static async start(): Promise<GatewayPlace> {
    const received: string[] = [];
    const backend = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) { body += chunk; }
      const { method, url = '', headers } = request;
      received.push(`RECEIVED ${JSON.stringify({ method, url, headers, body })}`);
      response.writeHead(url.includes('teapot') ? 418 : 200, { 'content-type': 'application/json' }).end(JSON.stringify({ said: body, MessageId: 'm' }));
    }).listen(0, '127.0.0.1');
    await once(backend, 'listening');
    const origin = `http://127.0.0.1:${(backend.address() as AddressInfo).port}`;
    const served = await serveApp({}, (stack) => defineContractApp(stack, { backend: origin, nowhere: 'http://127.0.0.1:1/', accessLog: true, customDomain: true }), {
      clock: 'manual', env: { AWS_ENDPOINT_URL_SQS: origin },
    });
    return new GatewayPlace(served, backend, received);
  }

  public readonly region = 'eu-west-1';
  public readonly account = '111111111111';
  public readonly addresses = /^(127\.0\.0\.1|::1)$/;
  public readonly momentMillis = 1;
  private readonly gateway: LocalGateway;

  private constructor(private readonly served: ServedApp, private readonly backend: Server, private readonly received: string[]) {
    this.gateway = served.gateway;
  }

  public api(name: string) {
    return this.gateway.apis.find((api) => api.name === name)!;
  }

  public async credentials() {
    return this.gateway.credentials;
  }

  public async credentialsOf(role: string) {
    return this.gateway.credentialsFor(`Stack/${role}`);
  }

  public async line(text: string, holds: (line: string) => boolean) {
    await this.gateway.settled();
    const find = () => this.linesWith(text).find(holds);
    await until(() => find() !== undefined);
    return find()!;
  }

  public async lines(text: string) {
    await this.gateway.settled();
    return this.linesWith(text);
  }

  public async accessLog(text: string, count: number) {
    const find = () => this.events('access-log').map(({ line }) => line).filter((line) => line.includes(text));
    await until(() => find().length >= count);
    return find();
  }

  public settled() {
    return this.gateway.settled();
  }

  public pass(milliseconds: number) {
    return this.gateway.advance(milliseconds);
  }

  public gate() {
    const gate = join(this.served.folder, 'gate');
    return { message: { gate }, open: () => writeFileSync(gate, 'open') };
  }

  public async inGateway(check: (insight: Insight) => unknown) {
    await check({ gateway: this.gateway, last: (type) => this.events(type).at(-1)! });
  }

  public async close() {
    await this.served.close();
    this.backend.close();
  }

  private linesWith(text: string): string[] {
    return [...this.events('function-log').map((event) => event.text), ...this.received].filter((line) => line.includes(text));
  }

  private events<T extends GatewayEvent['type']>(type: T) {
    return this.gateway.events().filter((event): event is GatewayEvent & { type: T } => event.type === type);
  }
}
