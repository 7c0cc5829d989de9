import { claims, inSeconds, IssuerKey, makeKey, signedWithPublicKey, tokenOf, unsigned } from './tokens';

/** A token that must not let anybody in, and why. */
export interface Attack {
  readonly name: string;
  readonly token: string;
  readonly status: 401 | 403;
  readonly reason: string;
}

/**
 * What attackers, and other applications of the issuer, send.
 *
 * @param key the key of the issuer, whose type is RSA
 */
export function attacks(key: IssuerKey): Attack[] {
  const stranger = makeKey('RS256', key.kid);
  const good = tokenOf(key);
  const [header, payload, signature] = good.split('.');
  const of = (changes: object, more: object = {}) => tokenOf(key, claims(changes as Record<string, unknown>), more);
  const refused = (name: string, token: string, reason: string, status: 401 | 403 = 401): Attack => ({ name, token, status, reason });
  const forged = JSON.stringify({ ...claims(), sub: 'root' });

  return [
    refused('the algorithm `none`', unsigned({ alg: 'none', kid: key.kid }).replace(/$/, 'AA'), 'not signed by an algorithm of its key'),
    refused('the algorithm `none`, without a signature', unsigned({ alg: 'none', kid: key.kid }), 'no JWT'),
    refused('the algorithm `None`', `${unsigned({ alg: 'None', kid: key.kid })}AA`, 'not signed by an algorithm of its key'),
    refused('HS256, signed with the public key', signedWithPublicKey(key), 'not signed by an algorithm of its key'),
    refused('another algorithm than that of the key', of({}, { alg: 'ES256' }), 'not signed by an algorithm of its key'),
    refused('no algorithm', of({}, { alg: undefined }), 'not signed by an algorithm of its key'),
    refused('no kid', of({}, { kid: undefined }), 'does not name its key'),
    refused('an unknown kid', of({}, { kid: 'unknown' }), 'names a key that its issuer does not have'),
    refused('a kid that is a path', of({}, { kid: '../../../dev/null' }), 'names a key that its issuer does not have'),
    refused('a kid that is SQL', of({}, { kid: "' UNION SELECT 'key' --" }), 'names a key that its issuer does not have'),
    refused('a kid that every object has', of({}, { kid: '__proto__' }), 'names a key that its issuer does not have'),
    refused('a kid that is a number', of({}, { kid: 1 }), 'no JWT'),
    refused('a key of its own in `jwk`', tokenOf(stranger, claims(), { jwk: stranger.publicKey.export({ format: 'jwk' }) }), 'signature of the token is wrong'),
    refused('a key of its own at `jku`', tokenOf(stranger, claims(), { jku: 'https://localhost:1/jwks.json' }), 'signature of the token is wrong'),
    refused('a certificate of its own at `x5u`', tokenOf(stranger, claims(), { x5u: 'https://localhost:1/cert.pem' }), 'signature of the token is wrong'),
    refused('the key of a stranger', tokenOf(stranger), 'signature of the token is wrong'),
    refused('a changed payload', `${header}.${Buffer.from(forged).toString('base64url')}.${signature}`, 'signature of the token is wrong'),
    refused('a signature that is cut off', good.slice(0, -8), 'signature of the token is wrong'),
    refused('a critical extension', of({}, { crit: ['b64'], b64: false }), 'critical extension'),
    refused('another issuer', of({ iss: 'https://evil.example.com' }), 'of another issuer'),
    refused('an issuer with a longer name', of({ iss: 'https://login.example.com.evil.example' }), 'of another issuer'),
    refused('no issuer', of({ iss: undefined }), 'of another issuer'),
    refused('another audience', of({ aud: 'billing' }), 'for another audience'),
    refused('audiences of others', of({ aud: ['billing', 'chatter'] }), 'for another audience'),
    refused('no audience', of({ aud: undefined }), 'for another audience'),
    refused('an audience that is an object', of({ aud: { chat: true } }), 'no JWT'),
    refused('an expired token', of({ exp: inSeconds(-30) }), 'has expired'),
    refused('a token that never expires', of({ exp: undefined }), 'never expires'),
    refused('an expiry that is text', of({ exp: String(inSeconds(600)) }), 'no JWT'),
    refused('an expiry that is a list', of({ exp: [inSeconds(600)] }), 'no JWT'),
    refused('an expiry without end', tokenOf(key, JSON.stringify(claims()).replace(/"exp":\d+/, '"exp":1e999')), 'no JWT'),
    refused('a token that is not valid yet', of({ nbf: inSeconds(60) }), 'not valid yet'),
    refused('a subject that is an object', of({ sub: { toString: 'root' } }), 'no JWT'),
    refused('a subject that is a list', of({ sub: ['root'] }), 'no JWT'),
    refused('a token of 100 KB', of({ pad: 'x'.repeat(100_000) }), 'more than 16384 characters'),
    refused('a payload that is no JSON', tokenOf(key, '{"iss":'), 'no JWT'),
    refused('a payload that is a list', tokenOf(key, '[]'), 'no JWT'),
    refused('a payload that is null', tokenOf(key, 'null'), 'no JWT'),
    refused('two parts', `${header}.${payload}`, 'no JWT'),
    refused('five parts, as an encrypted token has', `${good}.a.b`, 'no JWT'),
    refused('garbage', '%00\u2028{"a":1}', 'no JWT'),
    refused('control characters', '\u0000\u001b[31mtoken', 'no JWT'),
  ];
}
