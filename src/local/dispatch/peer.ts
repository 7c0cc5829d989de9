/** Who connected, as `requestContext.identity` reports it. */
export interface Identity {
  readonly sourceIp: string;
  readonly userAgent?: string;
  readonly [name: string]: string | undefined;
}

/** How a connection ended. */
export interface Closing {
  readonly code: number;
  readonly reason: string;
}

/** What an event says about its connection. API and stage belong to the event: see `Exchange`. */
export interface Peer {
  readonly id: string;
  readonly connectedAt: number;
  /** `https://`, this name, and then the stage or the path of the mapping make the callback URL. */
  readonly domainName: string;
  readonly identity: Identity;
  /** What the authorizer returned. It is part of every later event. */
  readonly authorizer?: Readonly<Record<string, unknown>>;
}
