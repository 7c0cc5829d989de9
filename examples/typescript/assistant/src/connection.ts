import { ApiGatewayManagementApiClient, GoneException, PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi';
import type { Frame } from './frames';

const client = new ApiGatewayManagementApiClient({ endpoint: process.env.WEBSOCKET_CALLBACK_URL });

export class ClientHasLeft extends Error {}

/** @throws ClientHasLeft */
export async function post(connectionId: string, frame: Frame): Promise<void> {
  try {
    await client.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: JSON.stringify(frame) }));
  } catch (error) {
    throw error instanceof GoneException ? new ClientHasLeft() : error;
  }
}
