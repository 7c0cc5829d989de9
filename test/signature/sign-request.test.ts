import fc from 'fast-check';
import { CREDENTIALS, HOST, LONG_TERM, NOW, presigned, signed } from './aws-signer';
import { sha256 } from '../../src/signature/canonical-request';
import { presign, signRequest } from '../../src/signature/sign-request';

describe('signing', () => {
  const options = { service: 'sqs', region: 'eu-west-1', credentials: CREDENTIALS, now: NOW };

  test.each([
    ['sqs', '/', 'Action=SendMessage'],
    ['dynamodb', '/', '{"TableName":"a"}'],
    ['events', '/a b/c%20d?x=1&b=2', undefined],
  ])('a request to %s is signed as AWS\'s own code does', async (service, path, body) => {
    const headers = { 'host': HOST, 'content-type': 'text/plain', 'x-amz-target': 'a' };
    const theirs = await signed({ path, body, headers }, { service, applyChecksum: false });
    expect(signRequest({ method: 'POST', path, headers, body }, { ...options, service }).authorization).toBe(theirs.headers.authorization);
  });

  test('a request to S3 has its path signed as it is, and a hash of the body', async () => {
    const theirs = await signed({ method: 'PUT', path: '/bucket/a%20b' }, { service: 's3', uriEscapePath: false });
    expect(signRequest({ method: 'PUT', path: '/bucket/a%20b', headers: { host: HOST }, body: 'hello' }, { ...options, service: 's3' })).toEqual({
      'authorization': theirs.headers.authorization,
      'x-amz-content-sha256': theirs.headers['x-amz-content-sha256'],
      'x-amz-date': '20240219T071142Z',
      'x-amz-security-token': CREDENTIALS.sessionToken,
    });
  });

  test('credentials without a token sign without one', () => {
    expect(Object.keys(signRequest({ method: 'GET', path: '/', headers: { host: HOST } }, { ...options, credentials: LONG_TERM }))).toEqual(['x-amz-date', 'authorization']);
  });

  test.each([['execute-api', {}], ['s3', { uriEscapePath: false }]])('a URL of %s is presigned as AWS\'s own code does', async (service, signerOptions) => {
    const theirs = await presigned('/dev?room=a%20b', { service, ...signerOptions, applyChecksum: false });
    const ours = new URL(presign(`wss://${HOST}/dev?room=a%20b`, { ...options, service, expiresSeconds: 300 }));
    expect(Object.fromEntries(ours.searchParams)).toEqual(Object.fromEntries(new URL(`http://x${theirs.path}`).searchParams));
  });

  test('a post to any connection is signed as AWS\'s own code does', async () => {
    const ids = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 20 }).map(encodeURIComponent);
    await fc.assert(fc.asyncProperty(ids, fc.string({ unit: 'grapheme' }), async (connectionId, body) => {
      const path = `/dev/@connections/${connectionId}`;
      const theirs = await signed({ path, body }, { applyChecksum: false });
      const ours = signRequest({ method: 'POST', path, headers: { host: HOST } }, { ...options, service: 'execute-api', payloadHash: sha256(body) });
      expect(ours.authorization).toBe(theirs.headers.authorization);
    }));
  });

  test('requests of different seconds have different dates', () => {
    const datesOf = (times: readonly number[]) => times.map((now) => signRequest({ method: 'GET', path: '/', headers: { host: HOST } }, { ...options, now })['x-amz-date']);
    expect(datesOf([NOW, NOW + 999, NOW + 1000, NOW])).toEqual(['20240219T071142Z', '20240219T071142Z', '20240219T071143Z', '20240219T071142Z']);
  });
});
