/** Where a client finds an API. */
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
  /** By custom domain, where the stage has any. */
  readonly domainUrls: readonly string[];
}

export interface ConnectionInfo {
  readonly connectionId: string;
  readonly api: string;
  readonly stage: string;
  readonly sourceIp: string;
  readonly connectedAt: Date;
  readonly lastActiveAt: Date;
}
