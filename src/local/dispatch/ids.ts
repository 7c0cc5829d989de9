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

const CHARACTERS = 16;
/** Ids that are ready, one after the other: each call for random bytes costs the same, however many it asks for. */
let ready: Buffer = Buffer.alloc(0);
let used = 0;

function newId(): string {
  if (used === ready.length) {
    ready = newIds(randomBytes(256 * BYTES));
    used = 0;
  }
  return ready.toString('latin1', used, used += CHARACTERS);
}

function newIds(bytes: Buffer): Buffer {
  const ids = Buffer.alloc(bytes.length / BYTES * CHARACTERS, '=');
  for (let at = 0, id = 0; at < bytes.length; at += BYTES, id += CHARACTERS) {
    // Handlers put ids into URLs: without the two characters that would have to be encoded there.
    ids.write(bytes.toString('base64url', at, at + BYTES), id);
  }
  return ids;
}

/** Of AWS X-Ray. */
export function newTraceId(now: number): string {
  return `1-${Math.floor(now / 1000).toString(16)}-${randomBytes(12).toString('hex')}`;
}
