import fc from 'fast-check';
import { recordOf, text, textsOf } from './text';
import { authorizerOf } from '../../../src/shipped/jwt-authorizer/authorizer';
import { claims, ISSUER, jwksOf, makeKey, tokenOf } from '../../shipped/jwt-authorizer/tokens';
import { Target } from '../engine';

const KEY = makeKey('ES256', 'ec');
const PLACES = [{ place: 'queryString', name: 'token' }, { place: 'header', name: 'authorization' }, { place: 'subprotocol', name: '' }] as const;
const AUTHORIZERS = PLACES.map((token) => authorizerOf({
  TOKENS: JSON.stringify({ token, claims: ['__proto__', 'roles', 'constructor'], issuer: { issuer: ISSUER, audience: ['chat'], jwks: jwksOf(KEY) } }),
}));
const part = (value: fc.Arbitrary<unknown>) => value.map((one) => Buffer.from(JSON.stringify(one) ?? '').toString('base64url'));
const token = fc.oneof(
  fc.tuple(part(fc.record({ alg: fc.constantFrom('ES256', 'none', 'HS256', ''), kid: fc.oneof(fc.constant('ec'), fc.jsonValue()), crit: fc.jsonValue() }, { requiredKeys: [] })), part(fc.jsonValue()), fc.string()).map((parts) => parts.join('.')),
  text(['bearer ', 'Bearer ', 'e30', '.', '=', ',', 'eyJhbGciOiJFUzI1NiIsImtpZCI6ImVjIn0', 'bearer, ']),
);

/** The handshakes that the authorizer for tokens is asked about. `claims` is what a token says that is signed by the right key. */
export const tokens: Target = {
  inputs: fc.record({
    token, claims: fc.dictionary(fc.constantFrom('sub', 'exp', 'nbf', 'iss', 'aud', 'roles', '__proto__', 'scope'), fc.jsonValue()), header: fc.dictionary(fc.constantFrom('alg', 'kid', 'typ', 'crit', 'b64'), fc.jsonValue()),
  }),
  async run(input) {
    const signed = tokenOf(KEY, { ...claims(), ...recordOf(input.claims) }, recordOf(input.header));
    const write = process.stdout.write;
    process.stdout.write = () => true;
    try {
      for (const [given, isGood] of [[String(input.token), false], [signed, true]] as const) {
        for (const [index, authorizer] of AUTHORIZERS.entries()) {
          await ask(authorizer, [{ queryStringParameters: { token: given } }, { headers: { Authorization: given } }, { headers: { 'Sec-WebSocket-Protocol': `bearer, ${given}` } }][index], isGood);
        }
      }
    } finally {
      process.stdout.write = write;
    }
  },
};

async function ask(authorizer: ReturnType<typeof authorizerOf>, given: object, isGood: boolean): Promise<void> {
  const methodArn = 'arn:aws:execute-api:eu-west-1:111111111111:abcdef/dev/$connect';
  try {
    const answer: any = await authorizer({ methodArn, ...given });
    if (answer.policyDocument.Statement[0].Effect === 'Allow' && !isGood) { throw new TypeError('a token is accepted that nobody has signed'); }
    textsOf(answer.context);
    for (const value of Object.values(answer.context)) { if (!['string', 'number', 'boolean'].includes(typeof value)) { throw new TypeError('API Gateway takes no such context'); } }
  } catch (error) {
    // It fails with a fault of the service only where keys are fetched, and none are here.
    if ((error as Error).message !== 'Unauthorized') { throw new TypeError((error as Error).message); }
  }
}
