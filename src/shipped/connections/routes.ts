import { WebSocketEvent } from './event';
import { BroadcasterEvent, presence } from './group-messages';
import { groupNames, keptValues, userName } from './group-names';
import { Refusal } from './refusal';
import { Store } from './services';
import { GroupRouteSettings } from '../../connections/settings';
import { Functions } from '../invocation/functions';
import { MAX_BYTES } from '../posts/connections-api';
import { AckFrame, Frame, MembersFrame, MessageFrame } from '../posts/frames';
import { isTooDeep, MAX_LEVELS } from '../posts/nesting';
import { Connection } from '../table/connection';
import { MAX_GROUPS } from '../table/connection-table';

export interface ServedMessage {
  readonly event: WebSocketEvent;
  readonly connection: Connection;
  readonly store: Store;
  readonly functions: Functions;
}

type Serve = (route: GroupRouteSettings, served: ServedMessage) => Promise<Frame>;

const SERVE: { readonly [action in GroupRouteSettings['action']]: Serve } = { joinGroup, leaveGroup, sendToGroup, sendToUser, sendToAll, listGroup };

/** Does what a route is for, and returns what the client may be told. Throws a refusal if it does not. */
export function serve(route: GroupRouteSettings, served: ServedMessage): Promise<Frame> {
  return SERVE[route.action](route, served);
}

async function joinGroup(route: GroupRouteSettings, served: ServedMessage): Promise<Frame> {
  const { connection, store: { table, broadcaster }, functions } = served;
  const groups = groupsOf(route, served);
  for (const group of groups) {
    const joining = await table.join(connection, group, route.announce ?? false);
    if (joining === 'gone') { throw new Refusal('not-connected', 'the connection has gone meanwhile'); }
    if (joining === 'full') { throw new Refusal('too-many-groups', `the connection is in ${MAX_GROUPS} groups: leave one first`); }
    if (joining === 'joined' && route.announce) { await functions.hand(broadcaster, presence('joined', group, connection)); }
  }
  return ack(served, groups);
}

async function leaveGroup(route: GroupRouteSettings, served: ServedMessage): Promise<Frame> {
  const { connection, store: { table, broadcaster }, functions } = served;
  const groups = groupsOf(route, served);
  for (const group of groups) {
    const isTold = await table.leave(connection.connectionId, group);
    if (isTold) { await functions.hand(broadcaster, presence('left', group, connection)); }
  }
  return ack(served, groups);
}

async function sendToGroup(route: GroupRouteSettings, served: ServedMessage): Promise<Frame> {
  const groups = groupsOf(route, served);
  groups.forEach((group) => checkMember(route, group, served));
  const frames = groups.map((group) => messageFrame('group', served, group));
  for (const [index, group] of groups.entries()) {
    await send({ action: 'sendToGroup', group, data: frames[index], excluded: excludedBy(route, served) }, served);
  }
  return ack(served, groups);
}

async function sendToUser(route: GroupRouteSettings, served: ServedMessage): Promise<Frame> {
  const user = userName(bodyOf(served), route.user!);
  await send({ action: 'sendToUser', user, data: messageFrame('user', served) }, served);
  return ack(served, []);
}

async function sendToAll(route: GroupRouteSettings, served: ServedMessage): Promise<Frame> {
  await send({ action: 'sendToAll', data: messageFrame('all', served), excluded: excludedBy(route, served) }, served);
  return ack(served, []);
}

async function listGroup(route: GroupRouteSettings, served: ServedMessage): Promise<Frame> {
  const [group, ...others] = groupsOf(route, served);
  if (others.length > 0) { throw new Refusal('invalid-group', 'the connection names several groups: one can be listed at a time'); }
  checkMember(route, group, served);
  const members: Array<MembersFrame['members'][number]> = [];
  // The frame without them, and room for `truncated`.
  let bytes = Buffer.byteLength(JSON.stringify({ type: 'members', group, members, truncated: true }));
  for await (const page of served.store.table.membersOf(group)) {
    for (const { connectionId, user } of page) {
      const member = { connectionId, userId: user };
      bytes += Buffer.byteLength(JSON.stringify(member)) + 1;
      if (bytes > MAX_BYTES) { return { type: 'members', group, members, truncated: true }; }
      members.push(member);
    }
  }
  return { type: 'members', group, members };
}

/** At least one. */
function groupsOf({ group }: GroupRouteSettings, served: ServedMessage): string[] {
  const names = groupNames(group!, { message: 'path' in group! ? bodyOf(served) : undefined, value: keptValues(served.connection.values) });
  if (names.length === 0) { throw new Refusal('invalid-group', 'the handshake has named no group'); }
  return names;
}

function checkMember({ members }: GroupRouteSettings, group: string, { connection }: ServedMessage): void {
  if (members !== false && !connection.groups.includes(group)) { throw new Refusal('not-a-member', 'the connection is not in the group: join it first'); }
}

function messageFrame(from: MessageFrame['from'], served: ServedMessage, group?: string): MessageFrame {
  const { event: { requestContext: { requestId } }, connection: { user } } = served;
  const body = bodyOf(served);
  if (!Object.hasOwn(body, 'data')) { throw new Refusal('missing-data', 'the message has no `data`'); }
  if (isTooDeep(body.data)) { throw new Refusal('invalid-message', `the \`data\` is nested more than ${MAX_LEVELS} levels deep`); }
  const frame: MessageFrame = { type: 'message', from, group, fromUserId: user, data: body.data, id: requestId };
  if (Buffer.byteLength(JSON.stringify(frame)) > MAX_BYTES) { throw new Refusal('too-large', `the message would have more than ${MAX_BYTES} bytes`); }
  return frame;
}

function bodyOf({ event: { body } }: ServedMessage): { readonly [name: string]: unknown } {
  let value: unknown;
  try {
    value = JSON.parse(body ?? '');
  } catch {
    throw new Refusal('invalid-message', 'the message is no JSON');
  }
  if (typeof value !== 'object' || value === null) { throw new Refusal('invalid-message', 'the message is no JSON object'); }
  return value as { readonly [name: string]: unknown };
}

function excludedBy({ echo }: GroupRouteSettings, { connection }: ServedMessage): string[] {
  return echo === false ? [connection.connectionId] : [];
}

function send(event: BroadcasterEvent, { functions, store }: ServedMessage): Promise<void> {
  return functions.hand(store.broadcaster, event);
}

function ack({ event }: ServedMessage, groups: readonly string[]): AckFrame {
  return { type: 'ack', action: event.requestContext.routeKey, group: groups[0], groups: groups.length > 1 ? groups : undefined };
}
