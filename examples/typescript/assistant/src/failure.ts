import type { FailureCode } from './frames';

const BUSY = [
  'ModelNotReadyException', 'ModelTimeoutException', 'ServiceQuotaExceededException', 'ServiceUnavailableException', 'ThrottlingException',
];

/**
 * What a client is told. The words of AWS are for the log: they may name the role, the account, and what the model was asked.
 *
 * @param hasBegun whether a part of the answer has been sent
 */
export function failureOf(error: unknown, hasBegun: boolean): { code: FailureCode; message: string } {
  if (hasBegun) { return { code: 'broken-off', message: 'the answer broke off: ask again' }; }
  if (BUSY.includes(nameOf(error))) { return { code: 'busy', message: 'the model has too much to do: ask again in a minute' }; }
  return { code: 'unavailable', message: 'the model cannot be used: who runs this assistant finds the reason in its log' };
}

/** One line of JSON, without the question. */
export function logFailure(error: unknown): void {
  const { message, $metadata } = Object(error);
  console.error(JSON.stringify({ failure: nameOf(error), message, requestId: $metadata?.requestId }));
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
