import { Annotations, Duration, InjectionContext } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, RoleProps } from 'aws-cdk-lib/aws-iam';
import { CfnFunction, Function, FunctionProps, IFunction, Tracing } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { MAX_EVENT_AGE, RETRY_ATTEMPTS, TIMEOUT } from './asynchronous-defaults';
import { needsVersion, publish, VersionProps, withoutAsynchronous } from './function-version';
import { HandlerCode } from './handler-code';
import { HandlerProps } from './handler-props';
import { completeProps, isChild } from './property-injection';
import { recordSource } from './recorded-source';
import { asked } from '../given/asked';
import { checkPlace, placeOfArn } from '../given/environment';
import { FunctionGrantee } from '../granting/function-grantee';
import { joinedText } from '../joined-text';

/** What the API adds to a function that it makes. */
export interface FunctionAdditions {
  /** Whether nobody waits for it. */
  readonly isAsynchronous?: boolean;
  readonly environment?: { [name: string]: string };
  readonly statements?: PolicyStatement[];
}

/** A function of this library. */
export interface MadeFunction {
  readonly fn: IFunction;
  /** What API Gateway calls: the function, or an alias of its version. */
  readonly called: IFunction;
  /** Attaches permissions to the function's role. */
  readonly grantee: FunctionGrantee;
}

/** A function made from source, with the defaults of this library. */
export function createFunction(
  scope: Construct, id: string, built: HandlerCode, props: HandlerProps, additions: FunctionAdditions = {},
): MadeFunction {
  const { srcPath, bundling, permissions = [], publishVersion, provisionedConcurrency, ...options } = props;
  const { code, handler, runtime } = built;
  let settings = built;
  let tracing = Tracing.ACTIVE as Tracing;
  let statements: PolicyStatement[] = [];
  let versioned: FunctionProps & VersionProps | undefined;

  completeProps<FunctionProps>(scope, Function.PROPERTY_INJECTION_ID, isChild(scope, id), (given) => {
    const injected = withDefaultTimes(given, additions.isAsynchronous ?? false);
    settings = settingsFor(built, injected);
    tracing = injected.tracing ?? Tracing.ACTIVE;
    statements = [...additions.statements ?? [], ...tracing === Tracing.DISABLED ? [] : [X_RAY()]];
    const wanted = { ...injected, publishVersion, provisionedConcurrency };
    versioned = needsVersion(wanted) ? wanted : undefined;
    return {
      ...versioned ? withoutAsynchronous(injected) : injected,
      ...settings === built ? {} : { code: settings.code, handler: settings.handler },
      memorySize: injected.memorySize ?? 1024,
      environment: { ...settings.environment, ...additions.environment, ...injected.environment },
      // CDK would put the two actions that tracing needs into a separate policy resource.
      tracing: tracing === Tracing.DISABLED ? tracing : undefined,
    };
  });
  completeProps<RoleProps>(scope, Role.PROPERTY_INJECTION_ID, isRoleOf(scope, id), (injected) => {
    const inlinePolicies = withStatements(injected.inlinePolicies, statements.map((statement) => joinedStatement(scope, statement)));
    statements = [];
    return { ...injected, inlinePolicies };
  });

  checkPlaces(scope, props);
  const fn = new Function(scope, id, { ...asked(options), code, handler, runtime });
  const resource = fn.node.defaultChild as CfnFunction;
  recordSource(resource, settings.source);
  settings.warnings?.forEach((warning) => Annotations.of(fn).addWarningV2(`cdk-websocket-api:${warning.id}`, warning.text));
  if (tracing !== Tracing.DISABLED) {
    resource.tracingConfig = { mode: tracing };
  }
  const grantee = new FunctionGrantee(fn, fn);
  // The statements that the role did not accept: the user gave this role.
  grantee.permit(permissions, statements);
  return { fn, grantee, called: versioned ? publish(fn, versioned) : fn };
}

function withDefaultTimes(props: FunctionProps, isAsynchronous: boolean): FunctionProps {
  if (!isAsynchronous) { return { ...props, timeout: props.timeout ?? Duration.seconds(10) }; }
  return {
    ...props,
    timeout: props.timeout ?? TIMEOUT,
    maxEventAge: props.maxEventAge ?? MAX_EVENT_AGE,
    retryAttempts: props.retryAttempts ?? RETRY_ATTEMPTS,
  };
}

const X_RAY = () => new PolicyStatement({
  actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
  resources: ['*'],
});

/** The same in the template, which every function of an API has. */
function joinedStatement(scope: Construct, statement: PolicyStatement): PolicyStatement {
  return statement.copy({ resources: statement.resources.map((resource) => joinedText(scope, resource)) });
}

/** Lambda refuses these when the stack is deployed. */
function checkPlaces(scope: Construct, { role, layers = [] }: HandlerProps): void {
  if (role) {
    checkPlace(scope, `role \`${role.node.path}\``, { account: role.env.account }, 'Lambda takes only roles of the function\'s own account; give one of that account');
  }
  layers.forEach(({ layerVersionArn, node, env }) => checkPlace(scope, `layer \`${node.path}\``,
    { region: placeOfArn(layerVersionArn).region ?? env.region }, 'Lambda takes only layers of the function\'s own Region; publish it there'));
}

/** The role that CDK creates for a function that has none. */
function isRoleOf(parent: Construct, functionId: string): (context: InjectionContext) => boolean {
  return ({ scope, id }) => scope.node.scope === parent && scope.node.id === functionId && id === 'ServiceRole';
}

/** The code for the runtime and the architecture that an organisation's injector has chosen. */
function settingsFor(built: HandlerCode, { runtime, architecture, code }: FunctionProps): HandlerCode {
  return code === built.code ? built.forPlatform?.(runtime, architecture) ?? built : built;
}

/**
 * Puts what every function of an API may do into its role, not into a policy beside it. That saves one resource per route; a stack may
 * hold 500. The statements name only the API, so they make no cycle.
 */
function withStatements(policies: RoleProps['inlinePolicies'] = {}, statements: PolicyStatement[]): RoleProps['inlinePolicies'] {
  if (statements.length === 0) { return policies; }
  let name = 'WebSocketApi';
  while (name in policies) { name += 'Route'; }
  return { ...policies, [name]: new PolicyDocument({ statements }) };
}
