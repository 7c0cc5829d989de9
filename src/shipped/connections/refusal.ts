/** What a client asked for, and does not get. The message repeats nothing that the client has sent. */
export class Refusal extends Error {
  constructor(public readonly code: string, message: string) {
    super(message);
  }
}
