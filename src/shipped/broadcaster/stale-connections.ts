import { Delivery, Recipient } from './delivery';
import { Services } from './services';
import { presenceFrame } from '../posts/frames';
import { Connection } from '../table/connection';
import { groupPartition, shardOf } from '../table/keys';

/** Removes connections that API Gateway does not know any more, and tells the groups that want to know. */
export async function removeStale(stale: readonly Recipient[], partition: string | undefined, services: Services): Promise<void> {
  const { table } = services;
  const removed: Connection[] = [];
  for (const { connectionId } of stale) {
    const connection = await table.remove(connectionId);
    if (connection) { removed.push(connection); }
    // What led here may be a membership that the connection itself does not know of.
    if (!connection || (partition?.startsWith('group#') && !connection.groups.some((group) => groupPartition(group) === partition))) {
      await table.forget(partition ?? shardOf(connectionId), connectionId);
    }
  }
  // By this invocation, and whoever is gone now is left for the next message: nothing leads to more and more of it.
  for (const connection of removed) {
    for (const group of connection.announced) { await announce(connection, group, services); }
  }
}

async function announce(connection: Connection, group: string, services: Services): Promise<void> {
  const frame = Buffer.from(JSON.stringify(presenceFrame('left', group, connection)));
  for await (const members of services.table.membersOf(group)) { await new Delivery(frame, services).to(members); }
}
