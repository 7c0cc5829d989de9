import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { Authorization, Client, Route, serve, WebSocketApi } from '../served.mjs';

const require = createRequire(import.meta.url);
const { UserPool } = require('aws-cdk-lib/aws-cognito');
const { HandshakeValue } = require('../../../lib');

// The shape of AWS's sample for Cognito: a token in the query string, an authorizer that reads the pool and the client from its
// environment, and handlers that build the endpoint from the event. The sample's check of the token's signature is left out.
const AUTHORIZER = `
  export const main = async ({ queryStringParameters: { idToken }, methodArn }) => {
    const claims = JSON.parse(Buffer.from(idToken.split('.')[1], 'base64url'));
    const { REGION, USER_POOL_ID, CLIENT_ID } = process.env;
    const Effect = claims.iss === 'https://cognito-idp.' + REGION + '.amazonaws.com/' + USER_POOL_ID && claims.aud === CLIENT_ID ? 'Allow' : 'Deny';
    return {
      principalId: claims.sub,
      policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect, Resource: methodArn }] },
      context: { email: claims.email },
    };
  };
`;
const MESSAGE = `
  import { ApiGatewayManagementApi } from '@aws-sdk/client-apigatewaymanagementapi';

  export const main = async ({ requestContext: { domainName, stage, connectionId, authorizer } }) => {
    const api = new ApiGatewayManagementApi({ endpoint: \`https://\${domainName}/\${stage}\` });
    await api.postToConnection({ ConnectionId: connectionId, Data: authorizer.principalId + ' ' + authorizer.email });
    return { statusCode: 200 };
  };
`;

function token(claims) {
  return ['header', Buffer.from(JSON.stringify(claims)).toString('base64url'), 'signature'].join('.');
}

test('an API behind Cognito lets the users of the real pool in, which the env file names', async (t) => {
  const { url } = await serve(t, { 'authorize.mjs': AUTHORIZER, 'message.mjs': MESSAGE, 'connect.mjs': 'export const main = async () => ({ statusCode: 200 });' }, (stack) => {
    const pool = new UserPool(stack, 'Pool');
    const { userPoolClientId } = pool.addClient('Client');
    new WebSocketApi(stack, 'Api', {
      routes: { $connect: Route.toHandler('connect.main'), $default: Route.toHandler('message.main') },
      authorization: Authorization.fromHandler('authorize.main', {
        identitySource: [HandshakeValue.queryString('idToken')],
        environment: { REGION: stack.region, USER_POOL_ID: pool.userPoolId, CLIENT_ID: userPoolClientId },
      }),
    });
  }, { env: { USER_POOL_ID: 'eu-west-1_REAL', CLIENT_ID: 'client' } });
  const iss = 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_REAL';
  const client = await Client.connect(t, `${url}?idToken=${token({ iss, aud: 'client', sub: 'jane', email: 'jane@example.com' })}`);

  assert.equal(await client.ask('who am I?'), 'jane jane@example.com');
  await assert.rejects(Client.connect(t, `${url}?idToken=${token({ iss: `${iss}X`, aud: 'client', sub: 'joe' })}`), /refused with 403/);
  await assert.rejects(Client.connect(t, url), /refused with 401/);
});
