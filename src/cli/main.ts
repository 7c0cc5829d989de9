#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandLine, parseCommandLine } from './command-line';
import { readEnvFile } from './env-file';
import { describe, greeting, painter } from './report';
import { Watch } from './watch';
import { findAssembly } from '../local/assembly/app-assembly';
import { RealClock } from '../local/clock';
import { consolePage } from '../local/console/console-page';
import { Gateway } from '../local/gateway';

async function main(): Promise<void> {
  const { version } = JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8'));
  const command = parseCommandLine(process.argv.slice(2), version);
  if (typeof command === 'string') {
    console.log(command);
    return;
  }
  await serve(command);
}

async function serve({ app, port, watch, envFile, json }: CommandLine) {
  const env = envFile === undefined ? {} : readEnvFile(envFile);
  const paint = painter(Boolean(process.stdout.isTTY) && !process.env.NO_COLOR);
  let running: Gateway | undefined;
  stopOnSignals(() => running);
  const { folder } = await findAssembly(app, (text) => process.stderr.write(text));
  const gateway = running = await Gateway.start({ assembly: folder, port, env, clock: new RealClock(), appFolder: process.cwd(), page: consolePage });

  if (json) {
    const { apis, caFile, credentials } = gateway;
    const show = (value: object) => print(JSON.stringify(value));
    show({ type: 'listening', port: gateway.port, apis, caFile, credentials });
    gateway.events().forEach(show);
    gateway.onEvent(show);
  } else {
    const show = (event: Parameters<typeof describe>[0]) => {
      const text = describe(event, paint);
      if (text !== undefined) { print(text); }
    };
    print(greeting(gateway, paint));
    gateway.events().forEach(show);
    gateway.onEvent(show);
  }
  if (watch) { await Watch.start(gateway, folder, process.cwd()); }
}

/** Once: everything is ended in order. Twice, or before it runs: at once, and what was started is ended by the reaper. */
function stopOnSignals(running: () => Gateway | undefined) {
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      const gateway = running();
      if (stopping || !gateway) { process.exit(1); }
      stopping = true;
      void gateway.close().then(() => process.exit(0), () => process.exit(1));
    });
  }
  // Who reads the output may go away first.
  process.stdout.on('error', () => undefined);
}

const FLUSH_MILLIS = 10;

let lines = '';
process.on('exit', flush);

/** What is printed at about one time goes out as one: messages come by the thousand. */
function print(text: string) {
  if (lines === '') { setTimeout(flush, FLUSH_MILLIS); }
  lines += `${text}\n`;
}

function flush() {
  process.stdout.write(lines);
  lines = '';
}

main().catch((error: Error) => {
  console.error(`cdk-websocket-api: ${error.message}`);
  process.exit(1);
});
