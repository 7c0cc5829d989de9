import { Annotations, Token } from 'aws-cdk-lib';
import { Period, QuotaSettings } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { NUMBER, TEXT } from '../given/kind';
import { OptionsOf } from '../given/options';

export const QUOTA_SETTINGS = { limit: NUMBER, offset: NUMBER, period: TEXT } satisfies OptionsOf<QuotaSettings>;

/**
 * Checks that API Gateway takes this quota.
 *
 * @param owner what it is the quota of, as an error calls it
 */
export function checkQuota(owner: string, quota: QuotaSettings | undefined): void {
  if (quota === undefined) { return; }
  const { limit, offset, period } = quota;
  for (const [name, value] of Object.entries({ limit, offset })) {
    if (value !== undefined && !Token.isUnresolved(value) && !(Number.isInteger(value) && value >= 0)) {
      throw new Error(`\`${name}\` of the \`quota\` of ${owner} is \`${value}\`: API Gateway takes a whole number of requests, 0 or more`);
    }
  }
  if (limit === undefined || period === undefined) {
    const [missing, given] = limit === undefined ? ['limit', 'period'] : ['period', 'limit'];
    throw new Error(`the \`quota\` of ${owner} has no \`${missing}\`${quota[given as 'limit'] === undefined ? '' : `, but a \`${given}\``}: ` +
      'give both, such as `{ limit: 10000, period: Period.DAY }`');
  }
  if (!Token.isUnresolved(period) && !Object.values(Period).includes(period)) {
    throw new Error(`\`period\` of the \`quota\` of ${owner} is \`${JSON.stringify(period)}\`: write \`Period.DAY\`, \`Period.WEEK\` or \`Period.MONTH\``);
  }
  const max = LARGEST_OFFSETS[period];
  if (offset !== undefined && !Token.isUnresolved(offset) && offset > max) {
    throw new Error(`\`offset\` of the \`quota\` of ${owner} is \`${offset}\`: ` +
      (max === 0 ? `API Gateway takes none for a \`${period}\`; leave it out` : `for a \`${period}\`, API Gateway takes 0 to ${max}`));
  }
}

/** In the words of API Gateway: "Usage Plan quota offset must be between 0 and 6 inclusive in the WEEK period". */
const LARGEST_OFFSETS: { readonly [period: string]: number } = { [Period.DAY]: 0, [Period.WEEK]: 6, [Period.MONTH]: 27 };

/** API Gateway takes a limit of 0, and then refuses everybody. It subtracts the offset from the limit in the first period. */
export function warnOfEmptyQuota(scope: Construct, owner: string, quota: QuotaSettings | undefined): void {
  const { limit, offset, period } = quota ?? {};
  const isKnown = (value: number | undefined) => value !== undefined && !Token.isUnresolved(value);
  if (isKnown(limit) && isKnown(offset) && limit! > 0 && offset! >= limit!) {
    Annotations.of(scope).addWarningV2('cdk-websocket-api:nothingAllowed', `\`offset\` of the \`quota\` of ${owner} is \`${offset}\`, and \`limit\` is \`${limit}\`: ` +
      `API Gateway subtracts the one from the other in the first \`${period}\`, and refuses every request until the next. Give a larger \`limit\`, or leave out \`offset\``);
  }
  if (limit === 0) {
    Annotations.of(scope).addWarningV2('cdk-websocket-api:nothingAllowed', `\`limit\` of the \`quota\` of ${owner} is \`0\`: ` +
      'API Gateway refuses every request then. Leave out `quota` for no limit, or acknowledge this warning if you want to stop the traffic');
  }
}

/** Checks the names of keys: each is the id of a construct too. */
export function checkNames(owner: string, names: string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (Token.isUnresolved(name)) {
      throw new Error(`\`names\` of ${owner} has a token: the name of a key tells its resource apart; create the \`ApiKey\` yourself, and a plan for it with \`ApiKeys.fromUsagePlan(plan)\``);
    }
    if (name.trim() === '' || name.length > 1024) {
      throw new Error(`\`names\` of ${owner} has \`${JSON.stringify(name.slice(0, 60))}\`: a name has 1 to 1024 characters`);
    }
    if (seen.has(name)) {
      throw new Error(`\`names\` of ${owner} has \`${JSON.stringify(name)}\` twice: each key has a name of its own`);
    }
    seen.add(name);
  }
}
