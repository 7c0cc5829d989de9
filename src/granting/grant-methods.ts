import { Grant } from 'aws-cdk-lib/aws-iam';

/** The grant methods of CDK that take a grantee and something else that cannot be left out. Their `length` does not tell. */
const NEED_MORE = new Set([
  'grantAccess', 'grantAttachVolumeByResourceTag', 'grantClusterAdmin', 'grantConnect', 'grantDetachVolumeByResourceTag',
  'grantEvaluateForGateway', 'grantIndexRead', 'grantIndexReadWrite', 'grantIndexWrite', 'grantInvokeVersion', 'grantOnKey',
  'grantPathRead', 'grantPathReadWrite', 'grantPathWrite', 'grantReplicationPermission', 'grantSubmitJob', 'grantToUnderlyingResources',
]);

/** The methods of a construct that grant something when they are called with a grantee alone. */
export function grantMethods(construct: object): string[] {
  const names = new Set<string>();
  for (let type = construct; type && type !== Object.prototype; type = Object.getPrototypeOf(type)) {
    Object.getOwnPropertyNames(type)
      .filter((name) => /^grant[A-Z]/.test(name) && takesGranteeAlone(name, (construct as { [name: string]: unknown })[name]))
      .forEach((name) => names.add(name));
  }
  return [...names].sort();
}

/** A name of CDK's may be another construct's method with one parameter. A key grants nothing by `grantOnKey` in either case. */
function takesGranteeAlone(name: string, method: unknown): boolean {
  return typeof method === 'function' && method.length > 0 && !(NEED_MORE.has(name) && (method.length > 1 || name === 'grantOnKey'));
}

/** Whether a grant method has granted something. CDK drops what an imported resource cannot grant, and says so in the grant alone. */
export function isGranted(grant: unknown): boolean {
  return (grant as Partial<Grant> | undefined)?.success !== false;
}
