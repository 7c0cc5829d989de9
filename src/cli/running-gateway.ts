import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Credentials } from '../local/iam/callers';

/** What another command of the same user has to know to call a gateway. */
export interface RunningGateway {
  readonly port: number;
  readonly pid: number;
  /** The folder of the assembly that it serves. */
  readonly assembly: string;
  readonly credentials: Credentials;
}

/** Leaves a note for other commands. Nobody but the user can read it, and the credentials in it are good for this gateway alone. */
export function announce(gateway: Omit<RunningGateway, 'pid'>) {
  const file = fileOf(gateway.port);
  try {
    mkdirSync(folder(), { recursive: true, mode: 0o700 });
    rmSync(file, { force: true });
    writeFileSync(file, JSON.stringify({ ...gateway, pid: process.pid }), { mode: 0o600, flag: 'wx' });
    process.once('exit', () => rmSync(file, { force: true }));
  } catch {
    // A cache that cannot be written to is no reason not to serve.
  }
}

/** Undefined if none of this user runs at the port. */
export function runningAt(port: number): RunningGateway | undefined {
  try {
    const gateway: RunningGateway = JSON.parse(readFileSync(fileOf(port), 'utf8'));
    process.kill(gateway.pid, 0);
    return gateway;
  } catch {
    return undefined;
  }
}

function folder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'cdk-websocket-api', 'running');
}

function fileOf(port: number): string {
  return join(folder(), `${port}.json`);
}
