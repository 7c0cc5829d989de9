import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';

/** Lambda functions, by their ARNs. */
export interface Functions {
  /** Calls a function and waits for what it returns: JSON, as it comes. Throws if the function fails, or Lambda does not call it. */
  call(functionArn: string, event: unknown): Promise<string>;

  /** Hands an event to a function, and does not wait for it. Throws if Lambda does not take it. */
  hand(functionArn: string, event: unknown): Promise<void>;
}

export function lambdaFunctions(client: LambdaClient = new LambdaClient()): Functions {
  return {
    async call(functionArn, event) {
      const command = new InvokeCommand({ FunctionName: functionArn, Payload: JSON.stringify(event) });
      const { FunctionError, Payload } = await client.send(command);
      const answer = Payload ? Payload.transformToString() : '';
      if (FunctionError) { throw new FunctionFailure(functionArn, answer); }
      return answer;
    },

    async hand(functionArn, event) {
      await client.send(new InvokeCommand({ FunctionName: functionArn, InvocationType: 'Event', Payload: JSON.stringify(event) }));
    },
  };
}

/** A function that was called, and failed. Its own log says why. */
export class FunctionFailure extends Error {
  constructor(functionArn: string, payload: string) {
    super(`the function \`${functionArn}\` failed${typeOf(payload)}: see its log`);
    this.name = 'FunctionFailure';
  }
}

/** The kind of the error. Its message may hold what a client has sent. */
function typeOf(payload: string): string {
  try {
    const { errorType } = JSON.parse(payload) as { errorType?: unknown };
    return typeof errorType === 'string' && /^[\w.]{1,100}$/.test(errorType) ? ` (${errorType})` : '';
  } catch {
    return '';
  }
}
