import { SimpleFetcher } from 'aws-jwt-verify/https';
import { Jwks, SimpleJwksCache } from 'aws-jwt-verify/jwk';

/**
 * Keys that are fetched when a token needs them, and fetched anew, once, for a token with the id of another key.
 *
 * @param uriOf where to fetch from instead
 */
export function fetchedKeys(uriOf: (uri: string) => string = (uri) => uri): SimpleJwksCache {
  const fetcher = new SimpleFetcher();
  return new SimpleJwksCache({ fetcher: { fetch: (uri) => fetcher.fetch(uriOf(uri)) } });
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
