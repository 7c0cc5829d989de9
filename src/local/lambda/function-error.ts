/** Lambda's description of an error, which is the payload of an invocation that failed. */
export interface FunctionError {
  readonly errorType?: string;
  readonly errorMessage?: string;
}

/** Nothing is known of what a runtime of its own made up. */
export function parseFunctionError(payload: string): FunctionError {
  try {
    return JSON.parse(payload) ?? {};
  } catch {
    return {};
  }
}

/** For people, who find the stack trace in what the function printed. */
export function describeFunctionError(payload: string): string {
  const { errorType, errorMessage } = parseFunctionError(payload);
  if (errorMessage === undefined) { return payload; }
  return errorType === undefined ? errorMessage : `${errorType}: ${errorMessage}`;
}
