/** Lambda allows a function 4 KB of environment, and the settings take some. */
const MAX_BYTES = 3 * 1024;

/** What a key needs to verify signatures, by its type. Everything else that it has is left out. */
const MEMBERS: { readonly [type: string]: string[] } = { RSA: ['n', 'e'], EC: ['crv', 'x', 'y'], OKP: ['crv', 'x'] };

type Key = { readonly [member: string]: unknown };

/**
 * Checks a set of public keys, and takes from it what is needed.
 *
 * @param what the set, as an error calls it
 */
export function publicKeys(what: string, jwks: { [key: string]: any }): { keys: object[] } {
  const { keys } = jwks;
  if (!Array.isArray(keys) || keys.length === 0) {
    throw new Error(`${what} has no \`keys\`: write a JSON Web Key Set, \`{ "keys": [{ "kid": "…", "kty": "RSA", … }] }\``);
  }
  const taken = keys.map((key, index) => publicKey(`key ${index} in ${what}`, key));
  const bytes = Buffer.byteLength(JSON.stringify(taken));
  if (bytes > MAX_BYTES) {
    throw new Error(`${what} has ${bytes} bytes: ${MAX_BYTES} fit into the environment of a function; leave out keys that are not used any more, or give \`jwksUri\` instead`);
  }
  return { keys: taken };
}

function publicKey(what: string, key: unknown): object {
  if (typeof key !== 'object' || key === null) { throw new Error(`${what} is no object: write a JSON Web Key`); }
  const { kid, kty, alg, d, k } = key as Key;
  if (d !== undefined || k !== undefined || kty === 'oct') {
    throw new Error(`${what} is secret: whoever has it can make tokens, and templates are no place for it; give the public key alone`);
  }
  const members = MEMBERS[String(kty)];
  if (members === undefined) {
    throw new Error(`${what} has the type \`${JSON.stringify(kty)}\`: there are ${Object.keys(MEMBERS).map((type) => `\`${JSON.stringify(type)}\``).join(', ')}`);
  }
  const missing = ['kid', ...members].find((member) => typeof (key as Key)[member] !== 'string' || (key as Key)[member] === '');
  if (missing !== undefined) {
    throw new Error(`${what} has no \`${missing}\`: ${missing === 'kid' ? 'tokens name their key by it' : 'a key of its type needs one'}`);
  }
  return { kid, kty, use: 'sig', alg, ...Object.fromEntries(members.map((member) => [member, (key as Key)[member]])) };
}
