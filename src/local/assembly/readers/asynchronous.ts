import { asNumber, asRecord, asText } from '../../definition/json-value';
import { FunctionModel } from '../../definition/model';
import { Resource, Resources } from '../template/resource';

/** What an app sets for the asynchronous invocations of its functions. */
export class Asynchronous {
  private readonly configs: readonly Resource[];

  constructor(resources: Resources) {
    this.configs = resources.ofType('AWS::Lambda::EventInvokeConfig');
  }

  public of(arn: string, fn: Resource): Pick<FunctionModel, 'asynchronous' | 'destinations'> {
    const configs = this.configs.filter((config) => [arn, fn.ref].includes(config.text('FunctionName') ?? ''));
    const destinations = [
      ...configs.flatMap((config) => Object.entries(config.record('DestinationConfig')).flatMap(([when, target]) => {
        const destination = asText(asRecord(target).Destination);
        return destination === undefined ? [] : [`on ${when === 'OnSuccess' ? 'success' : 'failure'} to \`${destination}\``];
      })),
      ...[asText(fn.record('DeadLetterConfig').TargetArn) ?? []].flat().map((target) => `as dead letters to \`${target}\``),
    ];
    return {
      ...configs.length === 0 ? {} : { asynchronous: configs.map(settingsOf) },
      ...destinations.length === 0 ? {} : { destinations },
    };
  }
}

function settingsOf(config: Resource): NonNullable<FunctionModel['asynchronous']>[number] {
  const qualifier = config.text('Qualifier');
  const [maxRetries, maxAgeSeconds] = ['MaximumRetryAttempts', 'MaximumEventAgeInSeconds'].map((name) => asNumber(config.properties[name]));
  return {
    ...qualifier === undefined || qualifier === '$LATEST' ? {} : { qualifier },
    ...maxRetries === undefined ? {} : { maxRetries },
    ...maxAgeSeconds === undefined ? {} : { maxAgeSeconds },
  };
}
