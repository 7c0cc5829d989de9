import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** New objects get so much room, in two halves. With less, those that are about to end are taken for old ones. */
const NEW_BYTES = 8 * 1024 * 1024;

/**
 * Keeps the heap of this process near what it holds. A gateway holds little, but makes much garbage while it has much to do, and V8 lets
 * that grow to three times as much before it looks, for nothing. The V8 of Node.js 20 to 25 has these flags; a V8 without them would
 * complain on stderr.
 */
export function keepHeapSmall() {
  if (parseInt(process.versions.node) >= 26) { return; }
  // Old objects are looked through when they have grown by half.
  setFlagsFromString('--heap-growing-percent=50');
  const observer = new PerformanceObserver(() => {
    if (getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')!.space_size < NEW_BYTES) { return; }
    setFlagsFromString('--semi-space-growth-factor=1');
    observer.disconnect();
  });
  observer.observe({ entryTypes: ['gc'] });
}
