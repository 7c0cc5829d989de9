import { Annotations, Token } from 'aws-cdk-lib';
import { ThrottleSettings } from 'aws-cdk-lib/aws-apigatewayv2';
import { IConstruct } from 'constructs';
import { NUMBER } from '../given/kind';
import { OptionsOf } from '../given/options';

export const THROTTLE_SETTINGS = { rateLimit: NUMBER, burstLimit: NUMBER } satisfies OptionsOf<ThrottleSettings>;

/**
 * Checks that API Gateway takes these limits.
 *
 * @param owner what is throttled, as an error calls it
 */
export function checkThrottle(owner: string, { rateLimit, burstLimit }: ThrottleSettings): void {
  checkLimit(`\`rateLimit\` of the \`throttle\` of ${owner}`, rateLimit, Number.isFinite, 'a number of requests a second');
  checkLimit(`\`burstLimit\` of the \`throttle\` of ${owner}`, burstLimit, Number.isInteger, 'a whole number of requests');
}

/** API Gateway takes 0, and then refuses everything: a way to stop an API in an emergency. */
export function warnOfNothingAllowed(scope: IConstruct, owner: string, { rateLimit, burstLimit }: ThrottleSettings): void {
  for (const [name, limit] of Object.entries({ rateLimit, burstLimit }).filter(([, value]) => value === 0)) {
    Annotations.of(scope).addWarningV2('cdk-websocket-api:nothingAllowed', `\`${name}\` of the \`throttle\` of ${owner} is \`${limit}\`: ` +
      'API Gateway refuses every request then. Leave it out for the usual limit, or acknowledge this warning if you want to stop the traffic');
  }
}

function checkLimit(what: string, limit: number | undefined, isNumber: (value: number) => boolean, takes: string): void {
  if (limit === undefined || Token.isUnresolved(limit) || (isNumber(limit) && limit >= 0)) { return; }
  throw new Error(`${what} is \`${limit}\`: API Gateway takes ${takes}, 0 or more`);
}
