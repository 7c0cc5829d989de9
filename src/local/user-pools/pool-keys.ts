import { createHash, createSign, generateKeyPairSync, JsonWebKey, KeyObject } from 'node:crypto';
import { UserPoolModel } from '../definition/model';

/** The key with which this gateway signs the tokens of user pools. It is made when it is first needed, and gone with the gateway. */
export class PoolKeys {
  private made?: { readonly privateKey: KeyObject; readonly jwk: JsonWebKey & { readonly kid: string } };

  /** A signed token (RS256), as Cognito makes them. */
  public sign(claims: object): string {
    const { privateKey, jwk: { kid } } = this.pair;
    const text = [{ kid, alg: 'RS256' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    return `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey).toString('base64url')}`;
  }

  /**
   * What is served at a path of Cognito's: the public keys of a pool, and where they are.
   *
   * @returns undefined for other paths, and for pools that there are not
   */
  public documentAt(path: string, pools: readonly UserPoolModel[]): object | undefined {
    const [, id, name] = /^\/([\w-]+_\w+)\/\.well-known\/(jwks\.json|openid-configuration)$/.exec(path) ?? [];
    const pool = pools.find((one) => one.id === id);
    if (!pool) { return undefined; }
    const issuer = issuerOf(pool);
    return name === 'jwks.json' ? { keys: [this.pair.jwk] } : {
      issuer, jwks_uri: `${issuer}/.well-known/jwks.json`, id_token_signing_alg_values_supported: ['RS256'], subject_types_supported: ['public'],
    };
  }

  private get pair() {
    return this.made ??= makePair();
  }
}

export function issuerOf({ host, id }: UserPoolModel): string {
  return `https://${host}/${id}`;
}

function makePair() {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = publicKey.export({ format: 'jwk' });
  const kid = createHash('sha256').update(String(jwk.n)).digest('base64');
  return { privateKey, jwk: { ...jwk, kid, alg: 'RS256', use: 'sig' } };
}
