import { AttributeValue } from '@aws-sdk/client-dynamodb';

/*
 * The keys of the table. They stay as they are: with other keys CloudFormation would replace the table, and nobody would be connected
 * any more.
 */

export const PARTITION = 'pk';
export const SORT = 'sk';

export type Key = { readonly [PARTITION]: AttributeValue.SMember; readonly [SORT]: AttributeValue.SMember };

/** Everybody is in one of these partitions. One would limit how many can connect in a second. */
const SHARDS = 16;

export const ALL = Array.from({ length: SHARDS }, (_, shard) => `all#${shard}`);

export function groupPartition(group: string): string {
  return `group#${group}`;
}

export function userPartition(user: string): string {
  return `user#${user}`;
}

export function shardOf(connectionId: string): string {
  const sum = [...connectionId].reduce((hash, character) => (hash * 31 + character.charCodeAt(0)) % 65_521, 7);
  return ALL[sum % SHARDS];
}

export function connectionKey(connectionId: string): Key {
  return keyOf(`connection#${connectionId}`, connectionId);
}

export function keyOf(partition: string, connectionId: string): Key {
  return { [PARTITION]: { S: partition }, [SORT]: { S: connectionId } };
}
