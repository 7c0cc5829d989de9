/** What has become of an event, step by step. The access log shows it under the names of `$context`. */
export interface Progress {
  status?: number;
  integration?: {
    readonly latencyMillis: number;
    /** Whether the call itself succeeded: 200 for a function that ran, with any answer. */
    readonly callStatus?: number;
    /** The status that the backend answered. */
    status?: number;
    readonly requestId?: string;
  };
  authorizer?: {
    readonly status: number;
    readonly latencyMillis?: number;
    readonly error?: string;
  };
  /** The message for the client, and the one for the developer. */
  failure?: { readonly message: string; readonly reason: string };
  /** What is wrong with a message by the model of its route. */
  validationError?: string;
}
