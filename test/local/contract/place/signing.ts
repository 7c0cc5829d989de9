import { SignatureV4 } from '@smithy/signature-v4';
import { Credentials } from './place';
import { Sha256 } from '../../../signature/sha256';

// Signatures of AWS's own code, for every place.

export interface Signing {
  readonly region: string;
  readonly credentials: Credentials;
  /** @default 'execute-api' */
  readonly service?: string;
  /** @default - now */
  readonly at?: number;
}

export interface Sent {
  readonly method?: string;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string;
}

/** The headers of a request to a URL, with those of its signature. */
export async function signedHeaders(url: string, { method = 'GET', headers = {}, body, ...signing }: Sent & Signing) {
  const { at = Date.now() } = signing;
  const request = { method, ...parts(url), headers: { ...headers, host: new URL(url).host }, body };
  return (await signer(signing).sign(request, { signingDate: new Date(at) })).headers;
}

/** Where SDKs find a service. */
export function endpointOf(service: string, region: string): string {
  return `${process.env.AWS_ENDPOINT_URL ?? `https://${service}.${region}.amazonaws.com`}/`;
}

export async function signedFetch(url: string, { method, body, ...options }: Sent & Signing): Promise<Response> {
  const { host, ...headers } = await signedHeaders(url, { method, body, ...options });
  return fetch(url, { method, body, headers });
}

/** A URL that carries its signature: browsers can send nothing else with a WebSocket. */
export async function presigned(url: string, signing: Signing): Promise<string> {
  const { query = {} } = await signer(signing).presign(
    { method: 'GET', ...parts(url), headers: { host: new URL(url).host } }, { signingDate: new Date(signing.at ?? Date.now()), expiresIn: 300 },
  );
  const text = Object.entries(query).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value as string)}`).join('&');
  return `${url.split('?')[0]}?${text}`;
}

function parts(url: string) {
  const { protocol, hostname, pathname, searchParams } = new URL(url);
  return { protocol, hostname, path: pathname, query: Object.fromEntries(searchParams) };
}

function signer({ region, credentials, service = 'execute-api' }: Signing) {
  return new SignatureV4({ service, region, credentials, sha256: Sha256 as never });
}
