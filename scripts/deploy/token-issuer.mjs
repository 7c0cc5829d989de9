import { generateKeyPairSync, sign } from 'node:crypto';

/** Who logs people in: a key, and tokens that it signs. */
export class TokenIssuer {
  #privateKey;

  constructor(issuer, audience) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.issuer = issuer;
    this.audience = audience;
    this.#privateKey = privateKey;
    this.jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'ES256', use: 'sig' }] };
  }

  /** Good for ten minutes. */
  token(user) {
    const iat = Math.floor(Date.now() / 1000);
    const claims = { iss: this.issuer, aud: this.audience, sub: user, email: `${user}@domain.com`, iat, exp: iat + 600 };
    const parts = [{ alg: 'ES256', kid: 'one', typ: 'JWT' }, claims];
    const content = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    return `${content}.${sign('sha256', Buffer.from(content), { key: this.#privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
  }
}
