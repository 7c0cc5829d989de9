import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const PARENT_MILLIS = 500;

/**
 * Ends everything in order once a signal comes, the process that started this one is gone, or nobody reads the output any more. A second
 * signal, or one that comes before there is something to end, ends the process at once; the reaper then ends what it has started.
 *
 * @param end undefined if there is nothing to end yet
 */
export function stopInOrder(end: () => Promise<void> | undefined) {
  let stopping = false;
  const stop = (status: number) => {
    const ending = stopping ? undefined : end();
    if (!ending) { process.exit(1); }
    stopping = true;
    ending.then(() => process.exit(status), () => process.exit(1));
  };
  for (const signal of SIGNALS) { process.on(signal, () => stop(0)); }
  process.stdout.on('error', () => { if (!stopping) { stop(0); } });
  process.stderr.on('error', () => undefined);

  // No signal tells that the parent was killed: its port would be taken for good.
  const parent = process.ppid;
  const npm = npmAbove(parent);
  const watch = setInterval(() => {
    if (process.ppid !== parent || (npm !== undefined && !isAlive(npm))) {
      clearInterval(watch);
      if (!stopping) { stop(0); }
    }
  }, PARENT_MILLIS).unref();
}

/** npm calls a command by a shell. Who starts `npx` and kills it knows nothing of that shell, which stays. */
function npmAbove(parent: number): number | undefined {
  if (process.env.npm_execpath === undefined || process.platform === 'win32') { return undefined; }
  const [, command, above] = /^\d+ \((.*)\) \S (\d+) /.exec(statusOf(parent)) ?? [];
  return /^-?\w*sh$/.test(command ?? '') && Number(above) > 1 ? Number(above) : undefined;
}

/** Of a process, as Linux has it: number, command, state, number of the parent. */
function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    const { stdout } = spawnSync('ps', ['-o', 'ppid=,comm=', '-p', String(pid)], { encoding: 'utf8' });
    const [, above, command] = /^\s*(\d+)\s+(?:.*\/)?(\S+)\s*$/.exec(stdout ?? '') ?? [];
    return `${pid} (${command}) ? ${above} `;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
