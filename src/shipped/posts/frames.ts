/*
 * What clients get from routes without code of the app.
 */

/** A message of another client, or of this one. */
export interface MessageFrame {
  readonly type: 'message';
  readonly from: 'group' | 'user' | 'all';
  readonly group?: string;
  readonly fromUserId?: string;
  readonly data: unknown;
  /** The same whenever the message is sent again. */
  readonly id: string;
}

/** Somebody has joined or left. */
export interface PresenceFrame {
  readonly type: 'presence';
  readonly event: 'joined' | 'left';
  readonly group: string;
  readonly userId?: string;
  readonly connectionId: string;
}

export function presenceFrame(event: 'joined' | 'left', group: string, { user, connectionId }: { readonly user?: string; readonly connectionId: string }): PresenceFrame {
  return { type: 'presence', event, group, userId: user, connectionId };
}

/** What was asked for is done. `groups` is there if there are several. */
export interface AckFrame {
  readonly type: 'ack';
  readonly action: string;
  readonly group?: string;
  readonly groups?: readonly string[];
}

/** Who is in a group. */
export interface MembersFrame {
  readonly type: 'members';
  readonly group: string;
  readonly members: ReadonlyArray<{ readonly connectionId: string; readonly userId?: string }>;
  /** There if not all members fit into a message. */
  readonly truncated?: true;
}

/** What was asked for is not done. */
export interface ErrorFrame {
  readonly type: 'error';
  readonly code: string;
  readonly message: string;
  readonly action: string;
}

export type Frame = MessageFrame | PresenceFrame | AckFrame | MembersFrame | ErrorFrame;
