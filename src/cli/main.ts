#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCommandLine } from './command-line';
import { onLines } from '../local/events/terminal-text';

async function main(): Promise<void> {
  const { version } = JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8'));
  const run = parseCommandLine(process.argv.slice(2), version);
  if (typeof run === 'string') {
    console.log(run);
  } else {
    await run();
  }
}

main().catch((error: Error) => {
  console.error(`cdk-websocket-api: ${onLines(error.message)}`);
  process.exit(1);
});
