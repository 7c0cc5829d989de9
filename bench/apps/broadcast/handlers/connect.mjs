import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';

const dynamo = new DynamoDBClient();

export async function main({ requestContext: { connectionId } }) {
  await dynamo.send(new PutItemCommand({ TableName: process.env.TABLE, Item: { group: { S: 'everybody' }, connectionId: { S: connectionId } } }));
  return { statusCode: 200 };
}
