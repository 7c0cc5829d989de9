import { Verification, verifySignature } from '../../../src/local/iam/verify-signature';
import { SignedRequest } from '../../../src/signature/canonical-request';
import { presign } from '../../../src/signature/sign-request';
import { CREDENTIALS, HOST, LONG_TERM, NOW, presigned, signed } from '../../signature/aws-signer';

const MINUTE = 60_000;
const secretOf = (accessKeyId: string, token: string | undefined) => (
  [CREDENTIALS, LONG_TERM as typeof CREDENTIALS]
    .find((one) => one.accessKeyId === accessKeyId && one.sessionToken === token)
    ?.secretAccessKey
);

function verify(request: SignedRequest, options: Partial<Parameters<typeof verifySignature>[1]> = {}): Verification {
  return verifySignature(request, { service: 'execute-api', region: 'eu-west-1', now: NOW, secretOf, ...options });
}

function messageOf(verification: Verification): string {
  return verification.ok ? 'ok' : verification.message;
}

function typeOf(verification: Verification): string {
  return verification.ok ? 'ok' : verification.errorType;
}

describe('signed headers', () => {
  test('a request that AWS\'s own code signed is accepted', async () => {
    expect(verify(await signed())).toEqual({ ok: true, accessKeyId: 'ASIAEXAMPLE' });
  });

  test.each([
    ['a path that is not encoded', { path: '/dev/@connections/abc=' }],
    ['the root', { path: '/' }],
    ['a slash at the end', { path: '/dev/' }],
    ['dots and empty segments', { path: '/dev//a/../b/./c' }],
    ['a query', { path: '/dev?b=2&a=1&space=a%20b&empty=&A=*\'()' }],
    ['no body', { method: 'GET', body: undefined }],
    ['a body that is not ASCII', { body: 'grüße 🎉' }],
    ['more headers', { headers: { 'content-type': 'application/json', 'x-amz-meta': '  a   b  ', 'X-Custom': 'c' } }],
  ])('%s is accepted', async (_, request) => {
    expect(messageOf(verify(await signed(request)))).toBe('ok');
  });

  test('a path that was signed as it is on the wire is accepted', async () => {
    expect(messageOf(verify(await signed({}, { uriEscapePath: false })))).toBe('ok');
  });

  test('a path that was sent plain, and signed as it is, is accepted', async () => {
    expect(messageOf(verify(await signed({ path: '/dev/@connections/abc=' }, { uriEscapePath: false })))).toBe('ok');
  });

  test('a path that was sent encoded, and signed as if it was not, is accepted', async () => {
    const { headers } = await signed({ path: '/dev/@connections/abc=' });
    expect(messageOf(verify({ method: 'POST', path: '/dev/%40connections/abc%3D', headers, body: 'hello' }))).toBe('ok');
  });

  test('credentials without a session token are accepted', async () => {
    expect(verify(await signed({}, { credentials: LONG_TERM }))).toEqual({ ok: true, accessKeyId: 'AKIDEXAMPLE' });
  });

  test('the body is hashed where no header tells its hash', async () => {
    expect(messageOf(verify(await signed({}, { applyChecksum: false })))).toBe('ok');
  });

  test('an unsigned payload is accepted', async () => {
    const request = await signed({ headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } });
    expect(messageOf(verify({ ...request, body: 'anything' }))).toBe('ok');
  });

  test('the body may be bytes', async () => {
    expect(messageOf(verify({ ...await signed(), body: Buffer.from('hello') }))).toBe('ok');
  });

  test('a `Date` header stands in for `X-Amz-Date`', async () => {
    const { 'x-amz-date': _, ...headers } = (await signed({}, { applyChecksum: false })).headers;
    headers.date = new Date(NOW).toUTCString();
    headers.authorization = headers.authorization.replace('x-amz-date', 'date');
    // The oracle has no way to sign it: only the time has to be understood.
    expect(messageOf(verify({ method: 'POST', path: '/', headers }))).toMatch(/The String-to-Sign should have been\n'AWS4-HMAC-SHA256\n20240219T071142Z/);
  });

  test.each([
    ['body', { body: 'other' }],
    ['method', { method: 'DELETE' }],
    ['path', { path: '/dev/%40connections/other%3D' }],
    ['query', { path: '/dev/%40connections/abc%3D?a=1' }],
  ])('another %s is refused', async (_, change) => {
    expect(verify({ ...await signed(), ...change })).toMatchObject({
      ok: false,
      status: 403,
      errorType: 'InvalidSignatureException',
      message: expect.stringMatching(/^The request signature we calculated does not match the signature you provided\. Check your AWS Secret Access Key/),
    });
  });

  test('another host is refused', async () => {
    const request = await signed();
    expect(typeOf(verify({ ...request, headers: { ...request.headers, host: 'example.com' } }))).toBe('InvalidSignatureException');
  });

  test('a signature of another length is refused', async () => {
    const request = await signed();
    const authorization = request.headers.authorization.slice(0, -1);
    expect(typeOf(verify({ ...request, headers: { ...request.headers, authorization } }))).toBe('InvalidSignatureException');
  });

  test('what should have been signed is told', async () => {
    const message = messageOf(verify({ ...await signed(), method: 'DELETE' }));
    expect(message).toContain("The Canonical String for this request should have been\n'DELETE\n/dev/%2540connections/abc%253D\n");
  });

  test('a key that is not known is refused', async () => {
    const credentials = { accessKeyId: 'AKIDOTHER', secretAccessKey: 'x' };
    expect(verify(await signed({}, { credentials }))).toMatchObject({
      errorType: 'UnrecognizedClientException', message: 'The security token included in the request is invalid.',
    });
  });

  test('a key without the token that belongs to it is refused', async () => {
    const { accessKeyId, secretAccessKey } = CREDENTIALS;
    expect(typeOf(verify(await signed({}, { credentials: { accessKeyId, secretAccessKey } })))).toBe('UnrecognizedClientException');
  });

  test('a request with no signature is told so', () => {
    expect(verify({ method: 'POST', path: '/dev', headers: { host: HOST } })).toEqual({
      ok: false, status: 403, errorType: 'MissingAuthenticationTokenException', message: 'Missing Authentication Token', reason: 'Missing Authentication Token',
    });
  });

  test('another kind of authorization is told what is wrong with it', () => {
    expect(verify({ method: 'GET', path: '/', headers: { host: HOST, Authorization: 'Bearer abc' } })).toMatchObject({
      errorType: 'IncompleteSignatureException',
      message: "'abc' not a valid key=value pair (missing equal-sign) in Authorization header: 'Bearer abc'.",
    });
  });

  test('what an authorization lacks is named', () => {
    const headers = { host: HOST, authorization: 'AWS4-HMAC-SHA256 Signature=abc' };
    expect(verify({ method: 'GET', path: '/', headers })).toMatchObject({
      errorType: 'IncompleteSignatureException',
      message: "Authorization header requires 'Credential' parameter. Authorization header requires 'SignedHeaders' parameter. "
        + "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. Authorization=AWS4-HMAC-SHA256",
    });
  });

  test.each([
    ['algorithm', 'AWS4-HMAC-SHA256', 'AWS5-HMAC', "Unsupported AWS 'algorithm': 'AWS5-HMAC'."],
    ['credential', '/aws4_request', '', "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'ASIAEXAMPLE/20240219/eu-west-1/execute-api'"],
    ['terminator', 'aws4_request', 'aws5', "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5'."],
    ['day', '20240219/', '20240218/', "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20240218' != '20240219', from '20240219T071142Z'."],
    ['list of headers', 'SignedHeaders=host;', 'SignedHeaders=', "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."],
  ])('a wrong %s is refused', async (_, from, to, message) => {
    const request = await signed({}, { applyChecksum: false });
    const authorization = request.headers.authorization.replace(from, to);
    expect(messageOf(verify({ ...request, headers: { ...request.headers, authorization } }))).toBe(message);
  });

  test('another region is refused', async () => {
    expect(messageOf(verify(await signed({}, { region: 'us-east-1' })))).toBe("Credential should be scoped to a valid region, not 'us-east-1'.");
  });

  test('any region is accepted where none is asked for', async () => {
    expect(messageOf(verify(await signed({}, { region: 'us-east-1' }), { region: undefined }))).toBe('ok');
  });

  test('another service is refused', async () => {
    expect(messageOf(verify(await signed({}, { service: 'iam' })))).toBe("Credential should be scoped to correct service: 'execute-api'.");
  });

  test.each([-5, 5])('a clock that is off by %d minutes is accepted', async (minutes) => {
    expect(messageOf(verify(await signed(), { now: NOW + minutes * MINUTE }))).toBe('ok');
  });

  test('a signature of long ago is refused', async () => {
    expect(messageOf(verify(await signed(), { now: NOW + 6 * MINUTE })))
      .toBe('Signature expired: 20240219T071142Z is now earlier than 20240219T071242Z (20240219T071742Z - 5 min.)');
  });

  test('a signature of the future is refused', async () => {
    expect(messageOf(verify(await signed(), { now: NOW - 6 * MINUTE })))
      .toBe('Signature not yet current: 20240219T071142Z is still later than 20240219T071042Z (20240219T070542Z + 5 min.)');
  });

  test.each(['yesterday', '20249999T999999Z'])('the date `%s` is refused', async (date) => {
    const request = await signed();
    expect(messageOf(verify({ ...request, headers: { ...request.headers, 'x-amz-date': date } }))).toMatch(/^Date must be in ISO-8601 'basic format'\. Got/);
  });

  test('a header named like what every object has is nothing special', async () => {
    const request = await signed();
    const authorization = request.headers.authorization.replace('SignedHeaders=', 'SignedHeaders=constructor;__proto__;');
    expect(typeOf(verify({ ...request, headers: { ...request.headers, authorization } }))).toBe('InvalidSignatureException');
  });

  test('a header that comes several times is one', async () => {
    const request = await signed({ headers: { 'x-amz-list': 'a,b' } });
    expect(messageOf(verify({ ...request, headers: { ...request.headers, 'x-amz-list': ['a', 'b'] } }))).toBe('ok');
  });

  test('a failure that is not the client\'s is not hidden', async () => {
    const request = await signed();
    expect(() => verify(request, { secretOf: () => { throw new Error('broken'); } })).toThrow('broken');
  });
});

describe('presigned URLs', () => {
  test('a URL that AWS\'s own code signed is accepted', async () => {
    expect(verify(await presigned())).toEqual({ ok: true, accessKeyId: 'ASIAEXAMPLE' });
  });

  test('a URL that the gateway signed is accepted', () => {
    const { pathname, search } = new URL(presign(`wss://${HOST}/dev`, { service: 'execute-api', region: 'eu-west-1', credentials: LONG_TERM, now: NOW }));
    expect(verify({ method: 'GET', path: pathname + search, headers: { host: HOST } })).toEqual({ ok: true, accessKeyId: 'AKIDEXAMPLE' });
  });

  test('other parameters are signed too', async () => {
    expect(messageOf(verify(await presigned('/dev?room=a%20b&x=')))).toBe('ok');
  });

  test('a URL is good for as long as it says', async () => {
    expect(messageOf(verify(await presigned(), { now: NOW + 5 * MINUTE }))).toBe('ok');
  });

  test('a URL that has expired is refused', async () => {
    expect(messageOf(verify(await presigned(), { now: NOW + 6 * MINUTE })))
      .toBe('Signature expired: 20240219T071142Z is now earlier than 20240219T071242Z (20240219T071742Z - 5 min.)');
  });

  test('a URL that was good for seconds says so when it has expired', async () => {
    expect(messageOf(verify(await presigned('/dev', {}, 10), { now: NOW + MINUTE }))).toMatch(/- 10 sec\.\)$/);
  });

  test('a token that was appended after signing is refused, as API Gateway does', async () => {
    const { accessKeyId, secretAccessKey, sessionToken } = CREDENTIALS;
    const request = await presigned('/dev', { credentials: { accessKeyId, secretAccessKey } });
    expect(typeOf(verify({ ...request, path: `${request.path}&X-Amz-Security-Token=${encodeURIComponent(sessionToken)}` }))).toBe('InvalidSignatureException');
  });

  test('a URL that was changed is refused', async () => {
    const request = await presigned();
    expect(typeOf(verify({ ...request, path: `${request.path}&admin=true` }))).toBe('InvalidSignatureException');
  });

  test.each(['X-Amz-Credential', 'X-Amz-SignedHeaders', 'X-Amz-Signature', 'X-Amz-Date'])('a URL without `%s` is told so', async (name) => {
    const { path, ...request } = await presigned();
    expect(verify({ ...request, path: path.replace(name, 'X') })).toMatchObject({ errorType: 'IncompleteSignatureException', message: expect.stringContaining(`'${name}'`) });
  });

  test.each(['soon', '604801'])('a URL that is good for `%s` is refused', async (seconds) => {
    const { path, ...request } = await presigned();
    expect(messageOf(verify({ ...request, path: path.replace('X-Amz-Expires=300', `X-Amz-Expires=${seconds}`) }))).toMatch(/^X-Amz-Expires must be/);
  });

  test('a query that cannot be decoded is refused', async () => {
    const request = await presigned();
    expect(typeOf(verify({ ...request, path: `${request.path}&a=%E0%A4%A` }))).toBe('InvalidSignatureException');
  });
});

describe('what the trace says of a refusal', () => {
  const reasonOf = (request: SignedRequest, options: Parameters<typeof verify>[1] = {}) => {
    const verification = verify(request, options);
    return verification.ok ? 'ok' : verification.reason;
  };
  const withHeader = (authorization: string): SignedRequest => ({ method: 'GET', path: '/dev', headers: { 'host': HOST, 'x-amz-date': '20240219T071142Z', authorization } });

  test('has no session token, where the client is told the whole canonical request', async () => {
    const { method, path, headers } = await presigned('/dev?token=eyJ-secret');
    const tampered = { method, path: path.replace('X-Amz-Expires=300', 'X-Amz-Expires=301'), headers };

    expect(messageOf(verify(tampered))).toContain('eyJ-secret');
    expect(reasonOf(tampered)).toBe('the signature does not match the request and the secret access key');
  });

  test.each(['Bearer eyJ-secret', 'eyJ-secret', 'eyJ-secret Credential=x, SignedHeaders=host, Signature=y'])('has nothing of the header `%s`', (header) => {
    expect(messageOf(verify(withHeader(header)))).toContain('eyJ-secret');
    expect(reasonOf(withHeader(header))).not.toContain('secret');
  });
});
