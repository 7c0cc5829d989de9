import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Target } from './engine';
import { answers, models } from './targets/answers';
import { assemblies } from './targets/assemblies';
import { asynchronous } from './targets/asynchronous';
import { broadcaster } from './targets/broadcaster';
import { connections } from './targets/connections';
import { expressions, paths } from './targets/expressions';
import { intrinsics } from './targets/intrinsics';
import { policies } from './targets/policies';
import { runtimeFrames, runtimeRequests } from './targets/runtimes';
import { signatures } from './targets/signatures';
import { integrations, templates } from './targets/templates';
import { tokens } from './targets/tokens';
import { webSockets } from './targets/web-sockets';

/** Everything that is fuzzed, by its name. */
export const TARGETS: { readonly [name: string]: Target } = {
  answers,
  assemblies,
  asynchronous,
  broadcaster,
  connections,
  expressions,
  integrations,
  intrinsics,
  models,
  paths,
  policies,
  'runtime-frames': runtimeFrames,
  'runtime-requests': runtimeRequests,
  signatures,
  templates,
  tokens,
  'web-sockets': webSockets,
};

/** The saved inputs of a target: those that begin it, and those that found something. */
export function corpusOf(name: string): unknown[] {
  const folder = corpusFolder(name);
  const files = existsSync(folder) ? readdirSync(folder).sort() : [];
  return files.map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')));
}

export function corpusFolder(name: string): string {
  return join(__dirname, 'corpus', name);
}
