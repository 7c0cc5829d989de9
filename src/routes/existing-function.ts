import { Annotations, CfnResource } from 'aws-cdk-lib';
import { CfnFunction, IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { warnOfTimeout } from './route-options';
import { checkPlace } from '../given/environment';
import { HandlerProps } from '../handlers/handler-props';

/**
 * Checks that API Gateway can call a function that exists, or a version or an alias of one.
 *
 * @param name what it is for, as an error calls it: "route `"a"`"
 * @param isAsynchronous whether nobody waits for it
 */
export function checkExistingFunction(scope: Construct, name: string, fn: IFunction, isAsynchronous = false): void {
  const what = `function \`${fn.node.path}\` of ${name}`;
  // Another account may have permitted the call, and `skipPermissions` says so.
  const { _skipPermissions: isPermitted } = fn as { _skipPermissions?: boolean };
  checkPlace(scope, what, isPermitted ? { region: fn.env.region } : fn.env,
    'API Gateway calls functions of its own account and Region; name a function there');

  const behind = functionBehind(fn);
  const { tenancyConfig, durableConfig, snapStart } = settingsOf(behind);
  if (tenancyConfig) {
    throw new Error(`${what} has \`tenancyConfig\`: Lambda then needs a tenant ID with each invocation, and a WebSocket API sends none; ` +
      'call the function with a tenant ID from another function');
  }
  if (behind === fn && durableConfig) {
    throw new Error(`${what} has \`durableConfig\`, and Lambda calls it only by a version or an alias: give \`fn.currentVersion\`, or an alias of it`);
  }
  if (behind === fn && snapStart) {
    Annotations.of(scope).addWarningV2('cdk-websocket-api:snapStartWithoutVersion',
      `${what} has \`snapStart\`, which has no effect on a function that is called without a version: give \`fn.currentVersion\`, or an alias of it`);
  }
  if (!isAsynchronous) { warnOfTimeout(scope, name, (behind as Pick<HandlerProps, 'timeout'>).timeout); }
}

/** The function of an alias or a version, or the function itself. */
export function functionBehind(fn: IFunction): IFunction {
  return (fn as { lambda?: IFunction }).lambda ?? fn;
}

/** What CloudFormation is told about a function; nothing about an imported one. */
function settingsOf(fn: IFunction): Partial<Pick<CfnFunction, 'tenancyConfig' | 'durableConfig' | 'snapStart'>> {
  const resource = fn.node.defaultChild;
  const isFunction = CfnResource.isCfnResource(resource) && resource.cfnResourceType === CfnFunction.CFN_RESOURCE_TYPE_NAME;
  return isFunction ? resource as CfnFunction : {};
}
