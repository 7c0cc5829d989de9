import { App } from 'aws-cdk-lib';
import { type LocalGateway, startLocalGateway } from 'cdk-websocket-api/local';
import { RoomsStack } from '../lib/rooms-stack';
import { LOCAL_AUDIENCE, LOCAL_ISSUER, localKeys } from '../login/keys';

/** The app as it would be deployed, on this machine. The gateway starts a DynamoDB for its table: dynalite, of this app. */
export function serveRooms(): Promise<LocalGateway> {
  const app = new App();
  new RoomsStack(app, 'Rooms', { issuer: LOCAL_ISSUER, audience: LOCAL_AUDIENCE, jwks: localKeys().jwks });
  return startLocalGateway({ app });
}
