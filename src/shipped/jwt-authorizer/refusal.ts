/** Why a client is not let in. The reason is for the log, and holds nothing that the client has sent. */
export class Refusal extends Error {
  /** @param status 401 for a token that proves nothing, and 403 for one that proves who the client is, and that it may not connect */
  constructor(public readonly status: 401 | 403, public readonly reason: string) {
    super(reason);
    this.name = 'Refusal';
  }
}
