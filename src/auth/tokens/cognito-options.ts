import { IUserPool, IUserPoolClient } from 'aws-cdk-lib/aws-cognito';
import { Settings } from './settings';
import { TOKEN_OPTIONS, TokenOptions, tokenSettings } from './token-options';
import { TokenUse, TOKEN_USE } from './token-use';
import { USER_POOL, USER_POOL_CLIENT } from '../../given/cdk-kinds';
import { checkArgument, FLAG, listOf, TEXT } from '../../given/kind';
import { checkRequiredOptions, Elsewhere, OptionsOf } from '../../given/options';

/**
 * Which tokens of a Cognito user pool let a client in.
 */
export interface CognitoOptions extends TokenOptions {
  /**
   * The clients of the user pool whose tokens do: their ids are in the claim `client_id` of access tokens, and in `aud` of ID tokens. An
   * error if there are none, unless `anyClient` is set.
   *
   * @default - none; give some, or set `anyClient`
   */
  readonly clients?: IUserPoolClient[];

  /**
   * Accept the tokens of every client of the user pool, also of those that others add. An error together with `clients`.
   *
   * @default false
   */
  readonly anyClient?: boolean;

  /**
   * The groups of the user pool whose members may connect. A user who is in none of them is refused with 403. An error if the list is
   * empty.
   *
   * @default - every user may
   */
  readonly groups?: string[];

  /**
   * Which of the two tokens that a login gives a client has to send.
   *
   * @default TokenUse.ACCESS
   */
  readonly tokenUse?: TokenUse;
}

const COGNITO_OPTIONS = {
  ...TOKEN_OPTIONS,
  clients: listOf(USER_POOL_CLIENT),
  anyClient: FLAG,
  groups: listOf(TEXT),
  tokenUse: TOKEN_USE,
} satisfies OptionsOf<CognitoOptions>;

const FACTORY = '`Authorization.cognito()`';

const OF_ISSUERS: Elsewhere = {
  audience: 'write `clients`',
  ...Object.fromEntries(['issuer', 'jwks', 'jwksUri'].map((name) => [name, 'it follows from the user pool; leave it out'])),
};

/** What the shipped function is told. */
export function cognitoSettings(userPool: IUserPool, options: CognitoOptions): Settings {
  checkArgument('`userPool` of `Authorization.cognito()`', USER_POOL, userPool);
  checkRequiredOptions(FACTORY, COGNITO_OPTIONS, options, '`clients`, or `anyClient: true`', OF_ISSUERS);
  const { clients, anyClient = false, groups, tokenUse = TokenUse.ACCESS } = options;
  if (anyClient && clients) { throw new Error(`${FACTORY} cannot have \`clients\` together with \`anyClient\`: leave one of them out`); }
  if (!anyClient && !clients?.length) {
    throw new Error(`\`clients\` of ${FACTORY} ${clients ? 'is an empty list' : 'is missing'}: give the clients of the user pool whose users may connect, ` +
      'or write `anyClient: true` if all of them may');
  }
  if (groups?.length === 0 || groups?.includes('')) {
    throw new Error(`\`groups\` of ${FACTORY} ${groups.length ? 'has an empty string' : 'is an empty list'}: name the groups whose members may connect, or leave it out`);
  }
  return {
    ...tokenSettings(FACTORY, options),
    userPool: {
      userPoolId: userPool.userPoolId,
      clients: clients?.map(({ userPoolClientId }) => userPoolClientId),
      groups,
      tokenUse: tokenUse === TokenUse.ID ? 'id' : 'access',
    },
  };
}
