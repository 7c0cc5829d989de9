import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** A request as it is on the wire. */
export interface SignedRequest {
  readonly method: string;
  /** Path and query, not decoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body?: Buffer | string;
}

export type Verification =
  | { readonly ok: true; readonly accessKeyId: string }
  | { readonly ok: false; readonly status: 403; readonly errorType: string; readonly message: string };

export interface VerificationOptions {
  readonly service: string;
  /** Any region is good if it is not given. */
  readonly region?: string;
  readonly now: number;
  /** Undefined for a key that is not known, or that the token does not belong to. */
  readonly secretOf: (accessKeyId: string, sessionToken: string | undefined) => string | undefined;
}

export interface SigningOptions {
  readonly service: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };
  readonly now: number;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
const TERMINATOR = 'aws4_request';
const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD';
const MINUTE = 60_000;
/** How far a signature may be off. */
const SKEW = 5 * MINUTE;
const MAX_EXPIRES_SECONDS = 7 * 24 * 60 * 60;

/** What a client claims: where it is written depends on whether headers or the query are signed. */
interface Claim {
  readonly credential: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly signedAt: number;
  readonly token?: string;
  /** Of a presigned URL. */
  readonly expiresSeconds?: number;
}

class Refusal extends Error {
  constructor(public readonly errorType: string, message: string) {
    super(message);
  }
}

/** Checks a signature as API Gateway does, and refuses in its words. */
export function verifySignature(request: SignedRequest, options: VerificationOptions): Verification {
  try {
    return { ok: true, accessKeyId: verify(request, options) };
  } catch (error) {
    if (error instanceof Refusal) {
      return { ok: false, status: 403, errorType: error.errorType, message: error.message };
    }
    throw error;
  }
}

/** The headers to add to a request, which must have a `host` header, so that an AWS service takes it. */
export function signRequest(request: SignedRequest, { service, region, credentials, now }: SigningOptions): Record<string, string> {
  const payloadHash = sha256(request.body ?? '');
  const added: Record<string, string> = {
    'x-amz-date': amzDate(now),
    ...credentials.sessionToken === undefined ? {} : { 'x-amz-security-token': credentials.sessionToken },
    ...service === 's3' ? { 'x-amz-content-sha256': payloadHash } : {},
  };
  const headers = lowerCased({ ...request.headers, ...added });
  const signedHeaders = Object.keys(headers).filter((name) => name === 'host' || name === 'content-type' || name.startsWith('x-amz-')).sort();
  const [path, query] = splitPath(request.path);
  const canonical = canonicalRequest({
    method: request.method, path: service === 's3' ? path : encodePath(path), query: parseQuery(query), headers, signedHeaders, payloadHash,
  });
  const scope = `${added['x-amz-date'].slice(0, 8)}/${region}/${service}/${TERMINATOR}`;
  const signature = sign(credentials.secretAccessKey, scope, stringToSign(added['x-amz-date'], scope, canonical));
  return {
    ...added,
    authorization: `${ALGORITHM} Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${signedHeaders.join(';')}, Signature=${signature}`,
  };
}

/** The URL with a signature in its query: browsers can send nothing else with a WebSocket. */
export function presign(url: string, options: SigningOptions & { readonly expiresSeconds?: number }): string {
  const { service, region, credentials, now, expiresSeconds = 900 } = options;
  const { protocol, host, pathname, search } = new URL(url);
  const date = amzDate(now);
  const scope = `${date.slice(0, 8)}/${region}/${service}/${TERMINATOR}`;
  const query: Array<[string, string]> = [
    ...parseQuery(search.slice(1)),
    ['X-Amz-Algorithm', ALGORITHM],
    ['X-Amz-Credential', `${credentials.accessKeyId}/${scope}`],
    ['X-Amz-Date', date],
    ['X-Amz-Expires', String(expiresSeconds)],
    ['X-Amz-SignedHeaders', 'host'],
  ];
  if (credentials.sessionToken !== undefined) { query.push(['X-Amz-Security-Token', credentials.sessionToken]); }
  const canonical = canonicalRequest({
    method: 'GET', path: service === 's3' ? pathname : encodePath(pathname), query, headers: { host }, signedHeaders: ['host'], payloadHash: sha256(''),
  });
  const signature = sign(credentials.secretAccessKey, scope, stringToSign(date, scope, canonical));
  return `${protocol}//${host}${pathname}?${canonicalQuery(query)}&X-Amz-Signature=${signature}`;
}

function verify(request: SignedRequest, { service, region, now, secretOf }: VerificationOptions): string {
  const headers = lowerCased(request.headers);
  const [path, rawQuery] = splitPath(request.path);
  const query = parseQuery(rawQuery);
  const claim = headers.authorization === undefined ? claimOfQuery(query) : claimOfHeaders(headers);

  const [accessKeyId, ...scope] = splitCredential(claim.credential);
  const date = amzDate(claim.signedAt);
  checkScope(scope, date, service, region);
  checkTime(claim, now);
  if (!claim.signedHeaders.includes('host')) {
    throw new Refusal('InvalidSignatureException', "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  }
  const secret = secretOf(accessKeyId, claim.token);
  if (secret === undefined) {
    throw new Refusal('UnrecognizedClientException', 'The security token included in the request is invalid.');
  }

  const payloadHash = headers['x-amz-content-sha256'] === UNSIGNED_PAYLOAD ? UNSIGNED_PAYLOAD : sha256(request.body ?? '');
  const attempts = canonicalPaths(path).map((canonicalPath) => {
    const canonical = canonicalRequest({
      method: request.method,
      path: canonicalPath,
      query: query.filter(([name]) => name !== 'X-Amz-Signature'),
      headers,
      signedHeaders: claim.signedHeaders,
      payloadHash,
    });
    const text = stringToSign(date, scope.join('/'), canonical);
    return { canonical, text, matches: equal(sign(secret, scope.join('/'), text), claim.signature) };
  });
  if (!attempts.some(({ matches }) => matches)) {
    throw new Refusal('InvalidSignatureException', mismatch(attempts[0]));
  }
  return accessKeyId;
}

function claimOfHeaders(headers: Readonly<Record<string, string>>): Claim {
  const header = headers.authorization;
  const [algorithm, ...rest] = header.trim().split(/\s+/);
  const values: Record<string, string> = Object.create(null);
  for (const pair of rest.join(' ').split(/[\s,]+/).filter(Boolean)) {
    const [, name, value] = /^([^=]+)=(.*)$/.exec(pair) ?? [];
    if (name === undefined) {
      throw new Refusal('IncompleteSignatureException', `'${pair}' not a valid key=value pair (missing equal-sign) in Authorization header: '${header}'.`);
    }
    values[name] = value;
  }
  const date = headers['x-amz-date'] ?? headers.date;
  const missing = [
    ...['Credential', 'Signature', 'SignedHeaders'].filter((name) => !values[name]).map((name) => `Authorization header requires '${name}' parameter.`),
    ...date === undefined ? ["Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."] : [],
  ];
  if (missing.length > 0) {
    throw new Refusal('IncompleteSignatureException', `${missing.join(' ')} Authorization=${algorithm}`);
  }
  checkAlgorithm(algorithm);
  return {
    credential: values.Credential,
    signedHeaders: values.SignedHeaders.toLowerCase().split(';'),
    signature: values.Signature,
    signedAt: parseDate(date),
    token: headers['x-amz-security-token'],
  };
}

function claimOfQuery(query: ReadonlyArray<readonly [string, string]>): Claim {
  const values = new Map(query);
  const algorithm = values.get('X-Amz-Algorithm');
  if (algorithm === undefined) {
    throw new Refusal('MissingAuthenticationTokenException', 'Missing Authentication Token');
  }
  checkAlgorithm(algorithm);
  const required = (name: string): string => {
    const value = values.get(name);
    if (!value) {
      throw new Refusal('IncompleteSignatureException', `AWS query-string parameters must include '${name}'. Re-examine the query-string parameters.`);
    }
    return value;
  };
  const expires = values.get('X-Amz-Expires') ?? String(SKEW / 1000);
  if (!/^\d+$/.test(expires) || Number(expires) > MAX_EXPIRES_SECONDS) {
    throw new Refusal('InvalidSignatureException', `X-Amz-Expires must be a number of seconds of at most a week: ${MAX_EXPIRES_SECONDS}`);
  }
  return {
    credential: required('X-Amz-Credential'),
    signedHeaders: required('X-Amz-SignedHeaders').toLowerCase().split(';'),
    signature: required('X-Amz-Signature'),
    signedAt: parseDate(required('X-Amz-Date')),
    // Of what is in the query, all but the signature is signed: a token that was appended after signing, as for AWS IoT, does not fit.
    token: values.get('X-Amz-Security-Token'),
    expiresSeconds: Number(expires),
  };
}

function checkAlgorithm(algorithm: string) {
  if (algorithm !== ALGORITHM) {
    throw new Refusal('IncompleteSignatureException', `Unsupported AWS 'algorithm': '${algorithm}'.`);
  }
}

/** An access key id, then date, region, service and terminator. */
function splitCredential(credential: string): string[] {
  const parts = credential.split('/');
  if (parts.length !== 5) {
    throw new Refusal('IncompleteSignatureException', `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`);
  }
  return parts;
}

function checkScope(scope: readonly string[], signedAt: string, expectedService: string, expectedRegion: string | undefined) {
  const [date, region, service, terminator] = scope;
  const wrong = (message: string) => { throw new Refusal('InvalidSignatureException', message); };
  if (terminator !== TERMINATOR) { wrong(`Credential should be scoped with a valid terminator: '${TERMINATOR}', not '${terminator}'.`); }
  if (expectedRegion !== undefined && region !== expectedRegion) { wrong(`Credential should be scoped to a valid region, not '${region}'.`); }
  if (service !== expectedService) { wrong(`Credential should be scoped to correct service: '${expectedService}'.`); }
  if (date !== signedAt.slice(0, 8)) {
    wrong(`Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${date}' != '${signedAt.slice(0, 8)}', from '${signedAt}'.`);
  }
}

function checkTime({ signedAt, expiresSeconds }: Claim, now: number) {
  const date = amzDate(signedAt);
  const validFor = expiresSeconds === undefined ? SKEW : expiresSeconds * 1000;
  if (signedAt > now + SKEW) {
    throw new Refusal('InvalidSignatureException', `Signature not yet current: ${date} is still later than ${amzDate(now + SKEW)} (${amzDate(now)} + 5 min.)`);
  }
  if (signedAt < now - validFor) {
    const period = validFor % MINUTE === 0 ? `${validFor / MINUTE} min.` : `${validFor / 1000} sec.`;
    throw new Refusal('InvalidSignatureException', `Signature expired: ${date} is now earlier than ${amzDate(now - validFor)} (${amzDate(now)} - ${period})`);
  }
}

interface Canonical {
  readonly method: string;
  readonly path: string;
  readonly query: ReadonlyArray<readonly [string, string]>;
  readonly headers: Readonly<Record<string, string>>;
  readonly signedHeaders: readonly string[];
  readonly payloadHash: string;
}

function canonicalRequest({ method, path, query, headers, signedHeaders, payloadHash }: Canonical): string {
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

function canonicalQuery(query: ReadonlyArray<readonly [string, string]>): string {
  return query
    .map(([name, value]) => [encode(name), encode(value)])
    .sort(([name, value], [otherName, otherValue]) => compare(name, otherName) || compare(value, otherValue))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

/**
 * AWS's own clients encode the path that they send once more when they sign it: `/dev/%40connections/abc%3D` is signed as
 * `/dev/%2540connections/abc%253D`, and that is what API Gateway expects. Clients that sign what they send, or that send `@` and `=` as
 * they are but sign them encoded, are taken too: each way stands for the same resource.
 */
function canonicalPaths(path: string): string[] {
  return [...new Set([encodePath(path), path, encodePath(decode(path))])];
}

function encodePath(path: string): string {
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

function stringToSign(date: string, scope: string, canonical: string): string {
  return [ALGORITHM, date, scope, sha256(canonical)].join('\n');
}

function sign(secretAccessKey: string, scope: string, text: string): string {
  const key = scope.split('/').reduce<Buffer | string>((at, part) => createHmac('sha256', at).update(part).digest(), `AWS4${secretAccessKey}`);
  return createHmac('sha256', key).update(text).digest('hex');
}

function mismatch({ canonical, text }: { canonical: string; text: string }): string {
  return 'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. '
    + `Consult the service documentation for details.\n\nThe Canonical String for this request should have been\n'${canonical}'`
    + `\n\nThe String-to-Sign should have been\n'${text}'\n`;
}

function splitPath(path: string): [string, string] {
  const at = path.indexOf('?');
  return at < 0 ? [path, ''] : [path.slice(0, at), path.slice(at + 1)];
}

function parseQuery(query: string): Array<[string, string]> {
  return query.split('&').filter((pair) => pair !== '').map((pair) => {
    const at = pair.indexOf('=');
    return at < 0 ? [decode(pair), ''] : [decode(pair.slice(0, at)), decode(pair.slice(at + 1))];
  });
}

function lowerCased(headers: SignedRequest['headers']): Record<string, string> {
  const result: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) { result[name.toLowerCase()] = Array.isArray(value) ? value.join(',') : value; }
  }
  return result;
}

function parseDate(text: string): number {
  const time = Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (Number.isNaN(time)) {
    throw new Refusal('IncompleteSignatureException', `Date must be in ISO-8601 'basic format'. Got '${text}'. See http://en.wikipedia.org/wiki/ISO_8601`);
  }
  return time;
}

function amzDate(time: number): string {
  return new Date(time).toISOString().replace(/[-:]|\.\d+/g, '');
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function equal(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}
