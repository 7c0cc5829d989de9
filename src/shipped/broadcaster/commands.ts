import { broadcast, deliver } from './broadcast';
import { Command } from './command';
import { Services } from './services';
import { presenceFrame } from '../posts/frames';
import { Connection } from '../table/connection';
import { groupPartition, userPartition } from '../table/keys';

/** How often, second by second, a connection is looked for that may be in its handshake: it is not in the table before its end. */
const LOOKS = 4;

/** Does what a command says. What it returns is the answer of the function. */
export async function run(command: Command, services: Services): Promise<unknown> {
  const { table, connections } = services;
  switch (command.action) {
    case 'sendToAll': return broadcast(command, table.everybody(), services);
    case 'sendToGroup': return broadcast({ ...command, partition: groupPartition(command.group) }, table.membersOf(command.group), services);
    case 'sendToUser': return broadcast({ ...command, partition: userPartition(command.user) }, table.connectionsOf(command.user), services);
    case 'sendToConnection': return sendToConnection(command, services);
    case 'joinGroup': return join(command, services);
    case 'leaveGroup': return leave(command, services);
    case 'listGroup': return list(command.group, services);
    case 'closeConnection': {
      const status = await connections.close(command.connectionId);
      if (status !== 410 && status >= 300) { throw new Error(`API Gateway answered ${status} to \`closeConnection\``); }
      return { closed: status !== 410 };
    }
  }
}

async function sendToConnection({ action, connectionId, data }: Extract<Command, { action: 'sendToConnection' }>, services: Services) {
  // One that is not in the table may be in its handshake.
  const connection = await services.table.find(connectionId);
  return deliver({ action, data }, [connection ?? { connectionId }], services);
}

async function join({ connectionId, group, announce }: Extract<Command, { action: 'joinGroup' }>, services: Services) {
  const connection = await lookFor(connectionId, services);
  const joining = connection ? await services.table.join(connection, group, announce) : 'gone';
  if (joining === 'gone') { throw new Error('the connection of `joinGroup` is not there, or is not there yet'); }
  if (joining === 'full') { throw new Error('the connection of `joinGroup` is in 100 groups: it has to leave one first'); }
  if (joining === 'joined' && announce) { await tell('joined', connection!, group, services); }
  return { joined: joining === 'joined' };
}

async function leave({ connectionId, group }: Extract<Command, { action: 'leaveGroup' }>, services: Services) {
  const connection = await services.table.find(connectionId);
  const isTold = await services.table.leave(connectionId, group);
  if (isTold && connection) { await tell('left', connection, group, services); }
  return { left: connection?.groups.includes(group) ?? false };
}

async function list(group: string, { table }: Services) {
  const members: Array<{ readonly connectionId: string; readonly userId?: string }> = [];
  for await (const page of table.membersOf(group)) {
    members.push(...page.map(({ connectionId, user }) => ({ connectionId, userId: user })));
  }
  return { group, members };
}

async function tell(event: 'joined' | 'left', connection: Connection, group: string, services: Services) {
  const data = JSON.stringify(presenceFrame(event, group, connection));
  await broadcast(
    { action: 'presence', partition: groupPartition(group), data, excluded: [connection.connectionId] }, services.table.membersOf(group), services);
}

/** A connection that may be in its handshake: a `$connect` of the app may join it to groups. */
async function lookFor(connectionId: string, { table, wait }: Services): Promise<Connection | undefined> {
  for (let look = 1; ; look++) {
    const connection = await table.find(connectionId);
    if (connection || look === LOOKS) { return connection; }
    await wait(1_000);
  }
}
