import { setFlagsFromString } from 'node:v8';

/**
 * Keeps the heap of this process near what it holds. A gateway holds little, but makes much garbage while it has much to do, and V8 lets
 * that grow to three times as much before it looks, for nothing. The V8 of Node.js 20 to 25 has these flags; a V8 without them would
 * complain on stderr.
 */
export function keepHeapSmall() {
  if (parseInt(process.versions.node) >= 26) { return; }
  // New objects get no more room than they have now.
  setFlagsFromString('--semi-space-growth-factor=1');
  // Old ones are looked through when they have grown by half.
  setFlagsFromString('--heap-growing-percent=50');
}
