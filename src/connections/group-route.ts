import { GroupName } from './group-name';
import { GroupRouteSettings } from './settings';
import { FLAG } from '../given/kind';
import { OptionsOf } from '../given/options';
import { ROUTE_OPTIONS, RouteOptions } from '../routes/route-options';

/** A route that a shipped function serves. */
export interface GroupRoute extends Pick<GroupRouteSettings, 'action' | 'user' | 'announce' | 'echo' | 'members'> {
  readonly group?: GroupName;
}

/**
 * Options of a route that joins a group.
 */
export interface JoinGroupOptions extends RouteOptions {
  /**
   * Tell the other members when the connection joins and when it leaves, however it leaves:
   * `{"type":"presence","event":"joined","group":…,"userId":…,"connectionId":…}`, and `"left"`.
   *
   * @default false
   */
  readonly announce?: boolean;
}

/**
 * Options of a route that sends to everybody.
 */
export interface SendToAllOptions extends RouteOptions {
  /**
   * Whether the sender gets its message too.
   *
   * @default true
   */
  readonly echo?: boolean;
}

/**
 * Options of a route that sends to a group.
 */
export interface SendToGroupOptions extends SendToAllOptions {
  /**
   * Whether only members of the group may send to it.
   *
   * @default true
   */
  readonly members?: boolean;
}

/**
 * Options of a route that lists who is in a group.
 */
export interface ListGroupOptions extends RouteOptions {
  /**
   * Whether only members of the group may list it.
   *
   * @default true
   */
  readonly members?: boolean;
}

export const JOIN_GROUP_OPTIONS = { ...ROUTE_OPTIONS, announce: FLAG } satisfies OptionsOf<JoinGroupOptions>;
export const SEND_TO_ALL_OPTIONS = { ...ROUTE_OPTIONS, echo: FLAG } satisfies OptionsOf<SendToAllOptions>;
export const SEND_TO_GROUP_OPTIONS = { ...SEND_TO_ALL_OPTIONS, members: FLAG } satisfies OptionsOf<SendToGroupOptions>;
export const LIST_GROUP_OPTIONS = { ...ROUTE_OPTIONS, members: FLAG } satisfies OptionsOf<ListGroupOptions>;
