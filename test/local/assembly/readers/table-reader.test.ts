import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, Billing, BillingMode, ProjectionType, StreamViewType, Table, TableEncryption, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { readAssembly } from '../../../../src/local/assembly/assembly';
import { readTables } from '../../../../src/local/assembly/readers/table-reader';
import { Intrinsics } from '../../../../src/local/assembly/template/intrinsics';
import { Resources } from '../../../../src/local/assembly/template/resource';
import { synthesizeStack } from '../../assembly-folder';

function read(define: (stack: Stack) => void) {
  const stacks = readAssembly(synthesizeStack(define));
  return readTables(new Resources(stacks, new Intrinsics(stacks)));
}

const ID = { name: 'id', type: AttributeType.STRING };
const AT = { name: 'at', type: AttributeType.NUMBER };

test('a table is as `CreateTable` takes it, with its indexes and its stream', () => {
  const tables = read((stack) => {
    const table = new Table(stack, 'Table', {
      tableName: 'mine',
      partitionKey: ID,
      sortKey: AT,
      billingMode: BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: 'ttl',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      encryption: TableEncryption.AWS_MANAGED,
      stream: StreamViewType.NEW_IMAGE,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    table.addGlobalSecondaryIndex({ indexName: 'global', partitionKey: AT, projectionType: ProjectionType.KEYS_ONLY });
    table.addLocalSecondaryIndex({ indexName: 'local', sortKey: { name: 'other', type: AttributeType.STRING } });
  });

  expect(tables).toEqual([{
    path: 'Stack/Table',
    region: 'eu-west-1',
    input: {
      TableName: 'mine',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }, { AttributeName: 'at', AttributeType: 'N' }, { AttributeName: 'other', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }, { AttributeName: 'at', KeyType: 'RANGE' }],
      BillingMode: 'PAY_PER_REQUEST',
      GlobalSecondaryIndexes: [{ IndexName: 'global', KeySchema: [{ AttributeName: 'at', KeyType: 'HASH' }], Projection: { ProjectionType: 'KEYS_ONLY' } }],
      LocalSecondaryIndexes: [{
        IndexName: 'local',
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }, { AttributeName: 'other', KeyType: 'RANGE' }],
        Projection: { ProjectionType: 'ALL' },
      }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    },
  }]);
});

test('a table with a capacity keeps it, and so do its indexes', () => {
  const [{ input }] = read((stack) => {
    const table = new Table(stack, 'Table', { partitionKey: ID, readCapacity: 3, writeCapacity: 4 });
    table.addGlobalSecondaryIndex({ indexName: 'global', partitionKey: AT, readCapacity: 1, writeCapacity: 2 });
  });

  expect(input).toMatchObject({
    ProvisionedThroughput: { ReadCapacityUnits: 3, WriteCapacityUnits: 4 },
    GlobalSecondaryIndexes: [{ ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 2 } }],
  });
  expect(input).not.toHaveProperty('BillingMode');
});

test('a global table needs no capacity here', () => {
  const [{ input }] = read((stack) => {
    new TableV2(stack, 'Table', { partitionKey: ID, billing: Billing.onDemand(), globalSecondaryIndexes: [{ indexName: 'global', partitionKey: AT }] });
  });

  expect(input).toEqual({
    TableName: expect.stringMatching(/^Stack-Table\w+$/),
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }, { AttributeName: 'at', AttributeType: 'N' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
    GlobalSecondaryIndexes: [{ IndexName: 'global', KeySchema: [{ AttributeName: 'at', KeyType: 'HASH' }], Projection: { ProjectionType: 'ALL' } }],
  });
});
