import { ApiGatewayManagementApiClient, GoneException, PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi';
import type { APIGatewayProxyWebsocketHandlerV2 } from 'aws-lambda';
import { allConnections, removeConnection } from './connections';

const client = new ApiGatewayManagementApiClient({ endpoint: process.env.WEBSOCKET_CALLBACK_URL });

/** `{"action": "sendMessage", "data": "…"}` goes to everybody who is connected. */
export const main: APIGatewayProxyWebsocketHandlerV2 = async ({ body, requestContext }) => {
  const message = JSON.stringify({ from: requestContext.connectionId, data: JSON.parse(body ?? '{}').data });
  for await (const connectionIds of allConnections()) {
    await Promise.all(connectionIds.map((connectionId) => post(connectionId, message).catch((error) => {
      // Whoever cannot be reached does not keep the message from the others.
      console.error(`cannot post to ${connectionId}:`, error);
    })));
  }
  return { statusCode: 200 };
};

async function post(connectionId: string, message: string) {
  try {
    await client.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: message }));
  } catch (error) {
    if (!(error instanceof GoneException)) { throw error; }
    // $disconnect is best effort: a connection may be gone without it.
    await removeConnection(connectionId);
  }
}
