import { Annotations, Resource } from 'aws-cdk-lib';
import { CfnEventInvokeConfig, IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { MAX_EVENT_AGE, RETRY_ATTEMPTS } from '../../handlers/asynchronous-defaults';
import { functionBehind } from '../existing-function';

const LATEST = '$LATEST';

const ID = 'EventInvokeConfig';

/**
 * Sets how Lambda repeats asynchronous invocations of a function that exists, unless the app sets it. Nothing is known of an imported one:
 * a warning says so.
 *
 * @param scope what stands for the function in the API, however many asynchronous routes lead to it
 * @param name the route, as a warning calls it
 */
export function setEventSettings(scope: Construct, name: string, fn: IFunction): void {
  if (scope.node.tryFindChild(ID)) { return; }
  if (Resource.isOwnedResource(functionBehind(fn)) && Resource.isOwnedResource(fn)) {
    new DefaultEventSettings(scope, fn);
    return;
  }
  Annotations.of(scope).addWarningV2('cdk-websocket-api:importedAsynchronous',
    `function \`${fn.node.path}\` of ${name} is imported, so its settings of asynchronous invocations stay as they are. Unless you have set them, ` +
    'Lambda calls it up to three times for one message, and after up to six hours: set `retryAttempts: 0` and a short `maxEventAge` where the function is created');
}

/** Not in the template if the app has settings of its own, which may come later than the route: Lambda has one for each qualifier. */
class DefaultEventSettings extends CfnEventInvokeConfig {
  constructor(scope: Construct, fn: IFunction) {
    const { lambda, version, aliasName } = fn as { lambda?: IFunction; version?: string; aliasName?: string };
    super(scope, ID, {
      functionName: (lambda ?? fn).functionName,
      qualifier: aliasName ?? version ?? LATEST,
      maximumEventAgeInSeconds: MAX_EVENT_AGE.toSeconds(),
      maximumRetryAttempts: RETRY_ATTEMPTS,
    });
  }

  protected shouldSynthesize(): boolean {
    const same = this.node.root.node.findAll()
      .filter((node): node is CfnEventInvokeConfig => CfnEventInvokeConfig.isCfnEventInvokeConfig(node))
      .filter(({ functionName, qualifier }) => functionName === this.functionName && qualifier === this.qualifier);
    // Several APIs may lead to the function. By path, so that the order of constructs does not matter.
    const [first] = same.sort((one, other) => one.node.path < other.node.path ? -1 : 1);
    return first === this && same.every((one) => one instanceof DefaultEventSettings);
  }
}
