import { Template } from 'aws-cdk-lib/assertions';
import { ConnectionTable, Route, WebSocketApi } from '../../src';
import { ECHO, only, testStack } from '../test-stack';

/* The table of connections holds what users' functions and ours have written: another key would be another table. */

test('the table of connections has the keys that it always had', () => {
  const stack = testStack();
  new WebSocketApi(stack, 'Api', { routes: { $default: Route.toHandler(ECHO) }, connections: ConnectionTable.create() });
  const { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes, TimeToLiveSpecification } = only(Template.fromStack(stack), 'AWS::DynamoDB::Table').Properties;

  expect({ KeySchema, AttributeDefinitions, GlobalSecondaryIndexes, ttl: TimeToLiveSpecification.AttributeName }).toEqual({
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }, { AttributeName: 'sk', KeyType: 'RANGE' }],
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }, { AttributeName: 'sk', AttributeType: 'S' }],
    GlobalSecondaryIndexes: undefined,
    ttl: 'expiresAt',
  });
});
