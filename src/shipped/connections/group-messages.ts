import { MessageFrame, PresenceFrame, presenceFrame } from '../posts/frames';
import { Member } from '../table/connection';

/** What the broadcaster is asked to do. */
export type BroadcasterEvent =
  | { readonly action: 'sendToGroup'; readonly group: string; readonly data: MessageFrame | PresenceFrame; readonly excluded?: readonly string[] }
  | { readonly action: 'sendToUser'; readonly user: string; readonly data: MessageFrame }
  | { readonly action: 'sendToAll'; readonly data: MessageFrame; readonly excluded?: readonly string[] };

/** Tells the other members of a group that somebody has joined or left. */
export function presence(event: 'joined' | 'left', group: string, member: Member): BroadcasterEvent {
  return { action: 'sendToGroup', group, data: presenceFrame(event, group, member), excluded: [member.connectionId] };
}
