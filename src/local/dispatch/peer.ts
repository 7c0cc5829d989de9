import { ApiModel, StageModel } from '../definition/model';

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

/** What events say about the connection that they belong to. */
export interface Peer {
  readonly id: string;
  readonly connectedAt: number;
  readonly address: {
    readonly api: ApiModel;
    readonly stage: StageModel;
    /** With `https://` before it and the stage, or the path of the mapping, after it, this is the callback URL. */
    readonly domainName: string;
  };
  readonly identity: Identity;
  /** What the authorizer returned: it is part of every later event. */
  readonly authorizer?: Readonly<Record<string, unknown>>;
}
