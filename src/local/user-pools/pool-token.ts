import { randomUUID } from 'node:crypto';
import { issuerOf } from './pool-keys';
import { UserPoolModel } from '../definition/model';

export interface TokenOptions {
  /** Whom the token is for. */
  readonly sub: string;

  /** The groups of the user pool that the user is in. */
  readonly groups?: readonly string[];

  /**
   * An access token or an ID token.
   *
   * @default 'access'
   */
  readonly use?: 'access' | 'id';

  /**
   * The user pool, by its construct path or id.
   *
   * @default - the only one of the app
   */
  readonly userPool?: string;

  /**
   * The client of the user pool, by its construct path or id.
   *
   * @default - the first of the pool
   */
  readonly client?: string;

  /**
   * More claims, and others in place of those that Cognito makes.
   *
   * @default - none
   */
  readonly claims?: Readonly<Record<string, unknown>>;

  /**
   * After how many seconds the token expires; a token with a negative number has expired already.
   *
   * @default 3600
   */
  readonly expiresInSeconds?: number;
}

/**
 * The claims of a token that a user pool would make.
 *
 * @throws Error if the pool or the client is not in the app, or not said although there are several
 */
export function claimsOf(options: TokenOptions, pools: readonly UserPoolModel[], nowMillis: number): Record<string, unknown> {
  const { sub, groups = [], use = 'access', userPool, client: named, claims = {}, expiresInSeconds = 3600 } = options;
  if (typeof sub !== 'string' || sub === '') { throw new Error(`\`sub\` is \`${JSON.stringify(sub)}\`: write the id of the user`); }
  if (!['access', 'id'].includes(use)) { throw new Error(`\`use\` is \`${JSON.stringify(use)}\`: write "access" or "id"`); }
  const pool = poolOf(userPool, pools);
  const client = pool.clients.find(({ path, id }) => named === undefined || [path, id].includes(named));
  if (!client) {
    throw new Error(named === undefined ? `\`${pool.path}\` has no client in the app: add one with \`addClient()\``
      : `\`${pool.path}\` has no client \`${named}\`: there is ${listed(pool.clients)}`);
  }
  const now = Math.floor(nowMillis / 1000);
  return {
    sub,
    ...groups.length === 0 ? {} : { 'cognito:groups': groups },
    iss: issuerOf(pool),
    origin_jti: randomUUID(),
    event_id: randomUUID(),
    token_use: use,
    auth_time: now,
    exp: now + expiresInSeconds,
    iat: now,
    jti: randomUUID(),
    ...use === 'access'
      ? { client_id: client.id, scope: 'aws.cognito.signin.user.admin', username: sub }
      : { 'aud': client.id, 'cognito:username': sub },
    ...claims,
  };
}

function poolOf(named: string | undefined, pools: readonly UserPoolModel[]): UserPoolModel {
  if (pools.length === 0) {
    throw new Error('there is no user pool in the app whose tokens this gateway makes: one whose id is in the env file has tokens of its own');
  }
  const pool = named === undefined && pools.length === 1 ? pools[0] : pools.find(({ path, id }) => [path, id].includes(named ?? ''));
  if (!pool) {
    throw new Error(named === undefined ? `there are several user pools: say which as \`userPool\`: ${listed(pools)}`
      : `there is no user pool \`${named}\`: there is ${listed(pools)}`);
  }
  return pool;
}

function listed(things: ReadonlyArray<{ readonly path: string }>): string {
  return things.map(({ path }) => `\`${path}\``).join(', ');
}
