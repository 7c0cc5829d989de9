import { CfnFunction, IFunction } from 'aws-cdk-lib/aws-lambda';

/** The function itself, where an alias or a version of it is called. */
export function functionItself(fn: IFunction): IFunction {
  return (fn as IFunction & { readonly lambda?: IFunction }).lambda ?? fn;
}

/**
 * The name of the log group that a function writes to. CDK's `logGroup` would make one, or a custom resource, by being asked for.
 */
export function logGroupNameOf(fn: IFunction): string {
  const resource = fn.node.defaultChild;
  const config = resource instanceof CfnFunction ? resource.loggingConfig as CfnFunction.LoggingConfigProperty | undefined : undefined;
  return config?.logGroup ?? `/aws/lambda/${fn.functionName}`;
}
