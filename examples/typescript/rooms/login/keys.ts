import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/*
 * A login for this machine: it signs a token for whatever name it is asked for. Do not deploy it.
 */

export const LOCAL_ISSUER = 'https://login.rooms.example';
export const LOCAL_AUDIENCE = 'rooms';

const FILE = join(__dirname, 'keys.json');
const KEY_ID = 'local';

/** The keys of this machine, made when they are first needed. */
export function localKeys() {
  if (!existsSync(FILE)) {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    writeFileSync(FILE, JSON.stringify(privateKey.export({ format: 'jwk' })), { mode: 0o600 });
  }
  const privateKey = createPrivateKey({ key: JSON.parse(readFileSync(FILE, 'utf8')), format: 'jwk' });
  const publicKey = createPublicKey(privateKey).export({ format: 'jwk' });
  return { privateKey, jwks: { keys: [{ ...publicKey, kid: KEY_ID, alg: 'ES256', use: 'sig' }] } };
}

/** A token that says who somebody is, for an hour. */
export function tokenFor(user: string): string {
  const now = Math.floor(Date.now() / 1000);
  const parts = [
    { alg: 'ES256', kid: KEY_ID },
    { iss: LOCAL_ISSUER, aud: LOCAL_AUDIENCE, sub: user, iat: now, exp: now + 3600 },
  ].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
  const signature = sign('sha256', Buffer.from(parts.join('.')), { key: localKeys().privateKey, dsaEncoding: 'ieee-p1363' });
  return [...parts, signature.toString('base64url')].join('.');
}
