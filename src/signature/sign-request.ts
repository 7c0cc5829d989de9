import {
  ALGORITHM,
  amzDate,
  canonicalQuery,
  canonicalRequest,
  encodePath,
  lowerCased,
  parseQuery,
  sha256,
  sign,
  SignedRequest,
  splitPath,
  stringToSign,
  TERMINATOR,
} from './canonical-request';

export interface SigningOptions {
  readonly service: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };
  readonly now: number;
  /** The hash of the body, if it is known. */
  readonly payloadHash?: string;
}

/** The headers to add to a request, which must have a `host` header, so that an AWS service takes it. */
export function signRequest(
  request: SignedRequest, { service, region, credentials, now, payloadHash = sha256(request.body ?? '') }: SigningOptions,
): Record<string, string> {
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
