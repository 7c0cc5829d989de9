import { AddressInfo, Server } from 'node:net';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ConnectionTable } from '../../src/shipped/table/connection-table';

/** A DynamoDB in this process. */
export class LocalTables {
  public static async start(): Promise<LocalTables> {
    // It has no types.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const dynalite: (options: object) => Server = require('dynalite');
    const server = dynalite({ createTableMs: 0, deleteTableMs: 0 });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const client = new DynamoDBClient({
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    });
    return new LocalTables(server, client);
  }

  private count = 0;

  private constructor(private readonly server: Server, public readonly client: DynamoDBClient) {
  }

  /** The name of a new table. */
  public async newTable(): Promise<string> {
    const name = `table-${this.count++}`;
    await this.client.send(new CreateTableCommand({
      TableName: name,
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }, { AttributeName: 'sk', KeyType: 'RANGE' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }, { AttributeName: 'sk', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    }));
    return name;
  }

  public async close(): Promise<void> {
    this.client.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** The ids of connections that are read page by page. */
export async function idsIn(pages: ReturnType<ConnectionTable['everybody']>): Promise<string[]> {
  const ids: string[] = [];
  for await (const page of pages) { ids.push(...page.map(({ connectionId }) => connectionId)); }
  return ids.sort();
}
