import { Annotations, Token } from 'aws-cdk-lib';
import { Function, FunctionProps, IFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { HandlerProps } from './handler-props';

/** The alias that routes and authorizers call. */
const ALIAS = 'live';

/** The options that have no effect on a function that is called without a version. */
const NEEDING_A_VERSION = ['snapStart', 'durableConfig', 'provisionedConcurrency', 'currentVersionOptions'] as const;

/** How a function is published, of `HandlerProps`. */
export type VersionProps = Pick<HandlerProps, 'publishVersion' | typeof NEEDING_A_VERSION[number]>;

/** The settings of asynchronous invocations. */
const ASYNCHRONOUS = ['onFailure', 'onSuccess', 'maxEventAge', 'retryAttempts'] as const;

/**
 * Checks options that Lambda would refuse, or that would have no effect.
 *
 * @throws Error what is wrong, and what to write instead
 */
export function checkVersion(props: HandlerProps, runtime: Runtime): void {
  const { publishVersion, snapStart, provisionedConcurrency, reservedConcurrentExecutions, currentVersionOptions, tenancyConfig } = props;
  if (snapStart && !runtime.supportsSnapStart) {
    throw new Error(`\`snapStart\` has no effect for runtime \`${JSON.stringify(runtime.name)}\`: Lambda has no SnapStart for it; leave it out, ` +
      'or keep execution environments ready with `provisionedConcurrency`');
  }
  if (snapStart && (provisionedConcurrency !== undefined || currentVersionOptions?.provisionedConcurrentExecutions !== undefined)) {
    throw new Error('`snapStart` and provisioned concurrency cannot be used together: leave one of them out');
  }
  if (tenancyConfig) {
    throw new Error('`tenancyConfig` cannot be used: Lambda then needs a tenant ID with each invocation, and a WebSocket API sends none; ' +
      'leave it out, or call the function with a tenant ID from a handler of your own');
  }
  const needed = NEEDING_A_VERSION.find((name) => props[name] !== undefined);
  if (publishVersion === false && needed) {
    throw new Error(`\`publishVersion\` is \`false\`, but \`${needed}\` has no effect without a version: leave one of them out`);
  }
  checkProvisionedConcurrency(provisionedConcurrency, reservedConcurrentExecutions);
}

function checkProvisionedConcurrency(provisioned: number | undefined, reserved: number | undefined) {
  if (provisioned === undefined || Token.isUnresolved(provisioned)) { return; }
  if (!Number.isInteger(provisioned) || provisioned < 1) {
    throw new Error(`\`provisionedConcurrency\` is \`${JSON.stringify(provisioned)}\`: write a whole number from 1`);
  }
  if (reserved !== undefined && !Token.isUnresolved(reserved) && provisioned > reserved) {
    throw new Error(`\`provisionedConcurrency\` is \`${provisioned}\`, but \`reservedConcurrentExecutions\` leaves the function \`${reserved}\`: ` +
      'lower the first or raise the second');
  }
}

/** Whether a version has to be published for the options to take effect. */
export function needsVersion({ publishVersion, ...props }: VersionProps): boolean {
  return publishVersion ?? NEEDING_A_VERSION.some((name) => props[name] !== undefined);
}

/** The props of a function whose alias is called. */
export function withoutAsynchronous(props: FunctionProps): FunctionProps {
  return { ...props, ...Object.fromEntries(ASYNCHRONOUS.map((name) => [name, undefined])) };
}

/**
 * Publishes a version of what the function is now, and leads an alias to it. Where its code or its configuration changes, so does the
 * version.
 *
 * @param props the function's own, with the settings of asynchronous invocations, which are the alias's
 * @returns the alias
 */
export function publish(fn: Function, props: FunctionProps & VersionProps): IFunction {
  // CDK cannot know that there is a version.
  Annotations.of(fn).acknowledgeWarning('@aws-cdk/aws-lambda:snapStartRequirePublish', 'a version is published');
  return fn.addAlias(ALIAS, {
    provisionedConcurrentExecutions: props.provisionedConcurrency,
    ...Object.fromEntries(ASYNCHRONOUS.map((name) => [name, props[name]])),
  });
}
