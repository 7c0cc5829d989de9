import { Annotations, Lazy, Stack, Stage, Token } from 'aws-cdk-lib';
import { CfnStage, IAccessLogSettings, IWebSocketApi, IWebSocketStage, ThrottleSettings, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { asked } from './given/asked';
import { OWN_API, STAGE } from './given/cdk-kinds';
import { OF_STAGES } from './given/elsewhere';
import { checkPlace } from './given/environment';
import { checkArgument, FLAG, made, mapOf, TEXT } from './given/kind';
import { checkOptions, optionsIn, OptionsOf } from './given/options';
import { ExecutionLog } from './logs/execution-log';
import { routeName } from './routes/route-key';
import { RouteResource } from './routes/route-resource';
import { checkThrottle, THROTTLE_SETTINGS, warnOfNothingAllowed } from './routes/throttle';

/**
 * The stage that the API is deployed to: one to create, or one that exists.
 *
 * @example
 * new WebSocketApi(this, 'Api', {
 *   routes: { '$default': Route.toHandler('src/default.main') },
 *   stage: StageSource.fromOptions({ stageName: 'live', throttle: { rateLimit: 100, burstLimit: 50 } }),
 * });
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-stages.html
 */
export class StageSource {
  /**
   * A stage to create. An error when the app is synthesized if the API has a stage of that name already.
   */
  public static fromOptions(options: WebSocketStageOptions): StageSource {
    checkOptions('`StageSource.fromOptions()`', STAGE_OPTIONS, options, OF_STAGES);
    checkThrottle('the stage', options.throttle ?? {});
    checkStageVariables(options.stageVariables);
    checkStageName(options.stageName, '`stageName`', 'write another');
    return new StageSource({ options });
  }

  /**
   * A stage that exists. Its API must exist too (`ApiSource.fromApi`), and you cannot set an access log or a custom domain: errors
   * otherwise.
   *
   * @param stage the stage, created elsewhere in the app or imported
   */
  public static fromStage(stage: IWebSocketStage): StageSource {
    checkArgument('`stage` of `StageSource.fromStage()`', STAGE, stage, factoryFor);
    return new StageSource({ stage });
  }

  private constructor(private readonly source: { readonly options: WebSocketStageOptions } | { readonly stage: IWebSocketStage }) {
  }

  /** @internal */
  public get _exists(): boolean {
    return 'stage' in this.source;
  }

  /** @internal */
  public get _executionLog(): ExecutionLog | undefined {
    return 'options' in this.source ? this.source.options.executionLog : undefined;
  }

  /** @internal */
  public _stageName(scope: Construct): string {
    return 'stage' in this.source ? this.source.stage.stageName : this.source.options.stageName ?? defaultStageName(scope);
  }

  /** @internal */
  public _bind(scope: Construct, webSocketApi: IWebSocketApi, accessLogSettings: IAccessLogSettings | undefined): BoundStage {
    if ('stage' in this.source) {
      const { stage } = this.source;
      checkPlace(scope, `\`stage\` of \`StageSource.fromStage()\`, \`${stage.node.path}\`,`, stage.env, 'API Gateway keeps routes where the stage is; put the construct there');
      return new ExistingStage(stage);
    }
    const { executionLog, detailedMetrics, ...options } = this.source.options;
    const stage = new WebSocketStage(scope, 'Stage', asked({
      autoDeploy: true,
      ...asked(options),
      stageName: this._stageName(scope),
      webSocketApi,
      detailedMetricsEnabled: detailedMetrics,
      accessLogSettings,
    }));
    return new CreatedStage(stage, this.source.options);
  }
}

/**
 * Options of a stage.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-stages.html
 */
export interface WebSocketStageOptions {
  /**
   * The name of the stage: at most 128 letters, digits, `_` and `-`. An error otherwise.
   *
   * @default - the name of the nearest `cdk.Stage`, else the context value `stage`, else `dev`
   */
  readonly stageName?: string;

  /**
   * Deploy whenever the API changes. If it is `false`, you deploy the API yourself.
   *
   * @default true
   */
  readonly autoDeploy?: boolean;

  /**
   * A description of the stage.
   *
   * @default - none
   */
  readonly description?: string;

  /**
   * Throttling of every route, in requests a second and requests at once. An error if a limit is negative or not a number.
   *
   * @default - the account's: 10 000 a second, 5 000 at once
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-protect.html
   */
  readonly throttle?: ThrottleSettings;

  /**
   * CloudWatch metrics of each route.
   *
   * @default false
   */
  readonly detailedMetrics?: boolean;

  /**
   * Variables of the stage. A name has letters, digits and `_`; a value has letters, digits and `-._~:/?#&=,`. An error otherwise.
   *
   * @default - none
   */
  readonly stageVariables?: { [name: string]: string };

  /**
   * The execution log.
   *
   * @default ExecutionLog.disabled()
   */
  readonly executionLog?: ExecutionLog;
}

/** The kind of a source of a stage, for those who take one. */
export const STAGE_SOURCE = made(StageSource, factoryFor);

/** The factory that takes such a value. */
function factoryFor(value: unknown): string | undefined {
  if (typeof value === 'string') { return `StageSource.fromOptions({ stageName: ${JSON.stringify(value)} })`; }
  if (OWN_API.accepts(value)) { return 'StageSource.fromStage(webSocketApi.stage)'; }
  return STAGE.accepts(value) ? 'StageSource.fromStage(stage)' : undefined;
}

const STAGE_OPTIONS = {
  stageName: TEXT,
  autoDeploy: FLAG,
  description: TEXT,
  throttle: optionsIn(() => THROTTLE_SETTINGS),
  detailedMetrics: FLAG,
  stageVariables: mapOf(TEXT),
  executionLog: made(ExecutionLog),
} satisfies OptionsOf<WebSocketStageOptions>;

/** A stage, and how its routes are throttled. */
export interface BoundStage {
  readonly stage: IWebSocketStage;
  /**
   * Prepares the throttle of a route that will be created in `scope`: an error if the route cannot have one.
   *
   * @returns sets the throttle once the route exists
   */
  throttle(scope: Construct, routeKey: string, settings: ThrottleSettings): (route: RouteResource) => void;

  /** Turns on the metrics of a route. Where that cannot be, or is not wanted, a warning says that it has none. */
  measure(route: RouteResource): void;
}

class ExistingStage implements BoundStage {
  constructor(public readonly stage: IWebSocketStage) {
  }

  public throttle(_scope: Construct, routeKey: string): never {
    throw new Error(`${routeName(routeKey)} cannot have a \`throttle\`: it would be stored on the stage, which exists already; set it there`);
  }

  public measure(route: RouteResource): void {
    warnOfNoMetrics(route, 'the stage exists already; turn on its detailed metrics there');
  }
}

class CreatedStage implements BoundStage {
  private readonly routeSettings: { [routeKey: string]: object } = {};
  private defaults: object;
  private readonly resource: CfnStage;

  constructor(public readonly stage: WebSocketStage, private readonly options: WebSocketStageOptions) {
    const { executionLog, throttle, detailedMetrics } = options;
    this.resource = stage.node.defaultChild as CfnStage;
    // CDK's stage has no logging level and passes the settings of routes on untouched, so they are spelt as in CloudFormation.
    const logging = executionLog?._render() ?? {};
    Object.entries(logging).forEach(([name, value]) => this.resource.addPropertyOverride(`DefaultRouteSettings.${name}`, value));
    const metrics = detailedMetrics === undefined ? {} : { DetailedMetricsEnabled: detailedMetrics };
    warnOfNothingAllowed(stage, 'the stage', throttle ?? {});
    this.defaults = { ...renderThrottle(throttle), ...metrics, ...logging };
    this.resource.routeSettings = Lazy.any({ produce: () => this.renderRouteSettings() });
  }

  public throttle(scope: Construct, routeKey: string, settings: ThrottleSettings): (route: RouteResource) => void {
    if (settings.rateLimit === undefined && settings.burstLimit === undefined) {
      throw new Error(`${routeName(routeKey)} has an empty \`throttle\`: give \`rateLimit\`, \`burstLimit\` or both`);
    }
    if (Stack.of(scope) !== Stack.of(this.stage)) {
      throw new Error(`${routeName(routeKey)} cannot have a \`throttle\`: it would be stored on the stage, and the stage's stack \`${Stack.of(this.stage).node.path}\` ` +
        'cannot refer to a route in another; add the route in the stage\'s stack');
    }
    return (route) => {
      warnOfNothingAllowed(route.resource, routeName(routeKey), settings);
      this.set(route, renderThrottle(settings));
    };
  }

  public measure(route: RouteResource): void {
    const { detailedMetrics } = this.options;
    if (detailedMetrics === false) {
      warnOfNoMetrics(route, '`detailedMetrics` of the stage is `false`; leave it out, and those of this route are turned on');
    } else if (Stack.of(route) === Stack.of(this.stage)) {
      this.set(route, { DetailedMetricsEnabled: true });
    } else {
      // The stage cannot name a route of a stack that depends on its own: so for all routes.
      this.resource.addPropertyOverride('DefaultRouteSettings.DetailedMetricsEnabled', true);
      this.defaults = { ...this.defaults, DetailedMetricsEnabled: true };
    }
  }

  private set({ routeKey, resource }: RouteResource, settings: object): void {
    this.routeSettings[routeKey] = { ...this.routeSettings[routeKey], ...settings };
    this.resource.node.addDependency(resource);
  }

  /** The settings of a route replace all of the stage's, so they repeat those that they do not change. */
  private renderRouteSettings(): object | undefined {
    const settings = Object.entries(this.routeSettings).map(([key, own]) => [key, { ...this.defaults, ...own }]);
    return settings.length > 0 ? Object.fromEntries(settings) : undefined;
  }
}

function warnOfNoMetrics(route: RouteResource, why: string): void {
  Annotations.of(route).addWarningV2('cdk-websocket-api:noRouteMetrics', `${routeName(route.routeKey)} has no metrics of its own, so what looks at them sees nothing: ${why}`);
}

function renderThrottle(settings: ThrottleSettings | undefined) {
  return {
    ...settings?.rateLimit === undefined ? {} : { ThrottlingRateLimit: settings.rateLimit },
    ...settings?.burstLimit === undefined ? {} : { ThrottlingBurstLimit: settings.burstLimit },
  };
}

/** The name of the stage if the app gives none. */
function defaultStageName(scope: Construct): string {
  const cdkStage = Stage.of(scope)?.stageName;
  if (cdkStage) {
    checkStageName(cdkStage, 'the name of the `cdk.Stage`', 'name the WebSocket API\'s stage with `StageSource.fromOptions({ stageName })`');
    return cdkStage;
  }
  const context = scope.node.tryGetContext('stage');
  if (context !== undefined) {
    checkStageName(String(context), 'context value `stage`', 'write another, or name the WebSocket API\'s stage with `StageSource.fromOptions({ stageName })`');
    return String(context);
  }
  return 'dev';
}

function checkStageVariables(variables: { [name: string]: string } = {}): void {
  for (const [name, value] of Object.entries(variables)) {
    if (!Token.isUnresolved(name) && !/^\w+$/.test(name)) {
      throw new Error(`stage variable \`${JSON.stringify(name)}\` has a name that API Gateway refuses: write letters, digits and \`_\``);
    }
    if (!Token.isUnresolved(value) && !/^[A-Za-z0-9\-._~:/?#&=,]+$/.test(value)) {
      throw new Error(`stage variable \`${JSON.stringify(name)}\` has the value \`${JSON.stringify(value)}\`, which API Gateway refuses: write letters, digits and \`-._~:/?#&=,\``);
    }
  }
}

function checkStageName(name: string | undefined, what: string, instead: string): void {
  if (name !== undefined && !Token.isUnresolved(name) && !/^[A-Za-z0-9_-]{1,128}$/.test(name)) {
    throw new Error(`${what} \`${JSON.stringify(name)}\` is not a valid stage name: API Gateway takes 1 to 128 letters, digits, \`_\` and \`-\`; ${instead}`);
  }
}
