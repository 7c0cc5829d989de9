import { Lazy } from 'aws-cdk-lib';
import { CfnStage, IDomainName, IUsagePlan, IWebSocketApi, IWebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Grant, IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { checkKeySource } from './api-keys/key-source';
import { warnOfMissingPlan } from './api-keys/missing-plan';
import { ApiSource } from './api-source';
import { Authorization } from './auth/authorization';
import { ConnectionStore } from './connections/connection-store';
import { HandshakeFronts } from './connections/handshake-fronts';
import { domainConflicts } from './domain/shared-domain';
import { closeExecuteApi } from './domain/sole-domain';
import { CONSTRUCT, GRANTEE } from './given/cdk-kinds';
import { checkArgument, checkRest, isPlain, TEXT } from './given/kind';
import { checkOptions } from './given/options';
import { withWholeTrace } from './given/whole-trace';
import { AccessLog } from './logs/access-log';
import { ApiMetrics, WebSocketMetricOptions } from './monitoring/api-metrics';
import { IMonitoring, Monitoring, MonitorOptions } from './monitoring/monitoring';
import { PERMISSION, Permissions } from './permissions';
import { tooManyResources } from './resource-limit';
import { ApiResources } from './routes/api-conflicts';
import { ApiRoutes, MANAGE_CONNECTIONS } from './routes/api-routes';
import { Route } from './routes/route';
import { CONNECT } from './routes/route-key';
import { StageEndpoint } from './stage-endpoint';
import { StageSource } from './stage-source';
import { checkExpiry, checkStage, ROUTES, WEBSOCKET_API_PROPS, WebSocketApiProps } from './websocket-api-props';

/**
 * An API Gateway WebSocket API: routes to Lambda functions that are made from source, the permissions that they need, an access log and a
 * deployed stage, and an authorizer and a domain if you ask for them.
 *
 * @example
 * new WebSocketApi(this, 'Api', {
 *   routes: {
 *     '$connect': Route.toHandler('src/connect.main'),
 *     '$default': Route.toHandler('src/default.main'),
 *   },
 * });
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api.html
 */
export class WebSocketApi extends Construct {
  /** The API inside, or the imported one. */
  public readonly api: IWebSocketApi;

  /** The stage inside, or the imported one. */
  public readonly stage: IWebSocketStage;

  /** The log group of the access log, if it goes to one. */
  public readonly accessLogGroup?: ILogGroup;

  /**
   * The URL that clients connect to on your own domain: `wss://<domain>`, or `wss://<domain>/<path>/`. If it is a wildcard domain, replace
   * the `*` yourself.
   */
  public readonly customDomainUrl?: string;

  /** Your own domain in API Gateway, created or given. */
  public readonly apiGatewayDomain?: IDomainName;

  /**
   * The function that reaches connections: one, a user, a group or everybody, by what an event says. Undefined without `connections`.
   *
   * Functions of routes have its ARN in the environment variable `WEBSOCKET_BROADCASTER`, and may invoke it; for others, there is
   * `grantBroadcast`. EventBridge, SNS, SQS and Step Functions target it as they do any function. The events:
   * `{"action":"sendToGroup","group":"news","data":{"any":"JSON"}}`, and `sendToAll`, `sendToUser` (`user`), `sendToConnection`
   * (`connectionId`); `joinGroup` and `leaveGroup` (`group`, `connectionId`), `listGroup` (`group`), `closeConnection` (`connectionId`).
   * `data` is sent as it is if it is text, else as JSON; `excluded` is a list of connection ids.
   */
  public readonly broadcaster?: IFunction;

  /** The certificate of the domain that was created, created or given. */
  public readonly acmCertificate?: ICertificate;

  /** The usage plan of the API keys, if there are any. */
  public readonly usagePlan?: IUsagePlan;

  private readonly authorization: Authorization;
  private readonly store?: ConnectionStore;
  private readonly endpoint: StageEndpoint;
  /** Whether a function of this library serves `$connect` where the app does not. */
  private readonly isConnectServed: boolean;
  private readonly apiRoutes: ApiRoutes;
  private readonly metrics: ApiMetrics;
  private readonly accessLogFormat?: string;

  /**
   * @param props an option with a nearly right name, or a value of another kind than it takes, is an error
   */
  constructor(scope: Construct, id: string, props: WebSocketApiProps = {}) {
    super(checkScope(scope), id);
    try {
      checkOptions(`\`${this.node.path}\``, WEBSOCKET_API_PROPS, props);
      const api = props.api ?? ApiSource.fromProps({});
      const stage = props.stage ?? StageSource.fromOptions({});
      checkStage(this.node.path, api, stage, props);
      checkKeySource(this.node.path, props.apiKeys?._source, api, props.authorization ?? Authorization.none());
      const accessLog = props.accessLog ?? (stage._exists ? AccessLog.disabled() : AccessLog.json());

      this.authorization = props.authorization ?? Authorization.none();
      this.api = api._bind(this);

      const { settings, logGroup } = accessLog._bind(this, this.api.apiId, stage._stageName(this));
      this.accessLogGroup = logGroup;
      this.accessLogFormat = accessLog._format;
      const boundStage = stage._bind(this, this.api, settings);
      this.stage = boundStage.stage;
      const domain = props.customDomain?._bind(this, this.api, this.stage);
      this.customDomainUrl = domain?.url;
      this.apiGatewayDomain = domain?.apiGatewayDomain;
      this.acmCertificate = domain?.certificate;
      const soleDomain = props.disableExecuteApiEndpoint ? closeExecuteApi(this, this.api, domain) : undefined;
      this.endpoint = new StageEndpoint(this, this.api, this.stage, soleDomain);
      this.usagePlan = props.apiKeys?._bind(this, this.api, this.stage);

      checkExpiry(this.node.path, this.authorization, props.connections);
      this.store = props.connections && new ConnectionStore(this, props.connections, {
        apiId: this.api.apiId,
        stageName: this.stage.stageName,
        callbackUrl: this.callbackUrl,
        manageConnections: new PolicyStatement({ actions: [MANAGE_CONNECTIONS], resources: [this.endpoint.connectionsArn] }),
        authorization: this.authorization,
      });
      this.broadcaster = this.store?.broadcaster;

      const resources = new ApiResources(this, this.api);
      // Other stages of the API call the same functions.
      const invokeArn = (route: string) => Lazy.string({
        produce: () => resources.hasOneStage ? this.endpoint.joinedArn(route) : this.endpoint.arnInAnyStage(route),
      });
      const { _isTokenInSubprotocol: isTokenInSubprotocol } = this.authorization;
      this.isConnectServed = this.store !== undefined || isTokenInSubprotocol;
      this.apiRoutes = new ApiRoutes(this, {
        api: this.api,
        stage: boundStage,
        endpoint: this.endpoint,
        authorization: this.authorization,
        apiKeyRequired: props.apiKeys !== undefined,
        defaultFunctionProps: props.defaultFunctionProps ?? {},
        invokeArn,
        fronts: this.isConnectServed
          ? new HandshakeFronts(this.store ? '`connections`' : 'a token in the subprotocol', {
            webSocketApi: this.api, invokeArn: invokeArn('*'), store: this.store, isTokenInSubprotocol,
          })
          : undefined,
        additions: this.store?.forBroadcasts,
      });
      this.metrics = new ApiMetrics(this, this.api.apiId, boundStage, this.apiRoutes);
      this.addRoutes(this, props.routes ?? {});
      this.apiRoutes.prepareMissing();

      for (const accountRole of [accessLog._accountRole, stage._executionLog?._accountRole]) {
        const setting = accountRole?._bind(this);
        if (setting) { this.stage.node.addDependency(setting); }
      }

      this.node.addValidation({
        validate: () => [
          ...this.routes.length === 0 && !api._exists && !this.store ? [NO_ROUTES] : this.missingConnect(props.apiKeys !== undefined),
          ...tooManyResources(this.node.path, this.apiRoutes.parts),
          ...resources.conflicts(
            this.apiRoutes.resources.map(({ resource }) => resource),
            stage._exists ? undefined : this.stage.node.defaultChild as CfnStage,
          ),
          ...domain ? domainConflicts(domain.mapping) : [],
        ],
      });
      this.node.addValidation({
        validate: () => {
          if (this.apiRoutes.requiresKey) { warnOfMissingPlan(this, this.stage); }
          return [];
        },
      });
    } catch (error) {
      // If somebody catches the error, nothing half-built stays behind.
      scope.node.tryRemoveChild(id);
      throw error;
    }
  }

  /**
   * The URL that clients connect to: `wss://<api>.execute-api.<region>.<suffix>/<stage>`; with `disableExecuteApiEndpoint`, that of your own
   * domain.
   */
  public get url(): string {
    return this.endpoint.url;
  }

  /**
   * The URL that functions post to connections at (`@connections`): `https://<api>.execute-api.<region>.<suffix>/<stage>`, or
   * `https://<domain>/<path>` with `disableExecuteApiEndpoint`. Route functions that are made from source have it in the environment
   * variable `WEBSOCKET_CALLBACK_URL`.
   *
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
   */
  public get callbackUrl(): string {
    return `https://${this.endpoint.address}`;
  }

  /**
   * The route keys, in the order in which they were added.
   */
  public get routes(): string[] {
    return this.apiRoutes.keys;
  }

  /**
   * The function behind a route.
   *
   * @param routeKey the key of the route
   * @returns undefined if there is no such route, or no function behind it
   */
  public getFunction(routeKey: string): IFunction | undefined {
    checkArgument('`routeKey` of `getFunction()`', TEXT, routeKey);
    return this.apiRoutes.functionOf(routeKey);
  }

  /**
   * Adds routes.
   *
   * Their functions, integrations and permissions, and with `$connect` the authorizer, are all created in `scope`. So `scope` can be in
   * another stack of the same account and Region. That stack then depends on this API, and never the other way.
   *
   * @param scope where the routes are created
   * @param routes the routes, by route key. A key that is empty, unknown, too long or in use is an error, and so is a handler that cannot
   * be found or bundled. Then none of the routes is added
   */
  public addRoutes(scope: Construct, routes: { [routeKey: string]: Route }): void {
    checkArgument('`scope` of `addRoutes()`', CONSTRUCT, scope, (value) => isPlain(value) ? 'addRoutes(this, {…})' : undefined);
    checkArgument('`routes` of `addRoutes()`', ROUTES, routes);
    withWholeTrace(WebSocketApi.prototype.addRoutes, () => this.apiRoutes.add(scope, routes));
  }

  /**
   * Attaches permissions to the function of every route, also of routes that you add later.
   *
   * @param permissions what the functions may do
   */
  public attachPermissions(...permissions: Permissions[]): void {
    checkRest('`permissions` of `attachPermissions()`', PERMISSION, permissions, 'attachPermissions(...permissions)');
    this.apiRoutes.permitAll(permissions);
  }

  /**
   * Attaches permissions to the function of one route.
   *
   * @param routeKey the key of the route. An error if there is no such route, or no function behind it
   * @param permissions what the function may do
   */
  public attachPermissionsToRoute(routeKey: string, ...permissions: Permissions[]): void {
    checkArgument('`routeKey` of `attachPermissionsToRoute()`', TEXT, routeKey);
    checkRest('`permissions` of `attachPermissionsToRoute()`', PERMISSION, permissions, 'attachPermissionsToRoute(routeKey, ...permissions)');
    this.apiRoutes.permit(routeKey, permissions);
  }

  /**
   * Permits posting to the connections of this stage, looking them up and closing them. Route functions may do so already.
   *
   * @param grantee who may
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-control-access-iam.html
   */
  public grantManageConnections(grantee: IGrantable): Grant {
    checkArgument('`grantee` of `grantManageConnections()`', GRANTEE, grantee);
    return grant(grantee, MANAGE_CONNECTIONS, this.endpoint.connectionsArn);
  }

  /**
   * Permits connecting to this stage if it has `Authorization.iam()`.
   *
   * @param grantee who may
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-control-access-iam.html
   */
  public grantConnect(grantee: IGrantable): Grant {
    checkArgument('`grantee` of `grantConnect()`', GRANTEE, grantee);
    return grant(grantee, 'execute-api:Invoke', this.endpoint.arn(CONNECT));
  }

  /**
   * Permits invoking the broadcaster. Functions of routes may do so already.
   *
   * @param grantee who may. An error if the API has no `connections`
   */
  public grantBroadcast(grantee: IGrantable): Grant {
    checkArgument('`grantee` of `grantBroadcast()`', GRANTEE, grantee);
    if (!this.broadcaster) {
      throw new Error(`\`${this.node.path}\` has no broadcaster: write \`connections: ConnectionTable.create()\` in its props`);
    }
    return grant(grantee, 'lambda:InvokeFunction', this.broadcaster.functionArn);
  }

  /**
   * Handshakes that reached `$connect`: a sum.
   *
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-logging.html
   */
  public metricConnectCount(options: WebSocketMetricOptions = {}): Metric {
    return this.metrics.metric('ConnectCount', options);
  }

  /**
   * Messages of clients, and to clients: a sum.
   *
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-logging.html
   */
  public metricMessageCount(options: WebSocketMetricOptions = {}): Metric {
    return this.metrics.metric('MessageCount', options);
  }

  /**
   * Handshakes and messages that API Gateway refused (4xx): a sum. Answers of 4xx by functions may be among them.
   *
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-logging.html
   */
  public metricClientError(options: WebSocketMetricOptions = {}): Metric {
    return this.metrics.metric('ClientError', options);
  }

  /**
   * Errors of API Gateway in calling functions and other integrations: a sum.
   *
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-logging.html
   */
  public metricExecutionError(options: WebSocketMetricOptions = {}): Metric {
    return this.metrics.metric('ExecutionError', options);
  }

  /**
   * Answers of 4xx and 5xx by functions and other integrations: a sum.
   *
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-logging.html
   */
  public metricIntegrationError(options: WebSocketMetricOptions = {}): Metric {
    return this.metrics.metric('IntegrationError', options);
  }

  /**
   * Milliseconds that functions and other integrations took: the 90th percentile. Mocks, and posts to connections, are not among them.
   *
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-logging.html
   */
  public metricIntegrationLatency(options: WebSocketMetricOptions = {}): Metric {
    return this.metrics.metric('IntegrationLatency', options);
  }

  /**
   * Watches the API: alarms, for which missing data is no breach, a dashboard, and saved queries for the access log and the logs of the
   * functions. Functions of routes that you add in other stacks are not in the dashboard and the queries. A second call is an error.
   *
   * @param options whom to tell, and from when on
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-monitor.html
   */
  public monitor(options: MonitorOptions = {}): IMonitoring {
    return new Monitoring(this, {
      metrics: this.metrics,
      accessLogFormat: this.accessLogFormat,
      accessLogGroup: this.accessLogGroup,
      functions: () => [...this.routes.map((key) => this.apiRoutes.functionOf(key)), this.authorization._existing]
        .filter((fn) => fn !== undefined),
    }, options);
  }

  private missingConnect(hasKeys: boolean): string[] {
    if (this.isConnectServed || this.routes.includes(CONNECT)) { return []; }
    return [...this.authorization._restricts ? ['authorization'] : [], ...hasKeys ? ['apiKeys'] : []].map((prop) => (
      `\`${prop}\` is set, but there is no \`"$connect"\` route, and API Gateway asks for it on that route alone: anybody could connect; add a \`"$connect"\` route`
    ));
  }
}

const NO_ROUTES = 'there are no routes: give some with `routes` or `addRoutes()`';

/** Before the construct exists, whose path every other error names. */
function checkScope(scope: Construct): Construct {
  checkArgument('`scope` of `new WebSocketApi()`', CONSTRUCT, scope);
  return scope;
}

function grant(grantee: IGrantable, action: string, resourceArn: string): Grant {
  return Grant.addToPrincipal({ grantee, actions: [action], resourceArns: [resourceArn] });
}
