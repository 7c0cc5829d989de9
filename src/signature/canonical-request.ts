import { createHash, createHmac } from 'node:crypto';

// Signature Version 4: the text that both sides sign. See https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html

/** A request in the form that is sent. */
export interface SignedRequest {
  readonly method: string;
  /** Path and query, not decoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body?: Buffer | string;
}

export const ALGORITHM = 'AWS4-HMAC-SHA256';
export const TERMINATOR = 'aws4_request';

export interface Canonical {
  readonly method: string;
  readonly path: string;
  readonly query: ReadonlyArray<readonly [string, string]>;
  readonly headers: Readonly<Record<string, string>>;
  readonly signedHeaders: readonly string[];
  readonly payloadHash: string;
}

export function canonicalRequest({ method, path, query, headers, signedHeaders, payloadHash }: Canonical): string {
  return [
    method.toUpperCase(),
    path,
    canonicalQuery(query),
    ...signedHeaders.map((name) => `${name}:${(headers[name] ?? '').trim().replace(/\s+/g, ' ')}`),
    '',
    signedHeaders.join(';'),
    payloadHash,
  ].join('\n');
}

export function canonicalQuery(query: ReadonlyArray<readonly [string, string]>): string {
  return query
    .map(([name, value]) => [encode(name), encode(value)])
    .sort(([name, value], [otherName, otherValue]) => compare(name, otherName) || compare(value, otherValue))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

export function encodePath(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') {
      segments.pop();
    } else if (segment !== '' && segment !== '.') {
      segments.push(encode(segment));
    }
  }
  return `/${segments.join('/')}${segments.length > 0 && path.endsWith('/') ? '/' : ''}`;
}

export function stringToSign(date: string, scope: string, canonical: string): string {
  return [ALGORITHM, date, scope, sha256(canonical)].join('\n');
}

export function sign(secretAccessKey: string, scope: string, text: string): string {
  return createHmac('sha256', signingKey(secretAccessKey, scope)).update(text).digest('hex');
}

/** The keys of a day, of the callers there are. */
const signingKeys = new Map<string, Buffer>();
const MAX_SIGNING_KEYS = 200;

function signingKey(secretAccessKey: string, scope: string): Buffer {
  const name = `${scope}/${secretAccessKey}`;
  const known = signingKeys.get(name);
  if (known) { return known; }
  const key = scope.split('/').reduce<Buffer>((at, part) => createHmac('sha256', at).update(part).digest(), Buffer.from(`AWS4${secretAccessKey}`));
  if (signingKeys.size >= MAX_SIGNING_KEYS) { signingKeys.clear(); }
  signingKeys.set(name, key);
  return key;
}

export function splitPath(path: string): [string, string] {
  const at = path.indexOf('?');
  return at < 0 ? [path, ''] : [path.slice(0, at), path.slice(at + 1)];
}

export function parseQuery(query: string): Array<[string, string]> {
  return query.split('&').filter((pair) => pair !== '').map((pair) => {
    const at = pair.indexOf('=');
    return at < 0 ? [decode(pair), ''] : [decode(pair.slice(0, at)), decode(pair.slice(at + 1))];
  });
}

export function lowerCased(headers: SignedRequest['headers']): Record<string, string> {
  const result: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) { result[name.toLowerCase()] = Array.isArray(value) ? value.join(',') : value; }
  }
  return result;
}

/** Of the second that was last asked for: broadcasts sign thousands of requests in it. */
let lastDate = { second: NaN, text: '' };

export function amzDate(time: number): string {
  const second = Math.floor(time / 1000);
  if (second !== lastDate.second) { lastDate = { second, text: new Date(time).toISOString().replace(/[-:]|\.\d+/g, '') }; }
  return lastDate.text;
}

export function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

export function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}
