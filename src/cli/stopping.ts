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
  const watch = setInterval(() => {
    if (process.ppid !== parent) {
      clearInterval(watch);
      if (!stopping) { stop(0); }
    }
  }, PARENT_MILLIS).unref();
}
