/** The words in which API Gateway tells a client that something failed. */
export type FailureMessage = 'Internal server error' | 'Endpoint request timed out' | 'Forbidden' | 'Unsupported Media Type';

/** The backend of a route answered. */
export interface Answer {
  readonly kind: 'answer';
  readonly status: number;
  readonly body?: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The backend of a route gave no usable answer. */
export interface Failure {
  readonly kind: 'failure';
  readonly status: number;
  /** For the client. */
  readonly message: FailureMessage;
  /** For the developer. */
  readonly reason: string;
}

/** What came of calling a route. The caller decides what its client sees of it. */
export type Outcome = Answer | Failure;
