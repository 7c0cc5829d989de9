import { SimpleFetcher } from 'aws-jwt-verify/https';
import { Jwks, SimpleJwksCache } from 'aws-jwt-verify/jwk';

/**
 * Keys that are fetched when a token needs them, and fetched anew, once, for a token with the id of another key.
 *
 * @param standIn where to look first: a stand-in that has no keys leaves it to the issuer to have them
 */
export function fetchedKeys(standIn?: string): SimpleJwksCache {
  const fetcher = new SimpleFetcher();
  return new SimpleJwksCache({
    fetcher: { fetch: (uri) => (standIn === undefined ? fetcher.fetch(uri) : fetchFrom(standIn, fetcher).catch(() => fetcher.fetch(uri))) },
  });
}

/** Stand-ins on the own machine speak HTTP, as a rule. From anywhere else, keys that come by HTTP could be anybody's. */
async function fetchFrom(uri: string, fetcher: SimpleFetcher): Promise<ArrayBuffer> {
  const { protocol, hostname } = new URL(uri);
  if (protocol !== 'http:' || !/^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname)) { return fetcher.fetch(uri); }
  const answer = await fetch(uri, { redirect: 'error', signal: AbortSignal.timeout(3000) });
  const text = await answer.arrayBuffer();
  // What answers every path may answer with something else than keys.
  if (!answer.ok || !Array.isArray(JSON.parse(Buffer.from(text).toString()).keys)) { throw new Error('there are no keys'); }
  return text;
}

/** Keys that are given. Nothing is ever fetched. */
export function givenKeys(jwks: Jwks): SimpleJwksCache {
  return new GivenKeys(jwks);
}

class GivenKeys extends SimpleJwksCache {
  constructor(private readonly jwks: Jwks) {
    super();
  }

  public async getJwks(): Promise<Jwks> {
    return this.jwks;
  }
}
