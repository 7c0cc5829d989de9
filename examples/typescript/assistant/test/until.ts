import { setTimeout } from 'node:timers/promises';

/** @throws Error if it does not become true in half a minute */
export async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    if (tries === 1500) { throw new Error(`this is not so: ${condition}`); }
    await setTimeout(20);
  }
}
