import { Client } from '../../client';
import { connect, eventOf, httpOf, idOf } from '../conversation';
import { place } from '../place/arrival';
import { row } from '../row';

const contextOf = async (client: Client) => JSON.parse(await client.ask('{}')).requestContext;

describe('events', () => {
  row('2.1', 'C', '$connect has the headers as the client wrote them, and what API Gateway adds', async () => {
    const client = await connect('main', '?a=1&a=2&b=%20', { headers: { 'X-Custom-Header': 'Value' } });
    const { headers, multiValueHeaders, queryStringParameters, multiValueQueryStringParameters, body, isBase64Encoded } = await eventOf(await idOf(client), 'CONNECT');
    const { protocol, port } = new URL(httpOf('main'));

    expect(headers).toMatchObject({ 'X-Custom-Header': 'Value', 'Sec-WebSocket-Version': '13', 'X-Forwarded-Port': port || '443', 'X-Forwarded-Proto': protocol.slice(0, -1) });
    expect(Object.keys(headers)).toEqual(expect.arrayContaining(['Host', 'Sec-WebSocket-Key', 'X-Amzn-Trace-Id', 'X-Forwarded-For']));
    expect(Object.keys(headers).filter((name) => /^(connection|upgrade)$/i.test(name))).toEqual([]);
    expect(multiValueHeaders['X-Custom-Header']).toEqual(['Value']);
    expect({ queryStringParameters, multiValueQueryStringParameters, body, isBase64Encoded })
      .toEqual({ queryStringParameters: { a: '2', b: ' ' }, multiValueQueryStringParameters: { a: ['1', '2'], b: [' '] }, body: undefined, isBase64Encoded: false });
  });

  row('2.1', 'C', '$connect without a query has no queryStringParameters', async () => {
    const event = await eventOf(await idOf(await connect('main')), 'CONNECT');

    expect(Object.keys(event)).toEqual(['headers', 'multiValueHeaders', 'requestContext', 'stageVariables', 'isBase64Encoded']);
  });

  row('2.1', 'C', 'a message has its body and no headers', async () => {
    const event = JSON.parse(await (await connect('main')).ask('{"hello":1}'));

    expect(Object.keys(event)).toEqual(['requestContext', 'stageVariables', 'body', 'isBase64Encoded']);
    expect(event).toMatchObject({ body: '{"hello":1}', isBase64Encoded: false });
  });

  row('2.1', 'C', 'requestContext has its fields in the order of AWS', async () => {
    const requestContext = await contextOf(await connect('main', '', { headers: { 'User-Agent': 'tests' } }));

    expect(Object.keys(requestContext)).toEqual([
      'routeKey', 'messageId', 'eventType', 'extendedRequestId', 'requestTime', 'messageDirection', 'stage', 'connectedAt', 'requestTimeEpoch', 'identity',
      'requestId', 'domainName', 'connectionId', 'apiId',
    ]);
    expect(requestContext).toMatchObject({ routeKey: '$default', eventType: 'MESSAGE', messageDirection: 'IN', stage: 'dev', apiId: place.api('main').id });
    expect(requestContext.requestTime).toMatch(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/);
    expect(requestContext.identity).toEqual({ userAgent: 'tests', sourceIp: expect.stringMatching(place.addresses) });
  });

  row('2.1', 'C', 'requestId is extendedRequestId, ids end with `=`, and messageId ends as connectionId does', async () => {
    const { requestId, extendedRequestId, messageId, connectionId } = await contextOf(await connect('main'));

    expect(requestId).toBe(extendedRequestId);
    expect([requestId, messageId, connectionId].every((id) => /^.{15}=$/.test(id))).toBe(true);
    expect(messageId.slice(-7)).toBe(connectionId.slice(-7));
  });

  row('2.1', 'C', 'identity has no userAgent where the client sent none', async () => {
    expect(Object.keys((await contextOf(await connect('main'))).identity)).toEqual(['sourceIp']);
  });

  row('2.1', 'C', '$disconnect has a code, a reason, the header Host and three empty ones', async () => {
    const client = await connect('main');
    const id = await idOf(client);
    client.socket.close(4000, 'enough');
    await client.closed;
    const event = await eventOf(id, 'DISCONNECT');

    expect(event.headers).toEqual({ 'Host': event.requestContext.domainName, 'x-api-key': '', 'X-Forwarded-For': '', 'x-restapi': '' });
    expect(event.multiValueHeaders['x-api-key']).toEqual(['']);
    expect(Object.keys(event.requestContext)).toEqual([
      'routeKey', 'disconnectStatusCode', 'eventType', 'extendedRequestId', 'requestTime', 'messageDirection', 'disconnectReason', 'stage', 'connectedAt',
      'requestTimeEpoch', 'identity', 'requestId', 'domainName', 'connectionId', 'apiId',
    ]);
    expect(event.requestContext).toMatchObject({ routeKey: '$disconnect', disconnectStatusCode: 4000, disconnectReason: 'enough' });
  });

  row('2.1', 'D', 'stageVariables are there where the stage has some', async () => {
    const [withSome, without] = await Promise.all(['main', 'throttled'].map(async (name) => JSON.parse(await (await connect(name)).ask('{}'))));

    expect(withSome.stageVariables).toEqual({ colour: 'blue' });
    expect(without).not.toHaveProperty('stageVariables');
  });
});
