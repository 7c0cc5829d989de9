import { WebSocket } from 'ws';
import { Client } from '../../client';
import { connect, httpOf, idOf, refused, urlOf } from '../conversation';
import { place } from '../place/arrival';
import { row } from '../row';

describe('the handshake', () => {
  row('2.2', 'D', 'waits until the $connect route has answered', async () => {
    const before = Date.now();
    await connect('main', '?sleep=200');

    expect(Date.now() - before).toBeGreaterThanOrEqual(200);
  }, { source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-keys-connect-disconnect.html' });

  row('2.2', 'D', 'needs no $connect route', async () => {
    expect((await connect('bare')).socket.readyState).toBe(WebSocket.OPEN);
  });

  row('2.2', 'C', '2xx of $connect opens the connection', async () => {
    expect((await connect('main', '?status=204')).socket.readyState).toBe(WebSocket.OPEN);
  });

  row('2.2', 'C', '301, 400, 401, 403 or 501 of $connect is the status of the handshake', async () => {
    for (const status of [301, 400, 401, 403, 501]) { expect((await refused('main', `?status=${status}`)).status).toBe(status); }
  });

  row('2.2', 'C', 'an error of $connect is 502', async () => {
    const { status, body } = await refused('main', '?throws=oops');

    expect(status).toBe(502);
    expect(body).toMatch(/^\{"message": "Internal server error", "connectionId":"[^"]+", "requestId":"[^"]+"\}$/);
  });

  row('2.2', 'U', 'a $connect whose function API Gateway may not invoke is 500', async () => {
    expect((await refused('forbidden')).status).toBe(500);
    await place.inGateway(({ last }) => expect(last('connect').reason).toContain('add an `AWS::Lambda::Permission`'));
  });

  row('2.2', 'U', 'a $connect that takes longer than the timeout of its integration is 504', async () => {
    expect((await refused('impatient-connect', '?sleep=5000')).status).toBe(504);
  });

  row('2.2', 'D', 'a $connect whose answer has another format than that of a proxy is 502', async () => {
    expect((await refused('main', '?nothing=1')).status).toBe(502);
    expect((await refused('main', '?extra=1')).status).toBe(502);
  }, { source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-output-format' });

  row('2.2', 'U', 'a refusal never carries the body that $connect returns', async () => {
    expect((await refused('main', '?status=400&text=secret')).body).not.toContain('secret');
  });

  row('2.2', 'D', 'agrees on the subprotocol that $connect returns', async () => {
    expect((await connect('main', '?protocol=chat', { protocols: ['other', 'chat'] })).socket.protocol).toBe('chat');
  }, { source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-connect-route-subprotocol.html' });

  row('2.2', 'D', 'agrees on no subprotocol where $connect returns none', async () => {
    await expect(connect('main', '', { protocols: ['chat'] })).rejects.toThrow('Server sent no subprotocol');
  });

  row('2.2', 'D', 'posting from inside $connect is 410', async () => {
    const client = await connect('main', '?post=1');

    expect(await place.line(await idOf(client), (line) => line.includes('POSTED '))).toMatch(/ GoneException 410$/m);
    expect(client.unread).toEqual([]);
  }, { source: 'https://repost.aws/knowledge-center/410-gone-api-gateway' });

  row('2.2', 'U', 'an unknown stage is 403', async () => {
    const { status, body } = await Client.refusal(urlOf('main').replace(/dev$/, 'nowhere'));

    expect([status, body]).toEqual([403, '{"message":"Forbidden"}']);
  });

  row('2.2', 'U', 'compression is not negotiated', async () => {
    expect((await connect('main', '', { perMessageDeflate: true })).socket.extensions).toBe('');
  });

  row('2.2', 'U', 'a request that wants no WebSocket is 426', async () => {
    expect((await fetch(httpOf('main'))).status).toBe(426);
  });

  row('2.7', 'D', 'a URL of more than 4096 characters is refused', async () => {
    expect((await refused('main', `?a=${'x'.repeat(4096)}`)).status).toBe(414);
  });
});
