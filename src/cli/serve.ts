import { readEnvFile } from './env-file';
import { greeting } from './greeting';
import { LocalOptions } from './local-options';
import { Output } from './output';
import { describe, footer, painter } from './report';
import { announce } from './running-gateway';
import { keepHeapSmall } from './small-heap';
import { stopInOrder } from './stopping';
import { findAssembly } from '../local/assembly/app-assembly';
import { RealClock } from '../local/clock';
import { consolePage } from '../local/console/console-page';
import { terminalJson } from '../local/events/terminal-text';
import { GatewayEvent } from '../local/events/trace';
import { Gateway } from '../local/gateway';

/** Serves the APIs of an app until it is stopped. */
export async function serve({ app, port, watch, env: envFile, host, allowedOrigins, accessLog, inspect, json }: LocalOptions) {
  const env = envFile === undefined ? {} : readEnvFile(envFile);
  let gateway: Gateway | undefined;
  stopInOrder(() => gateway?.close());
  const { folder } = await findAssembly(app, (text) => process.stderr.write(text));
  gateway = await Gateway.start({
    assembly: folder, port, env, host, allowedOrigins, inspect, clock: new RealClock(), appFolder: process.cwd(), page: consolePage,
  });

  keepHeapSmall();
  announce({ port: gateway.port, assembly: folder, credentials: gateway.credentials });
  if (json) { printJson(gateway); } else { printForPeople(gateway, accessLog); }
  if (watch) {
    // It comes with what builds handlers, which nothing else needs.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { Watch } = require('./watching/watch') as typeof import('./watching/watch');
    await Watch.start(gateway, folder, process.cwd());
  }
}

function printJson(gateway: Gateway) {
  const output = new Output(process.stdout);
  const { apis, caFile, credentials, port, tablesUrl } = gateway;
  const show = (value: object) => output.print(() => terminalJson(value));
  show({ type: 'listening', port, apis, caFile, credentials, tablesUrl });
  gateway.events().forEach(show);
  gateway.onEvent(show);
}

function printForPeople(gateway: Gateway, accessLog: boolean) {
  const paint = painter(Boolean(process.stdout.isTTY) && !process.env.NO_COLOR);
  const output = new Output(process.stdout, (columns) => paint('dim', footer(gateway, columns)));
  const show = (event: GatewayEvent) => {
    if (event.type !== 'access-log' || accessLog) { output.print(() => describe(event, paint)); }
  };
  output.print(greeting(gateway, paint));
  gateway.events().forEach(show);
  gateway.onEvent(show);
}
