import { CfnResource, Duration } from 'aws-cdk-lib';
import { CfnRole, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnFunction, Function, IFunction, Tracing } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { HandlerCode } from './handler-code';
import { HandlerProps } from './handler-props';
import { recordSource } from './source-metadata';

/** What the API adds to a function that it makes. */
export interface FunctionAdditions {
  readonly environment?: { [name: string]: string };
  readonly statements?: PolicyStatement[];
}

/** A function made from source, with the defaults of this library. */
export function createFunction(scope: Construct, id: string, built: HandlerCode, props: HandlerProps, additions: FunctionAdditions = {}): IFunction {
  const { srcPath, bundling, permissions = [], tracing = Tracing.ACTIVE, ...options } = props;
  const { source, ...code } = built;
  const fn = new Function(scope, id, {
    memorySize: 1024,
    timeout: Duration.seconds(10),
    ...options,
    ...code,
    environment: { ...built.environment, ...additions.environment, ...props.environment },
  });
  recordSource(fn.node.defaultChild as CfnFunction, source);
  trace(fn, tracing);
  addInlinePolicy(fn, [...additions.statements ?? [], ...tracing === Tracing.DISABLED ? [] : [X_RAY()]]);
  permissions.forEach((permission) => permission._attach(fn));
  return fn;
}

const X_RAY = () => new PolicyStatement({
  actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
  resources: ['*'],
});

/** Like the prop of `lambda.Function`, but without a policy resource of its own for the two actions that it takes. */
function trace(fn: Function, tracing: Tracing) {
  if (tracing !== Tracing.DISABLED) {
    (fn.node.defaultChild as CfnFunction).tracingConfig = { mode: tracing };
  }
}

/**
 * What every function of an API may do lies in its role, not in a policy beside it: one resource less for each route of a stack that
 * may hold 500. These statements name nothing but the API, so they make no cycle. A role that the user gave is CDK's to handle.
 */
function addInlinePolicy(fn: Function, statements: PolicyStatement[]) {
  const role = fn.role?.node.defaultChild;
  if (fn.role?.node.scope === fn && role && CfnResource.isCfnResource(role) && role.cfnResourceType === CfnRole.CFN_RESOURCE_TYPE_NAME) {
    (role as CfnRole).policies = [{ policyName: 'WebSocketApi', policyDocument: new PolicyDocument({ statements }) }];
  } else {
    statements.forEach((statement) => fn.addToRolePolicy(statement));
  }
}
