import { UserPoolModel } from '../../definition/model';
import { GivenValues } from '../given-values';
import { partitionOf } from '../template/partition';
import { Resource, Resources } from '../template/resource';

/** The user pools of an app that exist only here. Whoever gives the id of a real one has real tokens, and AWS has its keys. */
export function readUserPools(resources: Resources, given: GivenValues): UserPoolModel[] {
  const all = resources.ofType('AWS::Cognito::UserPool');
  const real = new Set(all.filter(({ stack, logicalId }) => given.has(`${stack.name}.${logicalId}`)).map(hostOf));
  const clients = resources.ofType('AWS::Cognito::UserPoolClient');
  // AWS answers for all pools of a Region under one name.
  return all.filter((pool) => !real.has(hostOf(pool))).map((pool) => ({
    path: pool.path,
    id: pool.ref,
    host: hostOf(pool),
    clients: clients.filter((client) => client.text('UserPoolId') === pool.ref).map(({ path, ref: id }) => ({ path, id })),
  }));
}

function hostOf({ stack: { region } }: Resource): string {
  return `cognito-idp.${region}.${partitionOf(region).urlSuffix}`;
}
