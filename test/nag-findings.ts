import { App, Aspects } from 'aws-cdk-lib';
import { NagPack } from 'cdk-nag';

/** What a rule of cdk-nag does not like. */
export interface NagFinding {
  /** The rule, and what it found where it says so: `AwsSolutions-IAM5[Resource::*]`. */
  readonly id: string;
  /** The path of the resource in the app. */
  readonly path: string;
  readonly message: string;
}

/** What a pack finds in an app. Fills up when the app is synthesized. */
export function collectNagFindings(app: App, pack: NagPack): NagFinding[] {
  const findings: NagFinding[] = [];
  // In place of the pack's own loggers, which write annotations and reports: findings are judged here.
  Object.assign(pack, {
    loggers: [{
      onNonCompliance: ({ ruleId, findingId, resource, ruleInfo }: any) => findings.push({
        id: findingId ? `${ruleId}[${findingId}]` : ruleId, path: resource.node.path, message: ruleInfo,
      }),
      // A rule that cannot judge a resource, for example because of a value that is known only at deployment.
      onError: ({ ruleId, resource, errorMessage }: any) => findings.push({ id: `${ruleId}[error]`, path: resource.node.path, message: errorMessage }),
      onCompliance: () => {},
      onNotApplicable: () => {},
      onSuppressed: () => {},
      onSuppressedError: () => {},
    }],
  });
  Aspects.of(app).add(pack);
  return findings;
}
