import { Duration } from 'aws-cdk-lib';
import { DURATION } from '../given/cdk-kinds';
import { listOf, TEXT } from '../given/kind';
import { OptionsOf } from '../given/options';
import { ROUTE_OPTIONS, RouteOptions } from '../routes/route-options';

/**
 * Options of a route to a service.
 */
export interface ServiceRouteOptions extends RouteOptions {
  /**
   * What of the authorizer's context arrives with the message, in `requestContext.authorizer`: names of letters, digits and `_`, which do
   * not begin with a digit. All values arrive as text, and are empty where there is none. Other names are an error.
   *
   * @default - none
   */
  readonly authorizerKeys?: string[];

  /**
   * A mapping template of your own, in Velocity, for the whole request that API Gateway sends to the target. It then is up to you to
   * escape what clients send.
   *
   * @default - what arrives is `{ "requestContext": {…}, "body": "…" }`, with the fields of a Lambda event
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-mapping-template-reference.html
   */
  readonly requestTemplate?: string;

  /**
   * How long API Gateway waits for the target: 50 milliseconds to 29 seconds. An error otherwise.
   *
   * @default Duration.seconds(29)
   */
  readonly timeout?: Duration;
}

export const SERVICE_ROUTE_OPTIONS = {
  ...ROUTE_OPTIONS,
  authorizerKeys: listOf(TEXT),
  requestTemplate: TEXT,
  timeout: DURATION,
} satisfies OptionsOf<ServiceRouteOptions>;

/**
 * Checks what is common to all services.
 *
 * @param owner whose options they are, as an error calls it: "`Route.toQueue()`"
 */
export function checkServiceOptions(owner: string, { authorizerKeys = [], requestTemplate, timeout }: ServiceRouteOptions): void {
  const unusable = authorizerKeys.find((key) => !/^[A-Za-z_]\w*$/.test(key));
  if (unusable !== undefined) {
    throw new Error(`\`authorizerKeys\` of ${owner} has \`${JSON.stringify(unusable)}\`: a template can name keys of letters, digits and \`_\` that do not begin with a digit; ` +
      'have the authorizer return the value under such a name');
  }
  if (requestTemplate !== undefined && authorizerKeys.length > 0) {
    throw new Error(`${owner} has both \`authorizerKeys\` and \`requestTemplate\`: a template of your own replaces all that arrives; ` +
      'write `$context.authorizer.<key>` in it, and leave out `authorizerKeys`');
  }
  if (requestTemplate?.trim() === '') {
    throw new Error(`\`requestTemplate\` of ${owner} is empty: write the request that the target takes, or leave it out`);
  }
  checkTimeout(owner, timeout);
}

function checkTimeout(owner: string, timeout: Duration | undefined): void {
  if (timeout === undefined || timeout.isUnresolved()) { return; }
  const millis = timeout.toMilliseconds();
  if (millis < 50 || millis > 29_000) {
    throw new Error(`\`timeout\` of ${owner} is ${millis} milliseconds: API Gateway waits 50 milliseconds to 29 seconds`);
  }
}
