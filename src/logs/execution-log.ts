import { AccountLogRole } from './account-log-role';
import { made } from '../given/kind';
import { checkOptions, OptionsOf } from '../given/options';

/**
 * The execution log: what API Gateway does for each request, in the log group `/aws/apigateway/<api-id>/<stage>`.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-logging.html
 */
export class ExecutionLog {
  /**
   * Errors only.
   *
   * @param options options of the log
   */
  public static errors(options: ExecutionLogOptions = {}): ExecutionLog {
    return new ExecutionLog('ERROR', false, options);
  }

  /**
   * Errors and events.
   *
   * @param options options of the log
   */
  public static info(options: ExecutionLogOptions = {}): ExecutionLog {
    return new ExecutionLog('INFO', false, options);
  }

  /**
   * Errors, events and whole requests and responses. What clients send is in the log then.
   *
   * @param options options of the log
   */
  public static full(options: ExecutionLogOptions = {}): ExecutionLog {
    return new ExecutionLog('INFO', true, options);
  }

  /**
   * No execution log.
   */
  public static disabled(): ExecutionLog {
    return new ExecutionLog('OFF', false, { accountRole: AccountLogRole.existing() });
  }

  private constructor(
    private readonly loggingLevel: string,
    private readonly dataTraceEnabled: boolean,
    private readonly options: ExecutionLogOptions,
  ) {
    checkOptions('the execution log', EXECUTION_LOG_OPTIONS, options);
  }

  /** @internal */
  public get _accountRole(): AccountLogRole {
    return this.options.accountRole ?? AccountLogRole.ensure();
  }

  /**
   * As CloudFormation's route settings have it.
   *
   * @internal
   */
  public _render() {
    return { LoggingLevel: this.loggingLevel, DataTraceEnabled: this.dataTraceEnabled };
  }
}

/**
 * Options of an execution log.
 */
export interface ExecutionLogOptions {
  /**
   * What is done about the account's role for logs.
   *
   * @default AccountLogRole.ensure()
   */
  readonly accountRole?: AccountLogRole;
}

const EXECUTION_LOG_OPTIONS = { accountRole: made(AccountLogRole) } satisfies OptionsOf<ExecutionLogOptions>;
