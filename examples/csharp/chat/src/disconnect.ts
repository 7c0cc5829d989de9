import type { APIGatewayProxyWebsocketHandlerV2 } from 'aws-lambda';
import { removeConnection } from './connections';

export const main: APIGatewayProxyWebsocketHandlerV2 = async ({ requestContext }) => {
  await removeConnection(requestContext.connectionId);
  return { statusCode: 200 };
};
