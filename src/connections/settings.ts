/*
 * What the shipped functions are told in their environment, as JSON.
 */

/** A value of the handshake. */
export interface ValueSettings {
  readonly place: 'header' | 'queryString' | 'stageVariable' | 'context' | 'subprotocol' | 'authorizer';
  readonly name: string;
}

/** How a group is named. */
export type GroupSettings =
  | { readonly of: string }
  | { readonly path: ReadonlyArray<string | number>; readonly prefix: string }
  | { readonly value: ValueSettings; readonly prefix: string };

/** What is read at `$connect`. */
export interface ConnectionSettings {
  readonly user?: ValueSettings;
  /** The groups that a connection joins at once. */
  readonly groups: readonly GroupSettings[];
  /** The values that routes name groups by. */
  readonly values: readonly ValueSettings[];
  /** After how many seconds a connection counts as gone, whatever happens. */
  readonly timeToLive: number;
  /** Whether a connection ends with its token: with the `exp` of the authorizer's context. */
  readonly closeOnExpiry?: boolean;
}

/** A route that a shipped function serves. */
export interface GroupRouteSettings {
  readonly action: 'joinGroup' | 'leaveGroup' | 'sendToGroup' | 'sendToUser' | 'sendToAll' | 'listGroup';
  readonly group?: GroupSettings;
  /** Where a message names a user. */
  readonly user?: ReadonlyArray<string | number>;
  readonly announce?: boolean;
  readonly echo?: boolean;
  readonly members?: boolean;
  /** Whether the client gets what the function returns. */
  readonly returnResponse?: boolean;
}
