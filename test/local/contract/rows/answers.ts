import { FrameLimit } from '../../../../src/local/wire/frame-limit';
import { connect, idOf } from '../conversation';
import { place } from '../place/arrival';
import { row } from '../row';

describe('an answer', () => {
  row('2.5', 'D', 'comes where the route has a response', async () => {
    expect(await (await connect('main')).ask({ answer: 'yes' })).toBe('yes');
  }, { source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-response.html' });

  row('2.5', 'D', 'does not come where the route has none', async () => {
    const client = await connect('main');
    client.send({ action: 'oneWay', answer: 'never' });
    await place.settled();

    expect(await client.ask({ answer: 'after' })).toBe('after');
  });

  row('2.5', 'C', 'comes whatever its status code says', async () => {
    expect(await (await connect('main')).ask({ answer: 'all the same', status: 500 })).toBe('all the same');
  });

  row('2.5', 'C', 'to an error is a frame, to the byte, and the connection stays open', async () => {
    const client = await connect('main');
    const connectionId = await idOf(client);
    const frame = await client.ask({ throws: 'oops' });

    expect(frame.replace(/"requestId":"[^"]{15}="/, '"requestId":"R"')).toBe(`{"message": "Internal server error", "connectionId":"${connectionId}", "requestId":"R"}`);
    expect(await client.ask({ answer: 'still here' })).toBe('still here');
  });

  row('2.5', 'C', 'to an error comes on one-way routes, too', async () => {
    expect(await (await connect('main')).ask({ action: 'oneWay', throws: 'oops' })).toContain('"message": "Internal server error"');
  });

  row('2.5', 'D', 'may come before that to an earlier message: messages are handled at the same time', async () => {
    const client = await connect('main');
    const gate = place.gate();
    client.send({ ...gate.message, answer: 'slow' });
    expect(await client.ask({ answer: 'fast' })).toBe('fast');
    gate.open();

    expect(await client.next()).toBe('slow');
  }, { source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-routes-integrations.html' });

  row('2.5', 'D', 'to a body that the model of the route refuses is "Bad request body", to the byte', async () => {
    const client = await connect('strict');
    const { routeKey, connectionId } = JSON.parse(await client.ask({ action: 'order', item: 1 })).requestContext;

    expect(routeKey).toBe('order');
    expect((await client.ask({ action: 'order' })).replace(/"messageId": "[^"]{15}="/, '"messageId": "M"'))
      .toBe(`{"message" : "Bad request body", "connectionId": "${connectionId}", "messageId": "M"}`);
  });

  row('2.5', 'U', 'to a function that ran out of time is an internal error', async () => {
    expect(await (await connect('slow')).ask({ action: 'slow', sleep: 5000 })).toContain('"message": "Internal server error"');
  });

  row('2.5', 'D', 'of another format than that of a proxy is an internal error, on one-way routes, too', async () => {
    const malformed = ['nonsense', { body: 'x' }, { statusCode: 'soon' }, { statusCode: 200, Data: 'x', ConnectionId: 'y' }, { statusCode: 200, body: { a: 1 } }, { statusCode: 200, headers: 'x' }];
    const client = await connect('main');

    for (const action of ['two-way', 'oneWay']) {
      for (const returns of malformed) { expect(await client.ask({ action, returns })).toContain('"message": "Internal server error"'); }
      expect(await client.ask({ action, nothing: true })).toContain('"message": "Internal server error"');
    }
    await place.inGateway(({ last }) => expect(last('answer').reason).toBe('the function returned `null`, which has no `statusCode`: return an object with `statusCode`, such as 200'));
  }, { source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-output-format' });

  row('2.5', 'C', 'without a body is an empty frame', async () => {
    const client = await connect('main');

    expect(await client.ask({ returns: { statusCode: 200 } })).toBe('');
    expect(await client.ask({ returns: { statusCode: 200, body: null } })).toBe('');
    expect(await client.ask({ answer: 'next' })).toBe('next');
  }, { source: 'https://github.com/serverless/serverless/issues/6816' });

  row('2.5', 'U', 'whose body is a number or a boolean is that as text', async () => {
    expect(await (await connect('main')).ask({ returns: { statusCode: '200', body: 7 } })).toBe('7');
  });

  row('2.7', 'D', 'is waited for as long as the timeout of the integration says', async () => {
    expect(await (await connect('impatient')).ask({ sleep: 5000, answer: 'late' })).toMatch(/^\{"message": "[^"]+", "connectionId":/);
  });

  row('2.5', 'U', 'that the integration did not wait for is "Endpoint request timed out"', async () => {
    expect(await (await connect('impatient')).ask({ sleep: 5000 })).toContain('"message": "Endpoint request timed out"');
  });

  row('2.7', 'D', 'has at most 128 KB, in frames of 32 KB', async () => {
    const client = await connect('main');
    const frames = new FrameLimit();
    const accepted: boolean[] = [];
    (client.socket as any)._socket.prependListener('data', (chunk: Buffer) => accepted.push(frames.accepts(chunk)));

    expect(await client.ask({ bytes: 128 * 1024 })).toHaveLength(128 * 1024);
    expect(accepted).not.toContain(false);
    expect(await client.ask({ bytes: 128 * 1024 + 1 })).toContain('"message": "Internal server error"');
  });
});
