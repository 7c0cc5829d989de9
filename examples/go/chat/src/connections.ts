import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, paginateScan, PutCommand } from '@aws-sdk/lib-dynamodb';

const TableName = process.env.CONNECTIONS_TABLE;
const client = DynamoDBDocumentClient.from(new DynamoDBClient());

export async function addConnection(connectionId: string) {
  await client.send(new PutCommand({ TableName, Item: { connectionId } }));
}

export async function removeConnection(connectionId: string) {
  await client.send(new DeleteCommand({ TableName, Key: { connectionId } }));
}

/** The ids of all connections, page by page: as many at a time as are posted to at once. */
export async function* allConnections(): AsyncGenerator<string[]> {
  for await (const { Items = [] } of paginateScan({ client, pageSize: 100 }, { TableName, ProjectionExpression: 'connectionId' })) {
    yield Items.map(({ connectionId }) => connectionId);
  }
}
