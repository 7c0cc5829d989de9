import { Values } from './options';
import { checkOrigins } from '../local/wire/handshake/origin';
import { checkHost } from '../local/wire/reach';

export const DEFAULT_PORT = 3001;

/** What `local` takes. */
export const options = {
  'app': { type: 'string', short: 'a', value: '<folder | command>', help: 'an assembly, or the command that makes one (default: `cdk.out`, else `app` of `cdk.json`)' },
  'port': { type: 'string', short: 'p', value: '<number>', help: `the port to listen on; 0 takes any free one (default: ${DEFAULT_PORT})` },
  'watch': { type: 'boolean', short: 'w', help: 'rebuild a handler when its source changes, read the assembly when it changes' },
  'env': { type: 'string', short: 'e', value: '<file>', formerly: 'env-file', help: '`NAME=value` lines: values that the assembly lacks, and variables for functions' },
  'host': { type: 'string', value: '<address>', help: 'let other devices connect to this IP address of the machine; `0.0.0.0`: to any of its own' },
  'allow-origin': { type: 'string', value: '<origin>', multiple: true, help: 'let pages of this origin connect: `https://app.example.com`; may be repeated' },
  'inspect': { type: 'string', value: '[function]', optional: true, help: 'let a debugger attach to a handler, or to all; time-outs stand still for it' },
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
  /** A function to debug; empty for all. */
  readonly inspect?: string;
  readonly json: boolean;
}

/** @throws Error that names the option whose value is wrong */
export function checked(values: Values<typeof options>): LocalOptions {
  const { app, port: given = String(DEFAULT_PORT), watch = false, env, host, inspect, json = false } = values;
  const { 'allow-origin': allowedOrigins = [], 'access-log': accessLog = false } = values;
  const port = checkPort(given);
  if (host !== undefined) { checkHost('--host', host); }
  checkOrigins('--allow-origin', allowedOrigins);
  return { app, port, watch, env, host, allowedOrigins, accessLog, inspect, json };
}

/** @throws Error if it is none */
export function checkPort(given: string): number {
  const port = Number(given);
  if (!/^\d+$/.test(given) || port > 65535) {
    throw new Error(`\`--port ${given}\` is not a port: write a number from 0 to 65535`);
  }
  return port;
}
