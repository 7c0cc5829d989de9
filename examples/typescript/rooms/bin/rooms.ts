import { App } from 'aws-cdk-lib';
import { RoomsStack } from '../lib/rooms-stack';
import { LOCAL_AUDIENCE, LOCAL_ISSUER, localKeys } from '../login/keys';

const app = new App();
const { ISSUER, AUDIENCE } = process.env;
new RoomsStack(app, 'Rooms', ISSUER && AUDIENCE
  ? { issuer: ISSUER, audience: AUDIENCE }
  // Without a login of your own, tokens of the one in `login` are taken: for this machine.
  : { issuer: LOCAL_ISSUER, audience: LOCAL_AUDIENCE, jwks: localKeys().jwks });
