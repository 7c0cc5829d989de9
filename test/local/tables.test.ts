import { Stack } from 'aws-cdk-lib';
import { AttributeType, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Duration } from 'aws-cdk-lib/core';
import { Client } from './client';
import { ServedApp, serveApp } from './served-app';
import { Route, WebSocketApi } from '../../src';

// An app with a table, and nothing started beside the gateway.

const HANDLER = `
const { DynamoDBClient, PutItemCommand, QueryCommand } = require('@aws-sdk/client-dynamodb');
const client = new DynamoDBClient({ maxAttempts: 1 });

exports.main = async ({ body, requestContext: { connectionId } }) => {
  const { room } = JSON.parse(body);
  await client.send(new PutItemCommand({ TableName: process.env.TABLE, Item: { room: { S: room }, member: { S: connectionId }, at: { N: '1' }, gone: { N: '1' } } }));
  const { Items } = await client.send(new QueryCommand({
    TableName: process.env.TABLE, IndexName: 'byTime', KeyConditionExpression: 'room = :room', ExpressionAttributeValues: { ':room': { S: room } },
  }));
  return { statusCode: 200, body: String(Items.length) };
};
`;

let served: ServedApp | undefined;
afterEach(() => served?.close());

function define(stack: Stack, folder: string) {
  const table = new Table(stack, 'Table', {
    partitionKey: { name: 'room', type: AttributeType.STRING },
    sortKey: { name: 'member', type: AttributeType.STRING },
    timeToLiveAttribute: 'gone',
    stream: StreamViewType.NEW_IMAGE,
  });
  table.addGlobalSecondaryIndex({ indexName: 'byTime', partitionKey: { name: 'room', type: AttributeType.STRING }, sortKey: { name: 'at', type: AttributeType.NUMBER } });
  const handler = new Function(stack, 'Handler', {
    code: Code.fromAsset(`${folder}/handler`), handler: 'index.main', runtime: Runtime.NODEJS_22_X, environment: { TABLE: table.tableName }, timeout: Duration.seconds(20),
  });
  table.grantReadWriteData(handler);
  new WebSocketApi(stack, 'Api', { routes: { $default: Route.toFunction(handler, { returnResponse: true }) } });
}

test('functions find the tables of the app, with their keys and indexes', async () => {
  served = await serveApp({ 'handler/index.js': HANDLER }, (stack, _, folder) => define(stack, folder));
  const { gateway } = served;

  expect(gateway.tablesUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  for (const members of [1, 2]) { expect(await (await Client.connect(gateway.url)).ask({ room: 'a' })).toBe(String(members)); }
  expect(gateway.events().filter(({ type }) => type === 'warning')).toEqual([]);
});

test('a DynamoDB that the user names is not replaced', async () => {
  served = await serveApp({ 'handler/index.js': HANDLER }, (stack, _, folder) => define(stack, folder), { env: { AWS_ENDPOINT_URL_DYNAMODB: 'http://dynamodb.example.com' } });

  expect(served.gateway.tablesUrl).toBeUndefined();
});
