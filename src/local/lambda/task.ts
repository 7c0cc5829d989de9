export interface Outcome {
  readonly payload: string;
  readonly failed: boolean;
}

/** An invocation on its way. */
export interface Task {
  readonly requestId: string;
  readonly event: string;
  readonly traceId: string;
  readonly invokedArn?: string;
  finish(outcome: Outcome, durationMillis: number, coldStartMillis?: number): void;
}

/** What went wrong, as the payload of an invocation, which names the request. */
export type Failure = (requestId: string) => string;

/** An error in Lambda's words. */
export function failure(errorType: string, reason: string): Failure {
  return (requestId) => JSON.stringify({ errorType, errorMessage: `RequestId: ${requestId} Error: ${reason}` });
}
