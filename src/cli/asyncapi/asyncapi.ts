/* eslint-disable @typescript-eslint/no-require-imports -- the reader of assemblies is loaded only to run it: `--help` is quick */
import { Command } from '../command';

const OPTIONS = {
  app: { type: 'string', short: 'a', value: '<folder | command>', help: 'an assembly, or the command that makes one (default: `cdk.out`, else `app` of `cdk.json`)' },
  out: { type: 'string', short: 'o', value: '<file>', help: 'the file to write (default: `asyncapi.json`)' },
  check: { type: 'boolean', help: 'write nothing, and end with status 1 if the file is missing or not current' },
} as const;

/** Writes what the APIs of an app take and answer as an AsyncAPI document. */
export const asyncapi: Command<typeof OPTIONS> = {
  name: 'asyncapi',
  summary: 'describe the WebSocket APIs of a synthesized CDK app as one AsyncAPI 3 document.',
  options: OPTIONS,
  notes: `Clients, documentation and tests can be generated from it: https://www.asyncapi.com/tools.
The same app gives the same file on every machine, so it can be committed, and checked with --check.`,
  async run({ app, out = 'asyncapi.json', check = false }) {
    const { writeAsyncApi } = require('./asyncapi-file') as typeof import('./asyncapi-file');
    console.log(await writeAsyncApi({ app, out, check }));
  },
};
