import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { WebSocketApiProps } from 'aws-cdk-lib/aws-apigatewayv2';
import { IFunction, Tracing } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct, IConstruct } from 'constructs';
import { AccessLog, ApiSource, Authorization, CustomDomain, FunctionRouteOptions, Route, StageSource, WebSocketApi, WebSocketStageOptions } from 'cdk-websocket-api';

export interface MoreOfApi {
  readonly stage?: WebSocketStageOptions;
  readonly api?: WebSocketApiProps;
  readonly authorization?: Authorization;
  readonly customDomain?: CustomDomain;
  readonly accessLog?: AccessLog;
}

/** The APIs of the app, and the functions that they share. */
export class Apis {
  private readonly functions: WebSocketApi;

  constructor(private readonly stack: Stack, private readonly logGroup: ILogGroup) {
    const hasty = { timeout: Duration.seconds(1) };
    // Nobody connects here: it makes the functions.
    this.functions = this.add('functions', {
      connect: Route.toHandler('handlers.connect'),
      disconnect: Route.toHandler('handlers.disconnect'),
      echo: Route.toHandler('handlers.echo', { timeout: Duration.seconds(29) }),
      authorize: Route.toHandler('handlers.authorize'),
      hastyEcho: Route.toHandler('handlers.echo', hasty),
      hastyConnect: Route.toHandler('handlers.connect', hasty),
    });
  }

  public add(
    name: string, routes: { [key: string]: Route }, { stage, api, accessLog = AccessLog.disabled(), ...props }: MoreOfApi = {},
  ): WebSocketApi {
    const made = new WebSocketApi(this.stack, name, {
      routes,
      api: ApiSource.fromProps({ apiName: name, ...api }),
      stage: StageSource.fromOptions({ stageName: name, ...stage }),
      accessLog,
      // Lambda makes no function that traces with a role that may not.
      defaultFunctionProps: { srcPath: __dirname, logGroup: this.logGroup, tracing: Tracing.DISABLED },
      ...props,
    });
    outputUrl(made, name, made.url);
    return made;
  }

  /** Of all that nothing else needs. */
  public get names(): string[] {
    return childrenOf(this.stack, WebSocketApi).filter((api) => api !== this.functions).map(({ node }) => node.id);
  }

  public get authorizer(): IFunction {
    return this.functions.getFunction('authorize')!;
  }

  public readonly connect = (options: FunctionRouteOptions = {}) => this.to('connect', options);

  public readonly disconnect = () => this.to('disconnect');

  public readonly echo = (options: FunctionRouteOptions = {}) => this.to('echo', { returnResponse: true, ...options });

  /** With a second for each message. */
  public readonly hastyEcho = () => this.to('hastyEcho', { returnResponse: true });

  /** With a second for each client. */
  public readonly hastyConnect = () => this.to('hastyConnect');

  private to(name: string, options: FunctionRouteOptions = {}) {
    return Route.toFunction(this.functions.getFunction(name)!, options);
  }
}

/** Ids of outputs have no hyphens. */
export function outputUrl(scope: Construct, name: string, value: string) {
  new CfnOutput(scope, 'Url', { value }).overrideLogicalId(`Url${name.replaceAll('-', '')}`);
}

export function childrenOf<T extends IConstruct>(construct: IConstruct, kind: abstract new (...args: any[]) => T): T[] {
  return construct.node.findAll().filter((child): child is T => child instanceof kind);
}
