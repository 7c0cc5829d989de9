import { qualifierOf } from '../definition/function-arn';
import { FunctionModel, PrincipalModel } from '../definition/model';
import { callerOf, conditionKeys } from '../iam/callers';
import { denial, isAllowed } from '../iam/iam-policy';

const ACTION = 'lambda:InvokeFunction';

/** What was decided for a function as it is in the assembly, by what is called and from where: every message asks. */
const decided = new WeakMap<FunctionModel, Map<string, string | undefined>>();

/**
 * Whether the resource policy of a function lets API Gateway call it for a route or an authorizer.
 *
 * @param arn of the function, with the version or alias that is called
 * @param sourceArn of the route or authorizer
 * @returns undefined if it does, otherwise what to do
 */
export function refusalByPolicy(fn: FunctionModel, arn: string, sourceArn: string): string | undefined {
  let known = decided.get(fn);
  if (!known) {
    known = new Map();
    decided.set(fn, known);
  }
  const call = `${arn} ${sourceArn}`;
  if (!known.has(call)) { known.set(call, decide(fn, arn, sourceArn)); }
  return known.get(call);
}

function decide(fn: FunctionModel, arn: string, sourceArn: string): string | undefined {
  const qualifier = qualifierOf(arn);
  const resources = fn.invokers.filter((one) => one.qualifier === qualifier || one.qualifier === '*').map((one) => one.sourceArn);
  if (isAllowed([{ effect: 'Allow', actions: ['*'], resources }], { action: ACTION, resource: sourceArn }) === 'allow') { return undefined; }
  const [called, add] = qualifier === undefined
    ? ['', ', with `fn.addPermission()`']
    : [` as \`${qualifier}\``, ' to that version or alias, with its `addPermission()`: one of the function does not count'];
  return `API Gateway may not invoke \`${fn.path}\`${called} for \`${sourceArn}\`: add an \`AWS::Lambda::Permission\`${add}`;
}

/**
 * Whether the role of a route or an authorizer may call a function.
 *
 * @param role undefined if it is of another app: it may then do everything
 * @returns undefined if it may, otherwise what to do
 */
export function refusalByRole(fn: FunctionModel, arn: string, roleArn: string, role: PrincipalModel | undefined): string | undefined {
  const context = role && (() => conditionKeys(callerOf(role), fn.region));
  const decision = isAllowed(role?.statements, { action: ACTION, resource: arn, context });
  return decision === 'allow' ? undefined : denial(decision, `the role \`${roleArn}\``, ACTION, arn, 'fn.grantInvoke(role)');
}
