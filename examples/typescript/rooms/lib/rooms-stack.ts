import { Stack, type StackProps } from 'aws-cdk-lib';
import { Authorization, ConnectionTable, GroupName, HandshakeValue, Route, WebSocketApi } from 'cdk-websocket-api';
import type { Construct } from 'constructs';

export interface RoomsProps extends StackProps {
  /** Whose tokens let a client in, and for whom they have to be. */
  readonly issuer: string;
  readonly audience: string;
  /** The issuer's public keys, if they are not to be fetched from it. */
  readonly jwks?: { [key: string]: unknown };
}

/** Rooms that everybody with a token may enter, and who is in them. There is no code of a handler. */
export class RoomsStack extends Stack {
  constructor(scope: Construct, id: string, { issuer, audience, jwks, ...props }: RoomsProps) {
    super(scope, id, props);
    const room = GroupName.fromMessage('$.room', { prefix: 'room:' });
    new WebSocketApi(this, 'Api', {
      authorization: Authorization.jwt({ issuer, audience: [audience], jwks }),
      connections: ConnectionTable.create({ user: HandshakeValue.authorizer('sub') }),
      routes: {
        'join': Route.joinGroup(room, { announce: true, returnResponse: true }),
        'leave': Route.leaveGroup(room, { returnResponse: true }),
        'say': Route.sendToGroup(room),
        'who': Route.listGroup(room, { returnResponse: true }),
        'tell': Route.sendToUser('$.to'),
      },
    });
  }
}
