/** What a client sends: `{ "action": "ask", "id": "1", "question": "…" }`. */
export interface Question {
  /** The client's name for it. */
  readonly id: string;
  readonly question: string;
}

/** What a client gets. */
export type Frame =
  /** A piece of the answer. The first has the index 0. Take each index once: a post that was tried again may arrive twice. */
  | { readonly type: 'chunk'; readonly id: string; readonly answer: string; readonly index: number; readonly text: string }
  /** The answer is complete: these were all its chunks. The model says why it stopped: `end_turn`, or `max_tokens` if it had to. */
  | { readonly type: 'end'; readonly id: string; readonly answer: string; readonly chunks: number; readonly stopReason: string }
  | { readonly type: 'error'; readonly id?: string; readonly answer: string; readonly code: FailureCode; readonly message: string };

/** Why an answer has not come to its end. */
export type FailureCode = 'invalid-message' | 'busy' | 'unavailable' | 'broken-off' | 'too-long';

const MAX_ID = 100;
const MAX_QUESTION = 4000;

export class InvalidMessage extends Error {
  constructor(message: string, readonly id?: string) {
    super(message);
  }
}

/** @throws InvalidMessage that says what is wrong */
export function parseQuestion(body: string | undefined): Question {
  let message: unknown;
  try {
    message = JSON.parse(body ?? '');
  } catch {
    throw new InvalidMessage('the message is not JSON');
  }
  const { id, question } = Object(message);
  if (typeof id !== 'string' || id === '' || id.length > MAX_ID) {
    throw new InvalidMessage(`\`id\` has to be text of 1 to ${MAX_ID} characters`);
  }
  if (typeof question !== 'string' || question.trim() === '' || question.length > MAX_QUESTION) {
    throw new InvalidMessage(`\`question\` has to be text of 1 to ${MAX_QUESTION} characters`, id);
  }
  return { id, question };
}
