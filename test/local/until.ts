/** How long something that a test waits for may take on a busy machine. */
const PATIENCE_MILLIS = 30_000;

/** How much of what happened is shown. */
const LAST = 40;

const traces = new Set<() => readonly unknown[]>();

/** What happened, for the message of a wait that was in vain. */
export function showTrace(trace: () => readonly unknown[]) {
  traces.add(trace);
}

/** Waits for a condition, not for a time. Fails with the condition and with what happened until then. */
export async function until(condition: () => boolean) {
  const deadline = Date.now() + PATIENCE_MILLIS;
  while (!condition()) {
    if (Date.now() > deadline) {
      const happened = [...traces].flatMap((trace) => trace().slice(-LAST)).map((one) => JSON.stringify(one));
      throw new Error(`this did not come true in ${PATIENCE_MILLIS / 1000} s: ${condition}\n${happened.join('\n')}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
