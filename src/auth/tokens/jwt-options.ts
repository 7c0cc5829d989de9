import { Token } from 'aws-cdk-lib';
import { publicKeys } from './public-keys';
import { Settings } from './settings';
import { TOKEN_OPTIONS, TokenOptions, tokenSettings } from './token-options';
import { listOf, mapOf, ANYTHING, TEXT } from '../../given/kind';
import { checkRequiredOptions, Elsewhere, OptionsOf } from '../../given/options';

/**
 * Which tokens (JWT) let a client in.
 */
export interface JwtOptions extends TokenOptions {
  /**
   * Who issues the tokens, exactly as it is in their claim `iss`, such as `https://login.example.com`. An error if it does not start with
   * `https://`.
   */
  readonly issuer: string;

  /**
   * For whom the tokens are: one of these has to be in their claim `aud`. An error if there is none: a token that the issuer has made
   * for any other application would do.
   */
  readonly audience: string[];

  /**
   * Where the public keys of the issuer are. They are fetched for the first handshake, and anew, once, when a token names a key that is
   * none of them. An error if it does not start with `https://`.
   *
   * @default - `<issuer>/.well-known/jwks.json`; with `jwks`, nothing is ever fetched
   */
  readonly jwksUri?: string;

  /**
   * The public keys of the issuer (a JSON Web Key Set), for RS256, RS384, RS512, ES256, ES384, ES512 or EdDSA. With `jwksUri`, it is where
   * they are fetched from once a token names another key. An error if a key is private, symmetric, or has no `kid`, and if all of them do
   * not fit into the environment of a function: about 3 KB.
   *
   * @default - fetched from `jwksUri`
   * @see https://www.rfc-editor.org/rfc/rfc7517
   */
  readonly jwks?: { [key: string]: any };
}

const JWT_OPTIONS = {
  ...TOKEN_OPTIONS,
  issuer: TEXT,
  audience: listOf(TEXT),
  jwksUri: TEXT,
  jwks: mapOf(ANYTHING),
} satisfies OptionsOf<JwtOptions>;

const FACTORY = '`Authorization.jwt()`';

/** Whoever writes them believes that not every token of the issuer lets a client in. */
const OF_USER_POOLS: Elsewhere = {
  groups: 'it is for the groups of a user pool, in `Authorization.cognito()`; name the claim in `claims`, and let your `$connect` refuse who is in none',
  ...Object.fromEntries(['clients', 'anyClient', 'tokenUse'].map((name) => [name, 'it is for a user pool, in `Authorization.cognito()`; write `audience`'])),
};

/** What the shipped function is told. */
export function jwtSettings(options: JwtOptions): Settings {
  checkRequiredOptions(FACTORY, JWT_OPTIONS, options, '`issuer` and `audience`', OF_USER_POOLS);
  const { issuer, audience, jwks, jwksUri } = options;
  checkUrl('issuer', issuer);
  checkIssuer(issuer);
  if (jwksUri !== undefined) { checkUrl('jwksUri', jwksUri); }
  if (!audience?.length || audience.includes('')) {
    throw new Error(`\`audience\` of ${FACTORY} ${audience?.length ? 'has an empty string' : `is ${audience ? 'an empty list' : `\`${audience}\``}`}: a token that the issuer ` +
      'has made for any other application would do; write what is in the claim `aud` of your tokens');
  }
  const keys = jwks && publicKeys(`\`jwks\` of ${FACTORY}`, jwks);
  const wellKnown = keys ? undefined : `${issuer.replace(/\/$/, '')}/.well-known/jwks.json`;
  return { ...tokenSettings(FACTORY, options), issuer: { issuer, audience, jwksUri: jwksUri ?? wellKnown, jwks: keys } };
}

/** A token has it exactly as it is, and it has no parts that such a name never has: OpenID Connect Core 1.0, section 2. */
function checkIssuer(issuer: string): void {
  if (Token.isUnresolved(issuer)) { return; }
  const what = `\`issuer\` of ${FACTORY} is \`${JSON.stringify(issuer)}\``;
  if (issuer.includes('/.well-known/')) {
    throw new Error(`${what}, which is where something of the issuer is: write what is in the claim \`iss\` of your tokens, such as ` +
      `\`${JSON.stringify(issuer.split('/.well-known/')[0])}\`, and \`jwksUri\` if its keys are somewhere else than at \`<issuer>/.well-known/jwks.json\``);
  }
  if (/[?#]/.test(issuer)) {
    throw new Error(`${what}: an issuer has no \`?\` and no \`#\`; write what is in the claim \`iss\` of your tokens`);
  }
}

function checkUrl(option: string, url: string): void {
  TEXT.check(url, `\`${option}\` of ${FACTORY}`);
  if (!Token.isUnresolved(url) && !(url.startsWith('https://') && URL.canParse(url))) {
    throw new Error(`\`${option}\` of ${FACTORY} is \`${JSON.stringify(url)}\`: write a URL that starts with \`https://\`, because keys that come over any other way could be anybody's`);
  }
}
