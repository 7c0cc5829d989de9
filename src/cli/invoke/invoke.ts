/* eslint-disable @typescript-eslint/no-require-imports -- the gateway is loaded only to run it: `--help` is quick */
import { Command } from '../command';
import { checkPort, DEFAULT_PORT } from '../local-options';

const options = {
  event: { type: 'string', value: '<file>', help: 'the JSON that the function gets; `-` reads what is piped in (default: `{}`)' },
  port: { type: 'string', short: 'p', value: '<number>', help: `the port of the gateway that is to run it (default: ${DEFAULT_PORT}, if one runs there)` },
  app: { type: 'string', short: 'a', value: '<folder | command>', help: 'without a gateway: an assembly, or the command that makes one' },
  env: { type: 'string', value: '<file>', help: 'without a gateway: `NAME=value` lines, as for `local`' },
} as const;

/** Runs a function of an app once. */
export const invoke: Command<typeof options> = {
  name: 'invoke',
  summary: 'run a Lambda function of a synthesized CDK app once, with an event.',
  words: ['<function>'],
  options,
  notes: `<function> is the construct path of a function, its name or its ARN. Its answer goes to stdout, what it prints
to stderr; an error of it is status 1. Where \`cdk-websocket-api local\` runs, the function runs in that gateway, and what
it posts reaches the clients.`,
  async run({ event, port, app, env }, [name]) {
    if (port !== undefined) { checkPort(port); }
    const { invokeOnce } = require('./invoke-once') as typeof import('./invoke-once');
    await invokeOnce({ name, event, port: port === undefined ? undefined : Number(port), app, env });
  },
};
