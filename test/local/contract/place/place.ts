import { GatewayEvent, LocalGateway } from '../../../../src/local';

/** Those of an AWS user have no token. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Something is missing here that a row needs: the report lists it, with the reason. */
export class CannotBeReplayed extends Error {
  constructor(reason: string) {
    super(`cannot be replayed: ${reason}`);
  }
}

/** An API of the app, where it is served. */
export interface PlacedApi {
  readonly id: string;
  readonly stage: string;
  /** `ws://…/<stage>`, or `wss://…/<stage>` */
  readonly url: string;
}

/** What only the gateway has. */
export interface Insight {
  readonly gateway: LocalGateway;
  /** The latest of what happened. */
  last<T extends GatewayEvent['type']>(type: T): GatewayEvent & { readonly type: T };
}

/** Where the app runs: in this process, at a URL of this machine, or on AWS. What a row does, it does by these. */
export interface Place {
  readonly region: string;
  readonly account: string;
  /** What the addresses of clients look like. */
  readonly addresses: RegExp;
  /** A moment earlier than the end of a time, it is not over yet. */
  readonly momentMillis: number;
  api(name: string): PlacedApi;
  /** Of a caller who may do everything. */
  credentials(): Promise<Credentials>;
  /** Of a role of the app, by its id. */
  credentialsOf(role: 'Allowed' | 'Other'): Promise<Credentials>;
  /** The first line of the handlers that has this text, and of which this holds: waits for it. */
  line(text: string, holds: (line: string) => boolean): Promise<string>;
  /** The lines of the handlers that have this text, once everything is done. */
  lines(text: string): Promise<string[]>;
  /** The lines of the access log that have this text: waits for so many. */
  accessLog(text: string, count: number): Promise<string[]>;
  /** Waits until everything is done. */
  settled(): Promise<void>;
  /** Lets time pass, for connections. */
  pass(milliseconds: number): Promise<void>;
  /** What a handler has to be told to wait, and what ends it. */
  gate(): { readonly message: object; open(): void };
  /** What the gateway says itself, such as its reasons: nobody sees that elsewhere. */
  inGateway(check: (insight: Insight) => unknown): Promise<void>;
  close(): Promise<void>;
}
