import fc from 'fast-check';
import { bytesOf, recordOf, text, textsOf } from './text';
import { verifySignature } from '../../../src/local/iam/verify-signature';
import { sign, canonicalRequest, encodePath, parseQuery, sha256, splitPath, stringToSign } from '../../../src/signature/canonical-request';
import { Target } from '../engine';

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);
const SCOPE = '20260102/eu-west-1/execute-api/aws4_request';
const HEADER = [
  'AWS4-HMAC-SHA256 ', `Credential=AKID/${SCOPE}`, ', ', 'SignedHeaders=host;x-amz-date', 'Signature=', 'f'.repeat(64), '=', ';', ' ', '/', '__proto__=1', 'Credential=', '\t', 'AKID',
];
const DATES = ['20260102T030405Z', '20260102T030406Z', 'Fri, 02 Jan 2026 03:04:05 GMT', '+275760-09-13T00:00:00Z', '-271821-04-20T00:00:00Z', '99991231T235959Z', '0', ''];

/** SigV4, in headers and in presigned URLs. */
export const signatures: Target<{ method: string; path: string; headers: object; body: string }> = {
  inputs: fc.record({
    method: fc.constantFrom('GET', 'POST', 'DELETE'),
    path: text(['/dev', '/@connections/', '%40', 'abc%3D', '?', '&', 'X-Amz-Algorithm=AWS4-HMAC-SHA256', 'X-Amz-Credential=AKID/', encodeURIComponent(SCOPE), 'X-Amz-Date=20260102T030405Z',
      'X-Amz-Expires=300', 'X-Amz-SignedHeaders=host', 'X-Amz-Signature=', 'f'.repeat(64), '..', '//', '%', '%ff']),
    headers: fc.record({ 'host': fc.constant('localhost'), 'authorization': text(HEADER), 'x-amz-date': fc.constantFrom(...DATES) }, { requiredKeys: ['host'] }),
    body: fc.string(),
  }),
  run(input) {
    const [method, path, body] = [input.method, latin1(input.path), input.body];
    // As Node.js reads them: names in lower case, and each byte a character.
    const given = Object.entries(textsOf(recordOf(input.headers)));
    const headers = Object.fromEntries(given.map(([name, value]) => [name.toLowerCase(), latin1(value)]));
    const result = verifySignature({ method, path, headers, body }, {
      service: 'execute-api', region: 'eu-west-1', now: NOW, secretOf: (id) => id === 'AKID' ? 'secret' : undefined,
    });
    if (result.ok && !isSigned(method, path, headers, body)) { throw new TypeError('a signature is accepted that does not fit'); }
    if (!result.ok && (result.message === '' || result.reason === '')) { throw new TypeError('it does not say why'); }
  },
};

function latin1(value: string): string {
  return bytesOf(value).toString('latin1');
}

/** By the words of AWS's documentation, for headers. In the query, no input has a signature that fits. */
function isSigned(method: string, path: string, headers: Record<string, string>, body: string): boolean {
  const [, names, given] = /SignedHeaders=([^,\s]*).*?Signature=(\w*)/s.exec(headers.authorization ?? '') ?? [];
  const [plain, query] = splitPath(path);
  return [plain, encodePath(plain), encodePath(decodeURIComponent(plain))].some((one) => {
    const canonical = canonicalRequest({
      method, path: one, query: parseQuery(query), headers, signedHeaders: names.toLowerCase().split(';'), payloadHash: headers['x-amz-content-sha256'] ?? sha256(body),
    });
    return sign('secret', SCOPE, stringToSign(headers['x-amz-date'], SCOPE, canonical)) === given;
  });
}
