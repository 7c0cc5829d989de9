import { parseArgs } from 'node:util';

export interface CommandLine {
  readonly app?: string;
  readonly port: number;
  readonly watch: boolean;
  readonly envFile?: string;
  readonly json: boolean;
}

const DEFAULT_PORT = 3001;

export const USAGE = `cdk-websocket-api local: runs the WebSocket APIs of a synthesized CDK app on this machine.

Usage: cdk-websocket-api local [options]

  --app <folder | command>  a cloud assembly, or what synthesizes one (default: cdk.out, else the \`app\` of cdk.json)
  --port <number>           the port to listen on, 0 for any that is free (default: ${DEFAULT_PORT})
  --watch                   build a handler again when its source changes, read the assembly again when it does
  --env-file <file>         values for what the assembly does not tell, and for environment variables of functions
  --json                    events as JSON, one a line, for programs
  --help, --version

Every WebSocket API of the app is served, on loopback only. Connect with any WebSocket client, or open /_console in a browser.
AWS services are called where AWS_ENDPOINT_URL or AWS_ENDPOINT_URL_<SERVICE> says, for example a DynamoDB of this machine.`;

/** @returns what to do, or the text that was asked for */
export function parseCommandLine(args: string[], version: string): CommandLine | string {
  const { values, positionals } = parse(args);
  if (values.version) { return version; }
  if (values.help || (positionals.length === 0 && args.length === 0)) { return USAGE; }
  const [command, ...rest] = positionals;
  if (command !== 'local' || rest.length > 0) {
    throw new Error(`${command === 'local' ? `\`${rest[0]}\` is one word too many` : command === undefined ? 'a command is missing' : `there is no command \`${command}\``}: write \`cdk-websocket-api local\`, and see \`--help\``);
  }
  const port = Number(values.port ?? DEFAULT_PORT);
  if (!/^\d+$/.test(values.port ?? '0') || port > 65535) {
    throw new Error(`\`--port ${values.port}\` is not a port: write a number from 0 to 65535`);
  }
  return { app: values.app, port, watch: values.watch ?? false, envFile: values['env-file'], json: values.json ?? false };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        'app': { type: 'string', short: 'a' },
        'port': { type: 'string', short: 'p' },
        'watch': { type: 'boolean', short: 'w' },
        'env-file': { type: 'string' },
        'json': { type: 'boolean' },
        'help': { type: 'boolean', short: 'h' },
        'version': { type: 'boolean', short: 'v' },
      },
    });
  } catch (error) {
    const [message] = (error as Error).message.split(/\.\s/);
    throw new Error(`${message.charAt(0).toLowerCase()}${message.slice(1).replaceAll("'", '`')}: see \`cdk-websocket-api --help\``);
  }
}
