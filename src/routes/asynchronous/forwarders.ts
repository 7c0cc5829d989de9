import { Lazy, Stack, Token } from 'aws-cdk-lib';
import { IWebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { IFunction, Tracing } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { divide } from './division';
import { Invocation } from '../../granting/invocation';
import { createShippedFunction } from '../../handlers/shipped-function';
import { FunctionTarget } from '../function-target';

const ID = 'Asynchronous';

/** Lambda allows 4 KB for all variables. The rest is for what an organisation adds to each function. */
const MAX_BYTES = 3600;

/** The longest ARN of a function without a qualifier: the longest partition and Region, and a name of 64 characters. */
const MAX_ARN = 'arn:aws-iso-b:lambda:ap-southeast-99:111111111111:function:'.length + 64;
const MAX_ALIAS = 128;

export interface ForwardersProps {
  readonly webSocketApi: IWebSocketApi;
  /** The ARN of all routes, as Lambda sees it when API Gateway invokes a function. */
  readonly sourceArn: string;
}

/**
 * The functions that hand events to the functions of asynchronous routes. One serves all such routes of a scope, as many as its
 * environment holds; then there is another.
 */
export class Forwarders extends Construct {
  /** Those of a scope. */
  public static of(scope: Construct, props: ForwardersProps): Forwarders {
    return scope.node.tryFindChild(ID) as Forwarders | undefined ?? new Forwarders(scope, props);
  }

  /** What is invoked for a route key. */
  private readonly routes = new Map<string, IFunction>();
  private readonly forwarders = new Map<string, FunctionTarget>();

  private constructor(scope: Construct, private readonly props: ForwardersProps) {
    super(scope, ID);
  }

  /**
   * @param called the function of the route, or an alias or version of it
   * @returns the integration of the route
   */
  public add(routeKey: string, called: IFunction): string {
    this.routes.set(routeKey, called);
    const names = new Set(this.division().values());
    [...this.forwarders.keys()].filter((name) => !names.has(name)).forEach((name) => {
      this.node.tryRemoveChild(idOf(name));
      this.forwarders.delete(name);
    });
    [...names].filter((name) => !this.forwarders.has(name)).forEach((name) => this.forwarders.set(name, this.forwarder(name)));
    return Lazy.string({ produce: () => this.forwarders.get(this.division().get(routeKey)!)!.integrationId });
  }

  private forwarder(name: string): FunctionTarget {
    const scope = new Construct(this, idOf(name));
    const routes = () => this.routesOf(name);
    const made = createShippedFunction(scope, 'Function', 'asynchronous', {
      description: 'Hands messages to the functions of asynchronous routes',
      tracing: Tracing.DISABLED,
    }, {
      environment: { ROUTES: Stack.of(this).toJsonString(Lazy.any({ produce: () => Object.fromEntries(routes()) })) },
      statements: [new Invocation(...Lazy.list({ produce: () => [...new Set(routes().map(([, arn]) => arn))] }))],
    });
    return new FunctionTarget(scope, 'Target', { ...this.props, ...made });
  }

  private routesOf(name: string): Array<[routeKey: string, functionArn: string]> {
    const division = this.division();
    return [...this.routes].filter(([key]) => division.get(key) === name)
      .map(([key, { functionArn }]): [string, string] => [key, functionArn])
      .sort(([one], [other]) => one < other ? -1 : 1);
  }

  /** The name of the forwarder of each route. */
  private division(): Map<string, string> {
    return divide([...this.routes].map(([key, fn]) => ({ key, bytes: Buffer.byteLength(`${JSON.stringify(key)}:"",`) + sizeOfArn(fn) })), MAX_BYTES);
  }
}

function idOf(name: string): string {
  return `Forwarder${name}`;
}

/** How many bytes the ARN has at most. */
function sizeOfArn(fn: IFunction): number {
  if (!Token.isUnresolved(fn.functionArn)) { return Buffer.byteLength(fn.functionArn); }
  const { lambda, aliasName } = fn as { lambda?: IFunction; aliasName?: string };
  if (lambda === undefined) { return MAX_ARN; }
  return MAX_ARN + 1 + (aliasName === undefined || Token.isUnresolved(aliasName) ? MAX_ALIAS : aliasName.length);
}
