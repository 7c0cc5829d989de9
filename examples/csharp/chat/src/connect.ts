import type { APIGatewayProxyWebsocketHandlerV2 } from 'aws-lambda';
import { addConnection } from './connections';

export const main: APIGatewayProxyWebsocketHandlerV2 = async ({ requestContext }) => {
  await addConnection(requestContext.connectionId);
  return { statusCode: 200 };
};
