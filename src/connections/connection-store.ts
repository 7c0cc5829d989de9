import { Annotations, Duration, Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption, TableProps } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { ConnectionTable } from './connection-table';
import { valueSettings } from './group-name';
import { GroupRoute } from './group-route';
import { ConnectionSettings, GroupSettings, ValueSettings } from './settings';
import { Authorization } from '../auth/authorization';
import { asked } from '../given/asked';
import { Invocation } from '../granting/invocation';
import { completeProps, isChild } from '../handlers/property-injection';
import { createShippedFunction } from '../handlers/shipped-function';
import { FunctionAdditions, MadeFunction } from '../handlers/source-function';
import { Permissions } from '../permissions';
import { routeName } from '../routes/route-key';

export interface ConnectionStoreProps {
  readonly apiId: string;
  readonly stageName: string;
  readonly callbackUrl: string;
  /** Permits posting to the connections of the stage. */
  readonly manageConnections: PolicyStatement;
  readonly authorization: Authorization;
}

/** DynamoDB's actions that the shipped functions need. */
const TABLE_ACTIONS = ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query', 'BatchWriteItem'].map((action) => `dynamodb:${action}`);

/** The table of an API, and the function that reaches who is in it. */
export class ConnectionStore {
  /** What an app invokes to reach connections: a function, or an alias of it. */
  public readonly broadcaster: IFunction;
  private readonly table: Table;
  /** The values of the handshake that routes name groups by, by their expressions. */
  private readonly values = new Map<string, ValueSettings>();

  constructor(private readonly scope: Construct, private readonly source: ConnectionTable, private readonly props: ConnectionStoreProps) {
    const { user, groups = [], maxPostsPerSecond } = source._options;
    if (user) { this.checkValue('`user` of `ConnectionTable.create()`', valueSettings('', user), scope); }
    groups.forEach(({ _settings: group }) => {
      if ('value' in group) { this.checkValue('`groups` of `ConnectionTable.create()`', group.value, scope); }
    });

    this.table = createTable(scope, source);
    const made = createShippedFunction(scope, 'Broadcaster', 'broadcaster', {
      description: 'Sends messages to the connections of a WebSocket API, and joins them to groups',
      // One virtual processor: what limits a broadcast is the signatures and the encryption of its posts.
      memorySize: 1769,
      // A broadcast takes as long as its posts may, at `maxPostsPerSecond`.
      timeout: Duration.minutes(15),
      retryAttempts: 0,
      maxEventAge: Duration.minutes(1),
    }, this.withTable({ MAX_POSTS_PER_SECOND: String(maxPostsPerSecond), API_ID: props.apiId, STAGE: props.stageName }));
    this.permitTable(made);
    made.grantee.permitItself(made.called);
    this.broadcaster = made.called;
  }

  /** What a function needs that broadcasts. */
  public get forBroadcasts(): Required<Pick<FunctionAdditions, 'environment' | 'statements'>> {
    return { environment: { WEBSOCKET_BROADCASTER: this.broadcaster.functionArn }, statements: [this.permitBroadcasts()] };
  }

  public permitBroadcasts(): PolicyStatement {
    return new Invocation(this.broadcaster.functionArn);
  }

  /** What the function `connections` needs. */
  public get forConnections(): FunctionAdditions {
    const { environment, statements } = this.forBroadcasts;
    const additions = this.withTable({
      ...environment,
      CONNECTION_SETTINGS: Lazy.string({ produce: () => Stack.of(this.scope).toJsonString(this.settings()) }),
    });
    return { ...additions, statements: [...additions.statements!, ...statements] };
  }

  /** Permits a function what it needs of the table that its role cannot hold from the beginning. */
  public permitTable({ grantee }: MadeFunction): void {
    const { encryptionKey } = this.table;
    if (encryptionKey) { grantee.permit([Permissions.grant(encryptionKey, 'grantEncryptDecrypt')]); }
  }

  /** Checks a route that this library serves, and remembers what it needs to know of the handshake. */
  public checkRoute(scope: Construct, routeKey: string, { action, group }: GroupRoute): void {
    const name = routeName(routeKey);
    if (action === 'sendToUser' && !this.source._options.user) {
      throw new Error(`${name} leads to \`Route.sendToUser()\`, but connections have no user: say who a client is with \`ConnectionTable.create({ user: … })\``);
    }
    if ((action === 'sendToUser' || action === 'sendToAll') && !this.props.authorization._restricts) {
      Annotations.of(scope).addWarningV2('cdk-websocket-api:openToStrangers',
        `${name} leads to \`Route.${action}()\`, and the API has no \`authorization\`: every stranger could write to ${action === 'sendToAll' ? 'everybody' : 'every user'}; ` +
        'say who may connect, or send from a function of your own, through the broadcaster');
    }
    const settings = group?._settings;
    if (settings && 'value' in settings) {
      this.checkValue(name, settings.value, scope);
      this.values.set(`${settings.value.place}:${settings.value.name}`, settings.value);
    }
  }

  private settings(): ConnectionSettings {
    const { user, groups = [], timeToLive } = this.source._options;
    return {
      user: user && valueSettings('', user),
      groups: groups.map(({ _settings }): GroupSettings => _settings),
      // Routes come and go, in any order.
      values: [...this.values.entries()].sort(([a], [b]) => a < b ? -1 : 1).map(([, value]) => value),
      timeToLive: timeToLive.toSeconds(),
      ...this.props.authorization._closesOnExpiry ? { closeOnExpiry: true } : {},
    };
  }

  private checkValue(owner: string, { place, name }: ValueSettings, scope: Construct): void {
    const { authorization } = this.props;
    if (place === 'authorizer' && !authorization._answers) {
      throw new Error(`${owner} has \`HandshakeValue.authorizer(${JSON.stringify(name)})\`, but \`${this.scope.node.path}\` has no authorizer that answers with it: ` +
        'set `authorization` to one, such as `Authorization.fromHandler()`');
    }
    const keys = place === 'authorizer' ? authorization._answeredKeys : undefined;
    if (keys && !keys.includes(name)) {
      throw new Error(`${owner} has \`HandshakeValue.authorizer(${JSON.stringify(name)})\`, but the authorizer of \`${this.scope.node.path}\` answers with ` +
        `${keys.map((key) => `\`${key}\``).join(', ')} alone: name the claim that it is in the \`claims\` of \`Authorization.jwt()\` or \`.cognito()\``);
    }
    if (place === 'header' || place === 'queryString') {
      Annotations.of(scope).addWarningV2('cdk-websocket-api:clientsOwnWord',
        `${owner} has \`HandshakeValue.${place}(${JSON.stringify(name)})\`, which is the client's own word: it can claim to be anybody, and be in any group; ` +
        'read it from what an authorizer has answered with, by `HandshakeValue.authorizer(…)`');
    }
  }

  private withTable(environment: { [name: string]: string }): FunctionAdditions {
    const { callbackUrl, manageConnections } = this.props;
    return {
      environment: { WEBSOCKET_CALLBACK_URL: callbackUrl, CONNECTION_TABLE: this.table.tableName, ...environment },
      statements: [manageConnections, new PolicyStatement({ actions: TABLE_ACTIONS, resources: [this.table.tableArn] })],
    };
  }
}

/** Under what an organisation injects: only what the app asked for hides it. */
function createTable(scope: Construct, { _options: { encryptionKey, removalPolicy, pointInTimeRecovery } }: ConnectionTable): Table {
  const id = 'ConnectionTable';
  completeProps<TableProps>(scope, Table.PROPERTY_INJECTION_ID, isChild(scope, id), (injected) => (
    { ...injected, removalPolicy: injected.removalPolicy ?? RemovalPolicy.DESTROY }
  ));
  return new Table(scope, id, asked<TableProps>({
    partitionKey: { name: 'pk', type: AttributeType.STRING },
    sortKey: { name: 'sk', type: AttributeType.STRING },
    timeToLiveAttribute: 'expiresAt',
    billingMode: BillingMode.PAY_PER_REQUEST,
    removalPolicy,
    pointInTimeRecoverySpecification: pointInTimeRecovery === undefined ? undefined : { pointInTimeRecoveryEnabled: pointInTimeRecovery },
    encryption: encryptionKey && TableEncryption.CUSTOMER_MANAGED,
    encryptionKey,
  }));
}
