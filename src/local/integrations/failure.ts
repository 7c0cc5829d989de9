export type FailureKind = 'timeout' | 'unreachable' | 'internal' | 'forbidden' | 'function' | 'unsupported';

/** Why an integration has no answer. */
export class IntegrationFailure extends Error {
  constructor(public readonly kind: FailureKind, message: string) {
    super(message);
  }
}
