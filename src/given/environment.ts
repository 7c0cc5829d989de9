import { Arn, ArnFormat, Stack, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** Where something is. */
export interface Place {
  readonly account?: string;
  readonly region?: string;
}

/**
 * Checks that what is given is in the account and Region of the stack that uses it. What only CloudFormation knows passes.
 *
 * @param what what is given, as the error calls it: "`certificate`"
 * @param place where it is. Leave out the part that does not matter
 * @param why what refuses it otherwise, and what to give instead
 */
export function checkPlace(scope: IConstruct, what: string, place: Place, why: string): void {
  const stack = Stack.of(scope);
  for (const [part, name] of [['account', 'account'], ['region', 'Region']] as const) {
    const [there, here] = [place[part], stack[part]];
    if (there !== undefined && !Token.isUnresolved(there) && !Token.isUnresolved(here) && there !== here) {
      throw new Error(`${what} is in ${name} \`${JSON.stringify(there)}\`, but \`${scope.node.path}\` is in \`${JSON.stringify(here)}\`: ${why}`);
    }
  }
}

/** Where an ARN says that its resource is: nowhere, as long as the ARN is a token. */
export function placeOfArn(arn: string): Place {
  if (Token.isUnresolved(arn)) { return {}; }
  const { account, region } = Arn.split(arn, ArnFormat.NO_RESOURCE_NAME);
  return { account: account || undefined, region: region || undefined };
}
