import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CLIENTS } from './family';
import { Reaper } from '../process/reaper';

/**
 * The client of the Runtime API is C# source, and is compiled here. An assembly in the package would be a binary that nobody can read; and
 * it is needed only by those who have a class library for .NET, which they built with an SDK. The SDK's compiler is called without MSBuild:
 * that takes a second or two instead of ten, needs no package and so no network, and compiles against the very runtime that will run it,
 * also one that is older than the SDK. The result is kept, under a name made of all that went in.
 */
const SOURCE = join(CLIENTS, 'Dotnet.cs');
const REFERENCES = [
  'System.Private.CoreLib', 'System.Private.Uri', 'System.Runtime', 'System.Runtime.Loader', 'System.Console', 'System.Collections', 'System.Linq',
  'System.Memory', 'System.Net.Primitives', 'System.Net.Sockets', 'System.Reflection.DispatchProxy',
];

export interface DotnetRuntime {
  readonly version: string;
  readonly major: number;
  readonly folder: string;
}

export interface DotnetHere {
  /** Oldest first. */
  readonly runtimes: readonly DotnetRuntime[];
  /** The folder of the newest SDK; undefined if there is none. */
  readonly compiler?: string;
}

const found = new Map<string, DotnetHere | undefined>();

/** Which .NET is installed; undefined if there is none. */
export function dotnetHere(): DotnetHere | undefined {
  const key = JSON.stringify([process.env.PATH, process.env.DOTNET_ROOT]);
  if (!found.has(key)) { found.set(key, look()); }
  return found.get(key);
}

function look(): DotnetHere | undefined {
  const list = (option: string) => spawnSync('dotnet', [option], { encoding: 'utf8', env: { ...process.env, DOTNET_NOLOGO: '1' } });
  const runtimes = list('--list-runtimes');
  if (runtimes.status !== 0) { return undefined; }
  const compilers = rows(list('--list-sdks').stdout ?? '', /^(\S+) \[(.+)\]$/).map(({ folder }) => join(folder, 'Roslyn', 'bincore', 'csc.dll'));
  return {
    runtimes: rows(runtimes.stdout, /^Microsoft\.NETCore\.App (\S+) \[(.+)\]$/).filter(({ version }) => !version.includes('-')),
    compiler: compilers.filter((file) => existsSync(file)).at(-1),
  };
}

/** `dotnet` lists the oldest first. */
function rows(text: string, pattern: RegExp): DotnetRuntime[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const [, version, folder] = pattern.exec(line) ?? [];
    return version ? [{ version, major: parseInt(version, 10), folder: join(folder, version) }] : [];
  });
}

const clients = new Map<string, Promise<string>>();

/** The client for a runtime, compiled. */
export function dotnetClient(runtime: DotnetRuntime, reaper: Reaper): Promise<string> {
  const name = createHash('sha256').update(JSON.stringify([readFileSync(SOURCE, 'utf8'), runtime])).digest('hex').slice(0, 32);
  const known = clients.get(name);
  if (known) { return known; }
  const client = compiled(runtime, name, reaper);
  clients.set(name, client);
  client.catch(() => clients.delete(name));
  return client;
}

async function compiled({ folder }: DotnetRuntime, name: string, reaper: Reaper): Promise<string> {
  const kept = keptFolder();
  const result = join(kept ?? '', name, 'Dotnet.dll');
  if (kept && existsSync(result)) { return result; }
  const work = mkdtempSync(join(kept ?? tmpdir(), 'cdk-websocket-api-dotnet-'));
  reaper.addFolder(work);
  const options = ['-nologo', '-noconfig', '-nostdlib', '-optimize+', '-deterministic', '-target:exe', `-out:${join(work, 'Dotnet.dll')}`];
  const references = REFERENCES.map((assembly) => `-r:${join(folder, `${assembly}.dll`)}`);
  try {
    await promisify(execFile)('dotnet', ['exec', dotnetHere()!.compiler!, ...options, ...references, SOURCE]);
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`the client of the Runtime API for .NET could not be compiled: ${(stdout + stderr).trim() || (error as Error).message}`);
  }
  if (!kept) { return join(work, 'Dotnet.dll'); }
  try {
    renameSync(work, join(kept, name));
  } catch (error) {
    rmSync(work, { recursive: true });
    // Another process may have been faster.
    if (!existsSync(result)) { throw error; }
  }
  return result;
}

/** Undefined if the folder cannot be written to. The client then lasts as long as the gateway. */
function keptFolder(): string | undefined {
  const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'cdk-websocket-api', 'dotnet');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return folder;
  } catch {
    return undefined;
  }
}
