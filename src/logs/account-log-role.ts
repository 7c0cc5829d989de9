import { Construct, IDependable } from 'constructs';
import { AccountLogRoleSetting } from './account-log-role-setting';

/**
 * The role that API Gateway writes logs with. An account has one in each Region, and a WebSocket API with logs cannot be deployed before
 * it is set ("CloudWatch Logs role ARN must be set in account settings to enable logging").
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
 *
 * @example
 * new WebSocketApi(this, 'Api', {
 *   routes: { '$default': Route.toHandler('src/default.main') },
 *   accessLog: AccessLog.json({ accountRole: AccountLogRole.existing() }),
 * });
 */
export class AccountLogRole {
  /**
   * Sets a role if the account has none, or if the one that it names is gone. Otherwise changes nothing.
   *
   * A custom resource does this once for each stack, however many APIs the stack has. The role is called
   * `/cdk-websocket-api/ApiGatewayLogs-<Region>`. It belongs to no stack, so it stays when stacks go: other APIs of the account may have
   * come to use it. A permissions boundary that the app puts on its roles (`PermissionsBoundary.of(app).apply(…)`, or the context value of
   * `cdk.json`) goes on this role too when it is created.
   */
  public static ensure(): AccountLogRole {
    return new AccountLogRole((scope) => AccountLogRoleSetting.of(scope).dependable);
  }

  /**
   * Does nothing. You set the role by other means.
   */
  public static existing(): AccountLogRole {
    return new AccountLogRole(() => undefined);
  }

  private constructor(private readonly setting: (scope: Construct) => IDependable | undefined) {
  }

  /**
   * @returns what a stage with logs has to wait for
   *
   * @internal
   */
  public _bind(scope: Construct): IDependable | undefined {
    return this.setting(scope);
  }
}
