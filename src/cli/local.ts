import { Command } from './command';
import { readEnvFile } from './env-file';
import { greeting } from './greeting';
import { Values } from './options';
import { Output } from './output';
import { describe, footer, painter } from './report';
import { stopInOrder } from './stopping';
import { Watch } from './watch';
import { findAssembly } from '../local/assembly/app-assembly';
import { RealClock } from '../local/clock';
import { consolePage } from '../local/console/console-page';
import { terminalJson } from '../local/events/terminal-text';
import { GatewayEvent } from '../local/events/trace';
import { Gateway } from '../local/gateway';
import { checkOrigins } from '../local/wire/origin';
import { checkHost } from '../local/wire/reach';

const DEFAULT_PORT = 3001;

const options = {
  'app': { type: 'string', short: 'a', value: '<folder | command>', help: 'an assembly, or the command that makes one (default: `cdk.out`, else `app` of `cdk.json`)' },
  'port': { type: 'string', short: 'p', value: '<number>', help: `the port to listen on; 0 takes any free one (default: ${DEFAULT_PORT})` },
  'watch': { type: 'boolean', short: 'w', help: 'rebuild a handler when its source changes, read the assembly when it changes' },
  'env': { type: 'string', short: 'e', value: '<file>', formerly: 'env-file', help: '`NAME=value` lines: values that the assembly lacks, and variables for functions' },
  'host': { type: 'string', value: '<address>', help: 'let other devices connect to this IP address of the machine; `0.0.0.0`: to any of its own' },
  'allow-origin': { type: 'string', value: '<origin>', multiple: true, help: 'let pages of this origin connect: `https://app.example.com`; may be repeated' },
  'access-log': { type: 'boolean', help: 'print the access log too, in the format of the stage' },
  'json': { type: 'boolean', help: 'print events as JSON for programs, one a line' },
} as const;

export interface LocalOptions {
  readonly app?: string;
  readonly port: number;
  readonly watch: boolean;
  /** The path of a file. */
  readonly env?: string;
  readonly host?: string;
  readonly allowedOrigins: readonly string[];
  readonly accessLog: boolean;
  readonly json: boolean;
}

/** Runs the APIs of an app. */
export const local: Command<typeof options> = {
  name: 'local',
  summary: 'run the WebSocket APIs of a synthesized CDK app on this machine.',
  options,
  notes: `Every WebSocket API of the app is served. Connect with any WebSocket client, or open /_console in a browser.
Calls to AWS services go to AWS_ENDPOINT_URL or AWS_ENDPOINT_URL_<SERVICE>, for example to a DynamoDB on this machine.`,
  run: (values) => serve(checked(values)),
};

/** @throws Error that names the option whose value is wrong */
export function checked(values: Values<typeof options>): LocalOptions {
  const { app, port: given = String(DEFAULT_PORT), watch = false, env, host, json = false } = values;
  const { 'allow-origin': allowedOrigins = [], 'access-log': accessLog = false } = values;
  const port = Number(given);
  if (!/^\d+$/.test(given) || port > 65535) {
    throw new Error(`\`--port ${given}\` is not a port: write a number from 0 to 65535`);
  }
  if (host !== undefined) { checkHost('--host', host); }
  checkOrigins('--allow-origin', allowedOrigins);
  return { app, port, watch, env, host, allowedOrigins, accessLog, json };
}

async function serve({ app, port, watch, env: envFile, host, allowedOrigins, accessLog, json }: LocalOptions) {
  const env = envFile === undefined ? {} : readEnvFile(envFile);
  let gateway: Gateway | undefined;
  stopInOrder(() => gateway?.close());
  const { folder } = await findAssembly(app, (text) => process.stderr.write(text));
  gateway = await Gateway.start({
    assembly: folder, port, env, host, allowedOrigins, clock: new RealClock(), appFolder: process.cwd(), page: consolePage,
  });

  if (json) { printJson(gateway); } else { printForPeople(gateway, accessLog); }
  if (watch) { await Watch.start(gateway, folder, process.cwd()); }
}

function printJson(gateway: Gateway) {
  const output = new Output(process.stdout);
  const { apis, caFile, credentials, port } = gateway;
  const show = (value: object) => output.print(terminalJson(value));
  show({ type: 'listening', port, apis, caFile, credentials });
  gateway.events().forEach(show);
  gateway.onEvent(show);
}

function printForPeople(gateway: Gateway, accessLog: boolean) {
  const paint = painter(Boolean(process.stdout.isTTY) && !process.env.NO_COLOR);
  const output = new Output(process.stdout, (columns) => paint('dim', footer(gateway, columns)));
  const show = (event: GatewayEvent) => {
    const text = event.type === 'access-log' && !accessLog ? undefined : describe(event, paint);
    if (text !== undefined) { output.print(text); }
  };
  output.print(greeting(gateway, paint));
  gateway.events().forEach(show);
  gateway.onEvent(show);
}
