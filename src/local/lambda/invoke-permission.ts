import { qualifierOf } from '../definition/function-arn';
import { FunctionModel, PrincipalModel } from '../definition/model';
import { callerOf, conditionKeys } from '../iam/callers';
import { denial, isAllowed } from '../iam/iam-policy';

const ACTION = 'lambda:InvokeFunction';

/** What was decided for a function as it is in the assembly, by what is called and from where: every message asks. */
const decided = new WeakMap<FunctionModel, Map<string, Map<string, { readonly refusal?: string }>>>();

/**
 * Whether the resource policy of a function lets API Gateway call it for a route or an authorizer.
 *
 * @param arn of the function, with the version or alias that is called
 * @param sourceArn of the route or authorizer
 * @returns undefined if it does, otherwise what to do
 */
export function refusalByPolicy(fn: FunctionModel, arn: string, sourceArn: string): string | undefined {
  const decision = decided.get(fn)?.get(arn)?.get(sourceArn);
  return decision ? decision.refusal : remember(fn, arn, sourceArn, decide(fn, arn, sourceArn));
}

function remember(fn: FunctionModel, arn: string, sourceArn: string, refusal: string | undefined): string | undefined {
  const ofFunction = decided.get(fn) ?? new Map<string, Map<string, { readonly refusal?: string }>>();
  const ofArn = ofFunction.get(arn) ?? new Map<string, { readonly refusal?: string }>();
  decided.set(fn, ofFunction.set(arn, ofArn.set(sourceArn, { refusal })));
  return refusal;
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
