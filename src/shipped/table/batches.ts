import { BatchWriteItemCommand, DynamoDBClient, WriteRequest } from '@aws-sdk/client-dynamodb';

/** DynamoDB takes no more at once. */
const SIZE = 25;

const ATTEMPTS = 8;

/**
 * Writes items, however many, until DynamoDB has left none of them out.
 *
 * @param wait milliseconds
 */
export async function writeAll(
  client: DynamoDBClient, tableName: string, requests: WriteRequest[], wait: (milliseconds: number) => Promise<unknown>,
): Promise<void> {
  const batches = Array.from({ length: Math.ceil(requests.length / SIZE) }, (_, index) => requests.slice(index * SIZE, (index + 1) * SIZE));
  await Promise.all(batches.map(async (batch) => {
    let left = batch;
    for (let attempt = 1; left.length > 0; attempt++) {
      if (attempt > ATTEMPTS) { throw new Error(`DynamoDB has left ${left.length} items unprocessed, ${ATTEMPTS} times`); }
      if (attempt > 1) { await wait(Math.random() * 25 * 2 ** attempt); }
      const { UnprocessedItems } = await client.send(new BatchWriteItemCommand({ RequestItems: { [tableName]: left } }));
      left = UnprocessedItems?.[tableName] ?? [];
    }
  }));
}
