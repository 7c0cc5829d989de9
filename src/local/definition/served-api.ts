/** Where a client finds an API, and what it needs there. */
export interface ServedApi {
  readonly name: string;
  readonly id: string;
  readonly stage: string;
  /** `ws://localhost:<port>/<stage>` */
  readonly url: string;
  readonly secureUrl: string;
  /** What `@connections` is called at. */
  readonly callbackUrl: string;
  readonly routes: readonly string[];
  /** By custom domain, if the stage has any. */
  readonly domainUrls: readonly string[];
  /** What a client has to send to be let in. */
  readonly required: HandshakeNeeds;
  /** A message that the first route of your own takes; undefined if there is none, or if the message alone does not choose the route. */
  readonly exampleMessage?: string;
  /** What the routes take, where the message alone chooses the route. */
  readonly messages: readonly RouteMessage[];
}

/** What a route takes. */
export interface RouteMessage {
  readonly routeKey: string;
  /** A message that the route takes, as JSON. */
  readonly example: string;
  /** The JSON schema of its messages, if the route has a model. */
  readonly schema?: unknown;
}

/** Names, as the API's authorizer and API key settings have them. */
export interface HandshakeNeeds {
  readonly queryString: readonly string[];
  /** Browsers cannot send these with a WebSocket. */
  readonly headers: readonly string[];
  /** Signed with IAM credentials. */
  readonly signature: boolean;
}

export interface ConnectionInfo {
  readonly connectionId: string;
  readonly api: string;
  readonly stage: string;
  readonly sourceIp: string;
  readonly connectedAt: Date;
  readonly lastActiveAt: Date;
}
