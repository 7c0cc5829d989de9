import { Arn, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct, IConstruct } from 'constructs';
import { idIn } from '../routes/construct-id';

/** The role by which API Gateway calls a target: one for each target, however many routes of `home` lead to it. */
export function roleFor(home: Construct, target: IConstruct): Role {
  const id = `Role ${idIn(home, target)}`;
  return home.node.tryFindChild(id) as Role | undefined ?? new Role(home, id, { assumedBy: new ServicePrincipal('apigateway.amazonaws.com') });
}

/**
 * What API Gateway calls a service by.
 *
 * @param region where the target is
 * @param rest `sqs:path/…` or `events:action/…`
 */
export function serviceUri(home: Construct, region: string, rest: `${string}:${'action' | 'path'}/${string}`): string {
  const [service, path] = rest.split(/:(.*)/s);
  return Arn.format({ service: 'apigateway', region, account: service, resource: path }, Stack.of(home));
}
