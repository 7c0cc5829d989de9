import { asNumber, asRecord, asText, isRecord, JsonRecord } from '../../definition/json-value';
import { TableModel } from '../../definition/model';
import { Resource, Resources } from '../template/resource';

/** The DynamoDB tables of an app, in the shape that `CreateTable` takes. It leaves out what only AWS needs (encryption, backups, tags…). */
export function readTables(resources: Resources): TableModel[] {
  return [
    // How a global table scales differs from place to place, which makes no difference here.
    ...resources.ofType('AWS::DynamoDB::GlobalTable').map((table) => model(table, true)),
    ...resources.ofType('AWS::DynamoDB::Table').map((table) => model(table, table.text('BillingMode') === 'PAY_PER_REQUEST')),
  ];
}

function model(table: Resource, onDemand: boolean): TableModel {
  const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, LocalSecondaryIndexes, ProvisionedThroughput } = table.properties;
  const throughput = (value: unknown) => onDemand ? {} : { ProvisionedThroughput: numbers(value) };
  const globalIndexes = indexes(GlobalSecondaryIndexes)
    .map((index) => ({ ...keyAndProjection(index), ...throughput(index.ProvisionedThroughput) }));
  const localIndexes = indexes(LocalSecondaryIndexes).map(keyAndProjection);
  const streamView = asText(table.record('StreamSpecification').StreamViewType);
  return {
    path: table.path,
    region: table.stack.region,
    input: {
      TableName: table.ref,
      AttributeDefinitions,
      KeySchema,
      ...onDemand ? { BillingMode: 'PAY_PER_REQUEST' } : {},
      ...throughput(ProvisionedThroughput),
      ...globalIndexes.length > 0 ? { GlobalSecondaryIndexes: globalIndexes } : {},
      ...localIndexes.length > 0 ? { LocalSecondaryIndexes: localIndexes } : {},
      ...streamView === undefined ? {} : { StreamSpecification: { StreamEnabled: true, StreamViewType: streamView } },
    },
  };
}

function indexes(value: unknown): JsonRecord[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function keyAndProjection({ IndexName, KeySchema, Projection }: JsonRecord): JsonRecord {
  return { IndexName, KeySchema, Projection };
}

function numbers(value: unknown): JsonRecord {
  const { ReadCapacityUnits, WriteCapacityUnits } = asRecord(value);
  return { ReadCapacityUnits: asNumber(ReadCapacityUnits), WriteCapacityUnits: asNumber(WriteCapacityUnits) };
}
