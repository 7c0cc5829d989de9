import { ApiGatewayManagementApiClient, PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi';
import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';

const dynamo = new DynamoDBClient();
const api = new ApiGatewayManagementApiClient({ endpoint: process.env.WEBSOCKET_CALLBACK_URL });

export async function main({ body }) {
  const { Items } = await dynamo.send(new QueryCommand({
    TableName: process.env.TABLE,
    KeyConditionExpression: '#group = :group',
    ExpressionAttributeNames: { '#group': 'group' },
    ExpressionAttributeValues: { ':group': { S: 'everybody' } },
  }));
  const Data = JSON.stringify({ type: 'message', data: JSON.parse(body).data });
  await Promise.all(Items.map(({ connectionId }) => api.send(new PostToConnectionCommand({ ConnectionId: connectionId.S, Data }))));
  return { statusCode: 200 };
}
