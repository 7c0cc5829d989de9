import { timingSafeEqual } from 'node:crypto';
import { Claim, claimOfHeaders, claimOfQuery, Refusal, splitCredential } from './signature-claim';
import {
  amzDate, canonicalRequest, decode, encodePath, lowerCased, parseQuery, sha256, sign, SignedRequest, splitPath, stringToSign, TERMINATOR,
} from '../../signature/canonical-request';

export type Verification =
  | { readonly ok: true; readonly accessKeyId: string }
  | { readonly ok: false; readonly status: 403; readonly errorType: string; readonly message: string; readonly reason: string };

export interface VerificationOptions {
  readonly service: string;
  /** If it is not given, any region is accepted. */
  readonly region?: string;
  readonly now: number;
  /** How far the clock of functions is put forward: they sign by that, and other callers by the real time. */
  readonly ahead?: number;
  /** Returns undefined if the key is unknown, or the session token does not belong to it. */
  readonly secretOf: (accessKeyId: string, sessionToken: string | undefined) => string | undefined;
}

const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD';
const MINUTE = 60_000;
/** How far a signature may be off. */
const SKEW = 5 * MINUTE;

/** Checks a signature as API Gateway does, and refuses in its words. */
export function verifySignature(request: SignedRequest, options: VerificationOptions): Verification {
  try {
    return { ok: true, accessKeyId: verify(request, options) };
  } catch (error) {
    if (error instanceof Refusal) {
      return { ok: false, status: 403, errorType: error.errorType, message: error.message, reason: error.reason };
    }
    throw error;
  }
}

function verify(request: SignedRequest, { service, region, now, ahead = 0, secretOf }: VerificationOptions): string {
  const headers = lowerCased(request.headers);
  const [path, rawQuery] = splitPath(request.path);
  const query = parseQuery(rawQuery);
  const claim = headers.authorization === undefined ? claimOfQuery(query) : claimOfHeaders(headers);

  const [accessKeyId, ...scope] = splitCredential(claim.credential);
  const date = amzDate(claim.signedAt);
  checkScope(scope, date, service, region);
  checkTime(claim, claim.signedAt > now + SKEW ? now + ahead : now);
  if (!claim.signedHeaders.includes('host')) {
    throw new Refusal('InvalidSignatureException', "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  }
  const secret = secretOf(accessKeyId, claim.token);
  if (secret === undefined) {
    throw new Refusal('UnrecognizedClientException', 'The security token included in the request is invalid.');
  }

  const payloadHash = headers['x-amz-content-sha256'] === UNSIGNED_PAYLOAD ? UNSIGNED_PAYLOAD : sha256(request.body ?? '');
  const attempt = (canonicalPath: string) => {
    const canonical = canonicalRequest({
      method: request.method,
      path: canonicalPath,
      query: query.filter(([name]) => name !== 'X-Amz-Signature'),
      headers,
      signedHeaders: claim.signedHeaders,
      payloadHash,
    });
    return { canonical, text: stringToSign(date, scope.join('/'), canonical) };
  };
  const isSigned = (canonicalPath: string) => equal(sign(secret, scope.join('/'), attempt(canonicalPath).text), claim.signature);
  if (!canonicalPaths(path).some((canonicalPath) => isSigned(canonicalPath()))) {
    throw new Refusal(
      'InvalidSignatureException', mismatch(attempt(encodePath(path))), 'the signature does not match the request and the secret access key',
    );
  }
  return accessKeyId;
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

/**
 * AWS's own clients encode the path that they send once more when they sign it: `/dev/%40connections/abc%3D` is signed as
 * `/dev/%2540connections/abc%253D`, and that is what API Gateway expects. Clients that sign what they send, or that send `@` and `=` as
 * they are but sign them encoded, are accepted too: each form means the same resource.
 */
function canonicalPaths(path: string): Array<() => string> {
  return [() => encodePath(path), () => path, () => encodePath(decode(path))];
}

function mismatch({ canonical, text }: { canonical: string; text: string }): string {
  return 'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. '
    + `Consult the service documentation for details.\n\nThe Canonical String for this request should have been\n'${canonical}'`
    + `\n\nThe String-to-Sign should have been\n'${text}'\n`;
}

function equal(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
