import { anyText } from '../definition/json-value';

/** Lambda's description of an error, which is the payload of an invocation that failed. */
export interface FunctionError {
  readonly errorType?: string;
  readonly errorMessage?: string;
}

/** A custom runtime may send anything. */
export function parseFunctionError(payload: string): FunctionError {
  try {
    return JSON.parse(payload) ?? {};
  } catch {
    return {};
  }
}

/** The error in one line. The stack trace is in what the function printed. */
export function describeFunctionError(payload: string): string {
  const { errorType, errorMessage } = parseFunctionError(payload);
  if (errorMessage === undefined) { return payload; }
  const message = anyText(errorMessage);
  return errorType === undefined ? message : `${anyText(errorType)}: ${message}`;
}
