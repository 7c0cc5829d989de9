import { Duration, RemovalPolicy, Token } from 'aws-cdk-lib';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { GROUP_NAME, GroupName, valueSettings } from './group-name';
import { HandshakeValue } from '../auth/handshake-value';
import { asked } from '../given/asked';
import { DURATION, KEY } from '../given/cdk-kinds';
import { ANYTHING, FLAG, listOf, made, NUMBER } from '../given/kind';
import { checkOptions, OptionsOf } from '../given/options';

/** A connection lasts no longer, and AWS does not raise that. */
const TWO_HOURS = Duration.hours(2);

const MAX_POSTS_PER_SECOND = 1000;

/**
 * A table of who is connected, and in which groups. With it, an API has a broadcaster (`WebSocketApi.broadcaster`), which reaches one
 * connection, a user, a group or everybody, and routes that need no code of yours: `Route.joinGroup()`, `Route.sendToGroup()`, ….
 *
 * A function of this library keeps the table: it serves `$connect` and `$disconnect`, or stands before your own. Yours then decides who
 * gets in, as without it.
 *
 * @example
 * new WebSocketApi(this, 'Api', {
 *   authorization: Authorization.fromHandler('src/auth.main'),
 *   connections: ConnectionTable.create({ user: HandshakeValue.authorizer('sub') }),
 *   routes: {
 *     'join': Route.joinGroup(GroupName.fromMessage('$.room', { prefix: 'room:' }), { announce: true }),
 *     'say': Route.sendToGroup(GroupName.fromMessage('$.room', { prefix: 'room:' })),
 *   },
 * });
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 */
export class ConnectionTable {
  /**
   * A table for one API: a DynamoDB table, billed on demand.
   *
   * @param options what is known of a connection, and how the table is kept
   */
  public static create(options: ConnectionTableOptions = {}): ConnectionTable {
    const owner = '`ConnectionTable.create()`';
    checkOptions(owner, CONNECTION_TABLE_OPTIONS, options);
    if (options.user) { valueSettings(`\`user\` of ${owner}`, options.user); }
    options.groups?.forEach((group) => {
      if ('path' in group._settings) {
        throw new Error(`\`groups\` of ${owner} cannot have \`GroupName.fromMessage()\`, because a handshake has no message: ` +
          'name the group with `GroupName.of()` or `GroupName.fromHandshake()`, or let clients join it with `Route.joinGroup()`');
      }
    });
    checkTimeToLive(owner, options.timeToLive);
    checkPace(owner, options.maxPostsPerSecond);
    return new ConnectionTable({ timeToLive: TWO_HOURS, maxPostsPerSecond: MAX_POSTS_PER_SECOND, ...asked(options) });
  }

  private constructor(
    /** @internal */
    public readonly _options: ConnectionTableOptions & Required<Pick<ConnectionTableOptions, 'timeToLive' | 'maxPostsPerSecond'>>,
  ) {
  }
}

/**
 * What is known of a connection, and how the table is kept.
 */
export interface ConnectionTableOptions {
  /**
   * Who the client is: a value of the handshake, of at most 256 bytes. A user may have several connections. What the authorizer has
   * answered with is certain; a header and the query string are the client's own word, which is a warning.
   *
   * @default - connections have no user
   */
  readonly user?: HandshakeValue;

  /**
   * The groups that a connection is in from the beginning. A connection is in at most 100 groups.
   *
   * @default - none
   */
  readonly groups?: GroupName[];

  /**
   * After how long a connection counts as gone, even if nobody has said so: API Gateway does not promise `$disconnect`. From 1 minute to 1
   * day; an error otherwise.
   *
   * @default Duration.hours(2), the longest that API Gateway keeps a connection
   */
  readonly timeToLive?: Duration;

  /**
   * How many connections one broadcast posts to in a second. API Gateway's rate of requests, 10 000 a second and less in some Regions, is
   * for all APIs of the account together. A whole number from 1 to 10 000; an error otherwise.
   *
   * @default 1000
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
   */
  readonly maxPostsPerSecond?: number;

  /**
   * What happens to the table when the stack goes.
   *
   * @default RemovalPolicy.DESTROY, because the table is worth nothing without its connections
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * The key that the table is encrypted with.
   *
   * @default - a key that DynamoDB owns
   */
  readonly encryptionKey?: IKey;

  /**
   * Keep backups that the table can be restored from at any point in time.
   *
   * @default false
   */
  readonly pointInTimeRecovery?: boolean;
}

export const CONNECTION_TABLE = made(ConnectionTable);

const CONNECTION_TABLE_OPTIONS = {
  user: made(HandshakeValue),
  groups: listOf(GROUP_NAME),
  timeToLive: DURATION,
  maxPostsPerSecond: NUMBER,
  removalPolicy: ANYTHING,
  encryptionKey: KEY,
  pointInTimeRecovery: FLAG,
} satisfies OptionsOf<ConnectionTableOptions>;

function checkTimeToLive(owner: string, timeToLive: Duration | undefined): void {
  if (!timeToLive || timeToLive.isUnresolved()) { return; }
  const seconds = timeToLive.toSeconds({ integral: false });
  if (!Number.isInteger(seconds) || seconds < 60 || seconds > 86_400) {
    throw new Error(`\`timeToLive\` of ${owner} is \`${seconds}\` seconds: it takes whole seconds, from 1 minute to 1 day; API Gateway keeps a connection for 2 hours`);
  }
}

function checkPace(owner: string, perSecond: number | undefined): void {
  if (perSecond === undefined || Token.isUnresolved(perSecond)) { return; }
  if (!Number.isInteger(perSecond) || perSecond < 1 || perSecond > 10_000) {
    throw new Error(`\`maxPostsPerSecond\` of ${owner} is \`${perSecond}\`: it takes a whole number from 1 to 10 000, which is what API Gateway allows an account`);
  }
}
