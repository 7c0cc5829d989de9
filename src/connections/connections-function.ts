import { Duration, Lazy, Stack } from 'aws-cdk-lib';
import { IWebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Function, IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { ConnectionStore } from './connection-store';
import { GroupRoute } from './group-route';
import { GroupRouteSettings } from './settings';
import { Invocation } from '../granting/invocation';
import { createShippedFunction } from '../handlers/shipped-function';
import { FrontFunction } from '../routes/front';
import { FunctionTarget } from '../routes/function-target';

export interface ConnectionsFunctionProps {
  readonly webSocketApi: IWebSocketApi;
  /** The ARN of all routes of the API, as Lambda sees it when API Gateway invokes a function. */
  readonly invokeArn: string;
  /** Undefined if the API keeps no table of its connections. */
  readonly store?: ConnectionStore;
  /** Whether clients send their token as a subprotocol, so that the handshake has to choose one. */
  readonly isTokenInSubprotocol?: boolean;
}

const ID = 'Connections';

/** The variables that say which function of the app is behind a route. */
const BEHIND: { readonly [routeKey: string]: string } = { $connect: 'CONNECT_HANDLER', $disconnect: 'DISCONNECT_HANDLER' };

/** The longest that the settings of the routes may be: an environment holds 4 KB, and there is more in it. */
const MAX_ROUTES_BYTES = 3000;

/** The shipped function `connections`: stands before `$connect` and `$disconnect`, keeps the table, and serves routes without code. */
export class ConnectionsFunction extends Construct implements FrontFunction {
  /** The one of a place where routes are created. */
  public static in(home: Construct, props: ConnectionsFunctionProps): ConnectionsFunction {
    return home.node.tryFindChild(ID) as ConnectionsFunction | undefined ?? new ConnectionsFunction(home, props);
  }

  private readonly target: FunctionTarget;
  private readonly routes = new Map<string, GroupRouteSettings>();

  private constructor(home: Construct, { webSocketApi, invokeArn, store, isTokenInSubprotocol }: ConnectionsFunctionProps) {
    super(home, ID);
    const made = createShippedFunction(this, 'Function', 'connections', {
      description: store ? 'Keeps the table of connections, and serves routes of groups' : 'Stands before $connect',
      // API Gateway waits no longer, and the function behind may take its time.
      timeout: Duration.seconds(29),
    }, store?.forConnections);
    store?.permitTable(made);
    this.node.addValidation({ validate: () => this.tooLarge() });
    if (isTokenInSubprotocol) { (made.fn as Function).addEnvironment('TOKEN_IN_SUBPROTOCOL', 'true'); }
    this.target = new FunctionTarget(this, 'Target', { webSocketApi, ...made, sourceArn: invokeArn });
  }

  public get integrationId(): string {
    return this.target.integrationId;
  }

  public lead(routeKey: string, behind: IFunction): void {
    (this.target.fn as Function).addEnvironment(BEHIND[routeKey], behind.functionArn);
    this.target.permit([], [new Invocation(behind.functionArn)]);
  }

  public serve(routeKey: string, { group, ...route }: GroupRoute & Pick<GroupRouteSettings, 'returnResponse'>): void {
    if (this.routes.size === 0) {
      (this.target.fn as Function).addEnvironment('ROUTES', Lazy.string({ produce: () => Stack.of(this).toJsonString(this.settings()) }));
    }
    this.routes.set(routeKey, { ...route, group: group?._settings });
  }

  /** In the order of their keys: routes come and go. */
  private settings(): { readonly [routeKey: string]: GroupRouteSettings } {
    return Object.fromEntries([...this.routes.entries()].sort(([a], [b]) => a < b ? -1 : 1));
  }

  private tooLarge(): string[] {
    const bytes = Buffer.byteLength(JSON.stringify(this.settings()));
    return bytes <= MAX_ROUTES_BYTES ? [] : [`what the ${this.routes.size} routes that lead to groups are told has ${bytes} bytes, and an environment of Lambda has room for ${MAX_ROUTES_BYTES}: ` +
      'add some of them in another scope, with `addRoutes(new Construct(this, \'MoreRoutes\'), …)`'];
  }
}
