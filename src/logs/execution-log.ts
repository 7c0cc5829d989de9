import { AccountLogRole } from './account-log-role';
import { made } from '../given/kind';
import { checkOptions, OptionsOf } from '../given/options';

/**
 * The execution log: what API Gateway does with each request, in the log group `/aws/apigateway/<api-id>/<stage>`.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-logging.html
 *
 * @example
 * new WebSocketApi(this, 'Api', {
 *   routes: { '$default': Route.toHandler('src/default.main') },
 *   stage: StageSource.fromOptions({ executionLog: ExecutionLog.errors() }),
 * });
 */
export class ExecutionLog {
  /**
   * Errors only.
   *
   * @param options which role API Gateway writes it with
   */
  public static errors(options: ExecutionLogOptions = {}): ExecutionLog {
    return new ExecutionLog({ LoggingLevel: 'ERROR', DataTraceEnabled: false }, options);
  }

  /**
   * Errors and events.
   *
   * @param options which role API Gateway writes it with
   */
  public static info(options: ExecutionLogOptions = {}): ExecutionLog {
    return new ExecutionLog({ LoggingLevel: 'INFO', DataTraceEnabled: false }, options);
  }

  /**
   * Errors, events, and whole requests and responses. The log then holds what clients send.
   *
   * @param options which role API Gateway writes it with
   */
  public static full(options: ExecutionLogOptions = {}): ExecutionLog {
    return new ExecutionLog({ LoggingLevel: 'INFO', DataTraceEnabled: true }, options);
  }

  /**
   * No execution log.
   */
  public static disabled(): ExecutionLog {
    return new ExecutionLog({ LoggingLevel: 'OFF', DataTraceEnabled: false }, { accountRole: AccountLogRole.existing() });
  }

  private constructor(private readonly settings: RouteSettings, private readonly options: ExecutionLogOptions) {
    checkOptions('the execution log', EXECUTION_LOG_OPTIONS, options);
  }

  /** @internal */
  public get _accountRole(): AccountLogRole {
    return this.options.accountRole ?? AccountLogRole.ensure();
  }

  /** @internal */
  public _render(): RouteSettings {
    return this.settings;
  }
}

/** The part of CloudFormation's route settings that is about logs. */
interface RouteSettings {
  readonly LoggingLevel: 'ERROR' | 'INFO' | 'OFF';
  readonly DataTraceEnabled: boolean;
}

/**
 * Options of an execution log.
 */
export interface ExecutionLogOptions {
  /**
   * What to do about the role that the account writes logs with.
   *
   * @default AccountLogRole.ensure()
   */
  readonly accountRole?: AccountLogRole;
}

const EXECUTION_LOG_OPTIONS = { accountRole: made(AccountLogRole) } satisfies OptionsOf<ExecutionLogOptions>;
