import { randomUUID } from 'node:crypto';
import { FunctionModel } from '../definition/model';
import { Credentials } from '../iam/callers';

/** What every function finds, unless it sets them itself. */
export function basicVariables(): Record<string, string> {
  return {
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    // This folder does not exist, as in Lambda: functions do not see the developer's home.
    HOME: '/home/sbx_user1051',
    ...process.env.SystemRoot ? { SystemRoot: process.env.SystemRoot } : {},
  };
}

/** What an environment knows of itself. */
interface Runtime {
  readonly version?: string;
  readonly code: string;
  readonly runtimeApi: string;
  readonly credentials: Credentials;
  readonly mark: string;
}

/** What functions cannot set. The name of the log stream holds the mark of the process. */
export function reservedVariables(
  fn: FunctionModel, { version = '$LATEST', code, runtimeApi, credentials, mark }: Runtime,
): Record<string, string> {
  const day = new Date().toISOString().slice(0, 10).replaceAll('-', '/');
  return {
    AWS_LAMBDA_RUNTIME_API: runtimeApi,
    LAMBDA_TASK_ROOT: code,
    _HANDLER: fn.handler,
    AWS_REGION: fn.region,
    AWS_DEFAULT_REGION: fn.region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    AWS_LAMBDA_FUNCTION_NAME: fn.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(fn.memoryMB),
    AWS_LAMBDA_FUNCTION_VERSION: version,
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${fn.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: `${day}/[${version}]${mark}`,
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  };
}

/** The hexadecimal digits of a log stream: the first half tells the gateway, the second the environment. */
export function newMark(gatewayMark: string): string {
  return gatewayMark + randomUUID().replaceAll('-', '').slice(0, 16);
}
