import { setTimeout } from 'node:timers/promises';
import {
  ConditionalCheckFailedException, DeleteItemCommand, DynamoDBClient, GetItemCommand, PutItemCommand, QueryCommand, UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { writeAll } from './batches';
import { Connection, connectionItem, Member, memberItem, parseConnection, parseMember } from './connection';
import { ALL, connectionKey, groupPartition, keyOf, shardOf, userPartition } from './keys';

/** How many groups a connection can be in. */
export const MAX_GROUPS = 100;

/** What became of a wish to join: `member` was one before, `gone` is no connection any more, `full` is in too many groups. */
export type Joining = 'joined' | 'member' | 'gone' | 'full';

/** Who is connected, and who is in which group. Reads are consistent, and skip what has expired: DynamoDB's own expiry may be days late. */
export class ConnectionTable {
  /** @param now milliseconds */
  constructor(
    private readonly client: DynamoDBClient,
    private readonly name: string,
    private readonly now: () => number = Date.now,
    private readonly wait: (milliseconds: number) => Promise<unknown> = setTimeout,
  ) {
  }

  /** Adds a connection that is about to open, with its groups. */
  public async add(connection: Connection): Promise<void> {
    const { connectionId } = connection;
    const Item = { ...connectionKey(connectionId), ...connectionItem(connection) };
    await this.client.send(new PutItemCommand({ TableName: this.name, Item }));
    const item = memberItem(connection);
    await writeAll(this.client, this.name, partitionsOf(connection).map((partition) => (
      { PutRequest: { Item: { ...keyOf(partition, connectionId), ...item } } })), this.wait);
  }

  /**
   * Removes a connection and its memberships.
   *
   * @returns what it was; undefined if it was not there
   */
  public async remove(connectionId: string): Promise<Connection | undefined> {
    const { Attributes } = await this.client.send(new DeleteItemCommand({
      TableName: this.name, Key: connectionKey(connectionId), ReturnValues: 'ALL_OLD',
    }));
    if (!Attributes) { return undefined; }
    const connection = parseConnection(Attributes);
    await writeAll(this.client, this.name, partitionsOf(connection).map((partition) => (
      { DeleteRequest: { Key: keyOf(partition, connectionId) } })), this.wait);
    return connection;
  }

  /** @returns undefined if it is not there, or has expired */
  public async find(connectionId: string): Promise<Connection | undefined> {
    const command = new GetItemCommand({ TableName: this.name, Key: connectionKey(connectionId), ConsistentRead: true });
    const { Item } = await this.client.send(command);
    const connection = Item && parseConnection(Item);
    return connection && this.isAlive(connection) ? connection : undefined;
  }

  /**
   * Joins a group.
   *
   * @param announced whether the members of the group are told when it leaves
   */
  public async join(connection: Member, group: string, announced: boolean): Promise<Joining> {
    const { connectionId } = connection;
    const membership = keyOf(groupPartition(group), connectionId);
    // The membership comes first: if the connection goes meanwhile, the next step finds that out, and takes the membership away again.
    await this.client.send(new PutItemCommand({ TableName: this.name, Item: { ...membership, ...memberItem(connection) } }));
    try {
      const { Attributes } = await this.client.send(new UpdateItemCommand({
        TableName: this.name,
        Key: connectionKey(connectionId),
        UpdateExpression: announced ? 'ADD #groups :set, #announced :set' : 'ADD #groups :set DELETE #announced :set',
        ConditionExpression: 'attribute_exists(#pk) AND (attribute_not_exists(#groups) OR contains(#groups, :group) OR size(#groups) < :max)',
        ExpressionAttributeNames: { '#pk': 'pk', '#groups': 'groups', '#announced': 'announced' },
        ExpressionAttributeValues: { ':set': { SS: [group] }, ':group': { S: group }, ':max': { N: String(MAX_GROUPS) } },
        ReturnValues: 'ALL_OLD',
      }));
      return Attributes && parseConnection(Attributes).groups.includes(group) ? 'member' : 'joined';
    } catch (error) {
      await this.client.send(new DeleteItemCommand({ TableName: this.name, Key: membership }));
      if (!(error instanceof ConditionalCheckFailedException)) { throw error; }
      return await this.find(connectionId) ? 'full' : 'gone';
    }
  }

  /**
   * Leaves a group.
   *
   * @returns whether its members are told of it
   */
  public async leave(connectionId: string, group: string): Promise<boolean> {
    await this.client.send(new DeleteItemCommand({ TableName: this.name, Key: keyOf(groupPartition(group), connectionId) }));
    try {
      const { Attributes } = await this.client.send(new UpdateItemCommand({
        TableName: this.name,
        Key: connectionKey(connectionId),
        UpdateExpression: 'DELETE #groups :set, #announced :set',
        ConditionExpression: 'attribute_exists(#pk)',
        ExpressionAttributeNames: { '#pk': 'pk', '#groups': 'groups', '#announced': 'announced' },
        ExpressionAttributeValues: { ':set': { SS: [group] } },
        ReturnValues: 'ALL_OLD',
      }));
      return Attributes !== undefined && parseConnection(Attributes).announced.includes(group);
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) { throw error; }
      return false;
    }
  }

  /** Takes one membership away that the connection itself does not know of. */
  public async forget(partition: string, connectionId: string): Promise<void> {
    await this.client.send(new DeleteItemCommand({ TableName: this.name, Key: keyOf(partition, connectionId) }));
  }

  /** The connections of a group, page by page. */
  public membersOf(group: string): AsyncGenerator<Member[]> {
    return this.membersIn(groupPartition(group));
  }

  /** The connections of a user, page by page. */
  public connectionsOf(user: string): AsyncGenerator<Member[]> {
    return this.membersIn(userPartition(user));
  }

  /** All connections, page by page. The first page of each partition is read at once. */
  public async* everybody(): AsyncGenerator<Member[]> {
    const partitions = ALL.map((partition) => this.membersIn(partition));
    const first = partitions.map((partition) => partition.next());
    // Whoever waits for one hears of its failure.
    first.forEach((page) => page.catch(() => {}));
    for (const [index, partition] of partitions.entries()) {
      for (let page = await first[index]; !page.done; page = await partition.next()) { yield page.value; }
    }
  }

  private async* membersIn(partition: string): AsyncGenerator<Member[]> {
    let start: Record<string, any> | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await this.client.send(new QueryCommand({
        TableName: this.name,
        ConsistentRead: true,
        KeyConditionExpression: '#pk = :pk',
        ExpressionAttributeNames: { '#pk': 'pk' },
        ExpressionAttributeValues: { ':pk': { S: partition } },
        ExclusiveStartKey: start,
      }));
      yield Items.map(parseMember).filter((member) => this.isAlive(member));
      start = LastEvaluatedKey;
    } while (start);
  }

  private isAlive({ expiresAt }: Member): boolean {
    return expiresAt * 1000 > this.now();
  }
}

/** Where a connection has an item besides its own. */
function partitionsOf({ connectionId, user, groups }: Connection): string[] {
  return [shardOf(connectionId), ...user === undefined ? [] : [userPartition(user)], ...groups.map(groupPartition)];
}
