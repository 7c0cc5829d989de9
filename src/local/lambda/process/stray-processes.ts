import { readdir, readFile } from 'node:fs/promises';

/**
 * Kills the processes that carry this mark in their environment: children that a function detached, and that signals to its group do not
 * reach. Only Linux tells, in `/proc`.
 */
export async function killStrays(mark: string): Promise<void> {
  if (process.platform !== 'linux') { return; }
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0 && pid !== process.pid);
  await Promise.all(pids.map(async (pid) => {
    const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
    if (!environment.includes(mark)) { return; }
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }));
}
