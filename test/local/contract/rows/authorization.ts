import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import { Client } from '../../client';
import { KEY } from '../app/keys';
import { authorizerEventOf, connect, eventOf, httpOf, idOf, refused, urlOf } from '../conversation';
import { place } from '../place/arrival';
import { Credentials } from '../place/place';
import { presigned, signedHeaders } from '../place/signing';
import { row } from '../row';

const authorized = (token: string) => ({ headers: { Authorization: token } });
const authorizerLines = async (id: string) => (await place.lines(id)).filter((line) => line.includes('"methodArn"'));

describe('a Lambda authorizer', () => {
  row('2.3', 'D', 'is not called where its identity source is missing: 401', async () => {
    const mark = randomUUID();

    expect((await refused('custom', `?mark=${mark}`)).status).toBe(401);
    expect(await place.lines(mark)).toEqual([]);
  });

  row('2.3', 'U', 'needs all of its identity sources', async () => {
    expect((await refused('query', '?token=a')).status).toBe(401);
    expect((await refused('query', '', { headers: { 'X-Tenant': 't' } })).status).toBe(401);
    expect((await connect('query', '?token=a', { headers: { 'x-tenant': 't' } })).socket.readyState).toBe(WebSocket.OPEN);
  });

  row('2.3', 'D', 'may have stage variables and the context as identity sources', async () => {
    expect((await connect('sources', '', { headers: { 'User-Agent': 'tests', 'Authorization': 'yes' } })).socket.readyState).toBe(WebSocket.OPEN);
    expect((await refused('sources', '', authorized('yes'))).status).toBe(401);
  });

  row('2.3', 'D', 'that denies is 403', async () => {
    expect((await refused('custom', '', authorized('deny'))).status).toBe(403);
  });

  row('2.3', 'D', 'that throws "Unauthorized" is 401', async () => {
    expect((await refused('custom', '', authorized('unauthorized'))).status).toBe(401);
  });

  row('2.3', 'D', 'that throws anything else is 500', async () => {
    expect((await refused('custom', '', authorized('broken'))).status).toBe(500);
  });

  row('2.3', 'D', 'that returns no policy is 500', async () => {
    expect((await refused('custom', '', authorized('nonsense'))).status).toBe(500);
  });

  row('2.3', 'D', 'may return text, numbers and booleans as its context, and nothing else', async () => {
    expect((await refused('custom', '', authorized('nested'))).status).toBe(500);
  });

  row('2.3', 'D', 'may have conditions in its policy: on the address, the client, the referring page, the time, and on TLS, which AWS always has', async () => {
    const headers = { 'Authorization': 'conditional', 'User-Agent': 'tests', 'Referer': 'https://example.com/page' };

    expect((await connect('custom', '', { headers })).socket.readyState).toBe(WebSocket.OPEN);
    expect((await refused('custom', '', { headers: { ...headers, 'User-Agent': 'others' } })).status).toBe(403);
    expect((await refused('custom', '', { headers: { ...headers, Referer: 'https://example.org/page' } })).status).toBe(403);
  }, { source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policy-aws-condition-keys.html' });

  row('2.7', 'D', 'may return 8 KB: more is 500', async () => {
    expect((await refused('custom', '', authorized('large'))).status).toBe(500);
  });

  row('2.3', 'D', 'is given the ARN of the $connect route, headers and query', async () => {
    const id = await idOf(await connect('custom', '?q=1', authorized('yes')));
    const event = await authorizerEventOf(id);

    expect(event).toMatchObject({
      type: 'REQUEST',
      methodArn: `arn:aws:execute-api:${place.region}:${place.account}:${place.api('custom').id}/custom/$connect`,
      headers: { Authorization: 'yes' },
      queryStringParameters: { q: '1' },
      requestContext: { routeKey: '$connect', eventType: 'CONNECT', connectionId: id },
    });
    expect(event).not.toHaveProperty('pathParameters');
  });

  row('2.3', 'D', 'sees the headers of the upgrade, which $connect does not', async () => {
    const id = await idOf(await connect('custom', '', authorized('yes')));
    const event = await authorizerEventOf(id);

    expect(event.headers).toMatchObject({ 'Connection': 'Upgrade', 'Upgrade': 'websocket', 'content-length': '0' });
    expect(event.multiValueHeaders).toMatchObject({ 'Connection': ['Upgrade'], 'Upgrade': ['websocket'], 'content-length': ['0'] });
    expect(Object.keys((await eventOf(id, 'CONNECT')).headers)).not.toEqual(expect.arrayContaining([expect.stringMatching(/^(connection|upgrade|content-length)$/i)]));
  }, { source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-lambda-auth.html' });

  row('2.3', 'D', 'gives its context, as text, and its principalId to every later event', async () => {
    const client = await connect('custom', '', authorized('yes'));
    const message = JSON.parse(await client.ask('{}')).requestContext;
    client.socket.close();
    await client.closed;
    const events = [await eventOf(message.connectionId, 'CONNECT'), { requestContext: message }, await eventOf(message.connectionId, 'DISCONNECT')];

    for (const { requestContext } of events) {
      expect(requestContext.authorizer).toEqual({ name: 'Ann', age: '42', admin: 'true', team: null, principalId: 'user-1', integrationLatency: expect.any(Number) });
    }
  }, { source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html' });

  row('2.3', 'D', 'is called when a client connects, and not for messages', async () => {
    const client = await connect('custom', '', authorized('yes'));
    const id = await idOf(client);
    await client.ask('{}');

    expect(await authorizerLines(id)).toHaveLength(1);
  });

  row('2.3', 'U', 'is called whenever a client connects: its answers are not kept', async () => {
    const ids = await Promise.all([1, 2].map(async () => idOf(await connect('custom', '', authorized('yes')))));

    for (const id of ids) { expect(await authorizerLines(id)).toHaveLength(1); }
  });
});

describe('IAM authorization', () => {
  const signed = async (credentials: Credentials, region = place.region) => ({ headers: await signedHeaders(httpOf('iam'), { region, credentials }) });
  const presign = (credentials: Credentials) => presigned(urlOf('iam'), { region: place.region, credentials });

  row('2.3', 'D', 'lets a signed handshake in whose role may invoke $connect', async () => {
    const client = await connect('iam', '', await signed(await place.credentialsOf('Allowed')));

    expect(JSON.parse(await client.ask('{}')).requestContext.identity).toMatchObject({ userArn: expect.stringContaining('Allowed'), accountId: place.account });
  });

  row('2.3', 'D', 'lets a presigned URL in, as browsers need it', async () => {
    expect((await Client.connect(await presign(await place.credentialsOf('Allowed')))).socket.readyState).toBe(WebSocket.OPEN);
  });

  row('2.3', 'D', 'refuses a role that may not: 403', async () => {
    const other = await place.credentialsOf('Other');

    expect((await refused('iam', '', await signed(other))).status).toBe(403);
    expect((await Client.refusal(await presign(other))).status).toBe(403);
  });

  row('2.3', 'D', 'refuses who signs with nothing, with another key, or for another region: 403', async () => {
    const credentials = await place.credentialsOf('Allowed');
    const wrong = [
      {},
      await signed({ ...credentials, secretAccessKey: 'wrong' }),
      await signed(credentials, 'us-east-1' === place.region ? 'eu-west-1' : 'us-east-1'),
      await signed({ accessKeyId: 'AKIANOBODY', secretAccessKey: 'x', sessionToken: 'y' }),
    ];

    expect(await Promise.all(wrong.map(async (options) => (await refused('iam', '', options)).status))).toEqual([403, 403, 403, 403]);
  });

  row('2.3', 'C', 'is not asked again for messages', async () => {
    const client = await connect('iam', '', await signed(await place.credentialsOf('Allowed')));

    expect(JSON.parse(await client.ask('{}')).requestContext.routeKey).toBe('$default');
  });
});

describe('an API key', () => {
  row('2.3', 'D', 'of the usage plan of the stage opens it', async () => {
    expect((await connect('keys', '', { headers: { 'x-api-key': KEY } })).socket.readyState).toBe(WebSocket.OPEN);
  });

  row('2.3', 'D', 'may come from the authorizer, as its usageIdentifierKey', async () => {
    expect((await connect('key-of-authorizer', '', authorized('key'))).socket.readyState).toBe(WebSocket.OPEN);
    expect((await refused('key-of-authorizer', '', authorized('yes'))).status).toBe(403);
  });

  row('2.3', 'U', 'that is missing or wrong is 403', async () => {
    expect((await refused('keys')).status).toBe(403);
    expect((await refused('keys', '', { headers: { 'x-api-key': 'another' } })).status).toBe(403);
  });
});
