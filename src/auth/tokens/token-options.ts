import { Token } from 'aws-cdk-lib';
import { nameInContext } from './claims';
import { Settings, TokenPlace } from './settings';
import { FLAG, listOf, made, TEXT } from '../../given/kind';
import { OptionsOf } from '../../given/options';
import { HandshakeValue } from '../handshake-value';

/**
 * Where a token is, and what of it the functions of the routes see.
 */
export interface TokenOptions {
  /**
   * Where the token is in the handshake: `HandshakeValue.queryString(…)`, `HandshakeValue.header(…)`, as it is or after `Bearer `, or
   * `HandshakeValue.subprotocol()`; an error otherwise. Browsers send the first and the last only. With the last, a client opens
   * `new WebSocket(url, ['bearer', jwt])`, with its own protocols before these.
   *
   * A query string may be logged on its way: keep tokens in it short-lived. API Gateway allows URLs of 4 KB and headers of 10 KB.
   *
   * @default HandshakeValue.queryString('token')
   */
  readonly token?: HandshakeValue;

  /**
   * The claims that functions find in `requestContext.authorizer`, besides `sub`, `iss`, `exp`, `scope` and `client_id`.
   *
   * API Gateway hands all of them on as text. Lists and objects are JSON text, and in names `_` stands instead of other characters than
   * letters, digits and `_`: `cognito_groups` for `cognito:groups`. If they have more than 7 KB together, the handshake is refused with
   * 403. An error if two have the same name there, or if API Gateway has a value of its own of that name.
   *
   * @default - none
   */
  readonly claims?: string[];

  /**
   * End a connection with its token: once the token has expired, nothing more is sent to it, and the next broadcast to it, or message from
   * it to a group, closes it. Messages to your own functions still arrive: compare `exp` there. An error without `connections`.
   *
   * @default false - a connection outlives its token, for two hours at most, as API Gateway has it
   */
  readonly closeOnExpiry?: boolean;

  /**
   * The name of the authorizer, unique in the API.
   *
   * @default "Authorizer"
   */
  readonly authorizerName?: string;
}

export const TOKEN_OPTIONS = {
  token: made(HandshakeValue),
  claims: listOf(TEXT),
  closeOnExpiry: FLAG,
  authorizerName: TEXT,
} satisfies OptionsOf<TokenOptions>;

/** What the settings of all tokens have in common. */
export function tokenSettings(factory: string, { token = HandshakeValue.queryString('token'), claims = [] }: TokenOptions): Pick<Settings, 'token' | 'claims'> {
  checkClaims(factory, claims);
  return { token: { place: placeOf(factory, token), name: token._place === 'header' ? token._name.toLowerCase() : token._name }, claims };
}

function placeOf(factory: string, { _place, _name }: HandshakeValue): TokenPlace['place'] {
  if (_place === 'header' || _place === 'queryString' || _place === 'subprotocol') { return _place; }
  throw new Error(`\`token\` of ${factory} cannot be \`HandshakeValue.${_place}(${JSON.stringify(_name)})\`: a client cannot send a token there; ` +
    'write `HandshakeValue.queryString("token")`, `HandshakeValue.header("Authorization")` or `HandshakeValue.subprotocol()`');
}

/** What API Gateway adds to the context of an authorizer. */
const OF_API_GATEWAY = ['principalId', 'integrationLatency'];

function checkClaims(factory: string, claims: string[]): void {
  const owners = new Map<string, string>();
  for (const claim of claims.filter((one) => !Token.isUnresolved(one))) {
    const name = nameInContext(claim);
    const other = owners.get(name);
    if (claim === '' || OF_API_GATEWAY.includes(name)) {
      throw new Error(`claim \`${JSON.stringify(claim)}\` in \`claims\` of ${factory} cannot be in the context: ` +
        (claim === '' ? 'it has no name; leave it out' : 'API Gateway has a value of its own of that name there; have your issuer use another name'));
    }
    if (other !== undefined && other !== claim) {
      throw new Error(`claims \`${JSON.stringify(other)}\` and \`${JSON.stringify(claim)}\` in \`claims\` of ${factory} ` +
        `would both be \`${name}\` in the context: leave one of them out`);
    }
    owners.set(name, claim);
  }
}
