import { constants, createHmac, generateKeyPairSync, KeyObject, sign as signBytes } from 'node:crypto';

export const ISSUER = 'https://login.example.com';
export const AUDIENCE = 'chat';

/** A key of an issuer. */
export interface IssuerKey {
  readonly kid: string;
  readonly alg: 'RS256' | 'ES256' | 'EdDSA';
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** A real key, made for the test. */
export function makeKey(alg: IssuerKey['alg'], kid: string): IssuerKey {
  const pair = {
    RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
    ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    EdDSA: () => generateKeyPairSync('ed25519'),
  }[alg]();
  return { kid, alg, ...pair };
}

export function jwksOf(...keys: IssuerKey[]): { keys: object[] } {
  return { keys: keys.map(({ kid, alg, publicKey }) => ({ ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' })) };
}

/** What a good token says, in seconds from now. */
export function claims(changes: { readonly [name: string]: unknown } = {}): { readonly [name: string]: unknown } {
  return { iss: ISSUER, aud: AUDIENCE, sub: 'ada', exp: inSeconds(600), ...changes };
}

export function inSeconds(seconds: number): number {
  return Math.floor(Date.now() / 1000) + seconds;
}

export function tokenOf(key: IssuerKey, payload: object | string = claims(), header: object = {}): string {
  return signed({ alg: key.alg, kid: key.kid, typ: 'JWT', ...header }, payload, (input) => {
    if (key.alg === 'EdDSA') { return signBytes(null, Buffer.from(input), key.privateKey); }
    if (key.alg === 'ES256') { return signBytes('sha256', Buffer.from(input), { key: key.privateKey, dsaEncoding: 'ieee-p1363' }); }
    return signBytes('sha256', Buffer.from(input), { key: key.privateKey, padding: constants.RSA_PKCS1_PADDING });
  });
}

/** A token that nobody has signed. */
export function unsigned(header: object, payload: object = claims()): string {
  return signed(header, payload, () => Buffer.alloc(0));
}

/** HS256, with a text that everybody knows as its secret. */
export function signedWithPublicKey(key: IssuerKey): string {
  const secret = key.publicKey.export({ type: 'spki', format: 'pem' });
  return signed({ alg: 'HS256', kid: key.kid }, claims(), (input) => createHmac('sha256', secret).update(input).digest());
}

function signed(header: object, payload: object | string, sign: (input: string) => Buffer): string {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
  const input = `${base64Url(JSON.stringify(header))}.${base64Url(text)}`;
  return `${input}.${sign(input).toString('base64url')}`;
}

function base64Url(text: string): string {
  return Buffer.from(text).toString('base64url');
}
