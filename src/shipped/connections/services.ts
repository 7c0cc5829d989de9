import { Functions, lambdaFunctions } from '../invocation/functions';

/** What the function has from its environment. */
export interface Services {
  readonly functions: Functions;
  /** The ARN of the function of the app behind `$connect`. */
  readonly connectHandler?: string;
  /** The ARN of the function of the app behind `$disconnect`. */
  readonly disconnectHandler?: string;
}

export function servicesOf(environment: NodeJS.ProcessEnv): Services {
  return {
    functions: lambdaFunctions(),
    connectHandler: environment.CONNECT_HANDLER,
    disconnectHandler: environment.DISCONNECT_HANDLER,
  };
}
