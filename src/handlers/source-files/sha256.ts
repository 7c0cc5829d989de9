import { createHash } from 'node:crypto';

/** What identifies an asset: one hash of everything that decides it. */
export function sha256(parts: string[]): string {
  const hash = createHash('sha256');
  parts.forEach((part) => hash.update(`${part.length} ${part}`));
  return hash.digest('hex');
}
