import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { Client } from './client';
import { serveApp, ServedApp } from './served-app';
import { Authorization, HandshakeValue, Permissions, Route, WebSocketApi } from '../../src';
import { jwksOf, makeKey, tokenOf } from '../shipped/jwt-authorizer/tokens';

// A stand-in for Cognito on this machine: handlers call its API, and it may log users in with a key of its own, or have none.

/** As the SDKs do it: the endpoint that the environment names, and a POST that says in a header what it asks for. */
const LOGIN = `
export const main = async ({ body }) => {
  const answer = await fetch(process.env.AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AWSCognitoIdentityProviderService.GetUser' },
    body: JSON.stringify({ AccessToken: JSON.parse(body).accessToken }),
  });
  return { statusCode: 200, body: (await answer.json()).Username };
};
`;

const key = makeKey('RS256', 'rsa');
let standIn: Server;
let isIssuer: boolean;
let asked: string[];
let served: ServedApp | undefined;

beforeEach(async () => {
  asked = [];
  standIn = createServer((request, response) => {
    asked.push(String(request.headers['x-amz-target'] ?? request.url));
    request.resume();
    if (request.headers['x-amz-target'] === 'AWSCognitoIdentityProviderService.GetUser') {
      response.setHeader('content-type', 'application/x-amz-json-1.1').end('{"Username":"ann","UserAttributes":[]}');
    } else if (isIssuer && request.url?.endsWith('/.well-known/jwks.json')) {
      response.end(JSON.stringify(jwksOf(key)));
    } else {
      response.writeHead(404).end();
    }
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => standIn.once('listening', resolve));
  served = await serveApp({ 'login.mjs': LOGIN }, (stack) => {
    const pool = new UserPool(stack, 'Pool');
    new WebSocketApi(stack, 'Api', {
      authorization: Authorization.cognito(pool, { clients: [pool.addClient('Web')], token: HandshakeValue.subprotocol() }),
      routes: { whoami: Route.toHandler('login.main', { returnResponse: true, permissions: [Permissions.action('cognito-idp:GetUser', '*')] }) },
    });
  }, { env: { AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: `http://127.0.0.1:${(standIn.address() as AddressInfo).port}` } });
});
afterEach(async () => {
  await served?.close();
  standIn.close();
});

const connect = (token: string) => Client.connect(served!.gateway.url, { protocols: ['bearer', token] });
const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());

test('a handler calls the stand-in, and a stand-in that has no keys leaves the tokens of the gateway good', async () => {
  isIssuer = false;
  const token = served!.gateway.token({ sub: 'ann' });
  const client = await connect(token);

  expect(await client.ask({ action: 'whoami', accessToken: token })).toBe('ann');
  expect(asked).toEqual([expect.stringMatching(/jwks\.json$/), 'AWSCognitoIdentityProviderService.GetUser']);
});

test('a stand-in that has keys is who logs users in', async () => {
  isIssuer = true;
  const token = served!.gateway.token({ sub: 'ann' });

  await expect(connect(tokenOf(key, claimsOf(token)))).resolves.toBeDefined();
  await expect(connect(token)).rejects.toMatchObject({ status: 401 });
});
