import { MAX_RESPONSE_BYTES } from './runtime-request';

export interface Event {
  readonly requestId: string;
  readonly body: string;
  readonly deadline: number;
  readonly functionArn: string;
  readonly traceId: string;
  /** How far the clock of functions is put forward. */
  readonly ahead?: number;
}

/** Is told what the runtime says. */
export interface RuntimeListener {
  /** The runtime asks for the next event, and waits until it gets one. */
  next(): void;
  answer(body: string): void;
  /** The body of the error. It belongs to the current event, or to the start. */
  error(body: string): void;
  initError(body: string): void;
  /** The connection that waits for the next event, or asked for the current one, has closed. The runtime may not have read the event. */
  hungUp(event: 'none' | 'read' | 'unread'): void;
}

/** How one execution environment gets its events. */
export interface RuntimeLink {
  readonly isWaiting: boolean;
  /** Whether nothing runs while it waits, neither a thread nor a child: then it need not be stopped at once. */
  readonly isQuiet: boolean;
  /** Hands an event to the runtime. Call it only while `isWaiting`. */
  send(event: Event): void;
  close(): void;
}

/** What Lambda makes of an answer that is larger than it takes. */
export const TOO_LARGE = JSON.stringify({
  errorType: 'Function.ResponseSizeTooLarge',
  errorMessage: `Response payload size exceeded maximum allowed payload size (${MAX_RESPONSE_BYTES} bytes).`,
});
