import { SignatureV4 } from '@smithy/signature-v4';
import { Sha256 } from './sha256';
import { SignedRequest } from '../../src/signature/canonical-request';

// What AWS's own code signs.

export const NOW = Date.UTC(2024, 1, 19, 7, 11, 42);
export const HOST = 'localhost:3000';
export const CREDENTIALS = { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'secret/key', sessionToken: 'to+ken/==' };
export const LONG_TERM = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'other' };

export function oracle({ service = 'execute-api', region = 'eu-west-1', credentials = CREDENTIALS as typeof LONG_TERM, uriEscapePath = true, applyChecksum = true } = {}) {
  return new SignatureV4({ service, region, credentials, sha256: Sha256 as never, uriEscapePath, applyChecksum });
}

function split(path: string) {
  const url = new URL(`http://x${path}`);
  return { path: path.split('?')[0], query: Object.fromEntries(url.searchParams) };
}

/** Signed by AWS's own code. */
export async function signed(
  given: { method?: string; path?: string; body?: string; headers?: Record<string, string> } = {},
  options: Parameters<typeof oracle>[0] = {},
): Promise<SignedRequest & { headers: Record<string, string> }> {
  const { method, path, body, headers } = { method: 'POST', path: '/dev/%40connections/abc%3D', body: 'hello', headers: {}, ...given };
  const request = await oracle(options).sign(
    { method, protocol: 'https:', hostname: 'localhost', ...split(path), headers: { host: HOST, ...headers }, body },
    { signingDate: new Date(NOW) },
  );
  return { method, path, headers: request.headers, body };
}

export async function presigned(path = '/dev', options: Parameters<typeof oracle>[0] = {}, expiresIn = 300): Promise<SignedRequest> {
  const { query = {} } = await oracle(options).presign(
    { method: 'GET', protocol: 'wss:', hostname: 'localhost', ...split(path), headers: { host: HOST } },
    { signingDate: new Date(NOW), expiresIn },
  );
  const text = Object.entries(query).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value as string)}`).join('&');
  return { method: 'GET', path: `${path.split('?')[0]}?${text}`, headers: { host: HOST } };
}
