import { randomBytes } from 'node:crypto';

// Like API Gateway's: eleven bytes in base64, which end with `=`.

const BYTES = 11;
const SHARED = 7;

export function newConnectionId(): string {
  return newId();
}

export function newRequestId(): string {
  return newId();
}

/** Ends with the same characters as the id of its connection. */
export function newMessageId(connectionId: string): string {
  return newId().slice(0, -SHARED) + connectionId.slice(-SHARED);
}

export function isConnectionId(text: string): boolean {
  return /^[A-Za-z0-9_+/-]{11,30}=$/.test(text);
}

/** Each call for random bytes costs the same, however many it asks for. */
let random = Buffer.alloc(0);

function newId(): string {
  if (random.length === 0) { random = randomBytes(256 * BYTES); }
  // Handlers put ids into URLs: without the two characters that would have to be encoded there.
  const id = random.toString('base64url', 0, BYTES);
  random = random.subarray(BYTES);
  return `${id}=`;
}

/** Of AWS X-Ray. */
export function newTraceId(now: number): string {
  return `1-${Math.floor(now / 1000).toString(16)}-${randomBytes(12).toString('hex')}`;
}
