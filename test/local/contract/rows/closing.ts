import { DeleteConnectionCommand, PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi';
import { WebSocket } from 'ws';
import { connect, eventOf, idOf, management } from '../conversation';
import { place } from '../place/arrival';
import { row } from '../row';

const MINUTE = 60_000;

describe('a connection is closed', () => {
  row('2.6', 'D', 'with 1001 after ten minutes without a message', async () => {
    const client = await connect('main');
    const id = await idOf(client);
    await place.pass(10 * MINUTE - place.momentMillis);
    expect(client.socket.readyState).toBe(WebSocket.OPEN);
    await place.pass(place.momentMillis);

    expect(await client.closed).toEqual({ code: 1001, reason: 'Going away' });
    expect((await eventOf(id, 'DISCONNECT')).requestContext).toMatchObject({ disconnectStatusCode: 1001, disconnectReason: 'Going away' });
  }, { minutes: 10 });

  row('2.6', 'D', 'later where messages come or go: each starts the ten minutes anew', async () => {
    const client = await connect('main');
    const id = await idOf(client);
    await place.pass(9 * MINUTE);
    await client.ask('{}');
    await place.pass(9 * MINUTE);
    await (await management('main')).send(new PostToConnectionCommand({ ConnectionId: id, Data: 'here' }));
    await place.pass(9 * MINUTE);

    expect(client.socket.readyState).toBe(WebSocket.OPEN);
  }, { minutes: 27 });

  row('2.6', 'U', 'after ten minutes of nothing but pings, too: they are no messages', async () => {
    const client = await connect('main');
    await place.pass(9 * MINUTE);
    const pong = new Promise((resolve) => client.socket.once('pong', resolve));
    client.socket.ping();
    await pong;
    await place.pass(MINUTE);

    expect((await client.closed).code).toBe(1001);
  }, { minutes: 10 });

  row('2.6', 'D', 'with 1001 after two hours, however busy', async () => {
    const client = await connect('main');
    for (let minutes = 0; minutes < 115; minutes += 5) {
      await place.pass(5 * MINUTE);
      await client.ask('{}');
    }
    await place.pass(5 * MINUTE);

    expect(await client.closed).toEqual({ code: 1001, reason: 'Going away' });
  }, { minutes: 120 });

  row('2.6', 'D', 'with 1003 for a binary frame', async () => {
    const client = await connect('main');
    client.socket.send(Buffer.from('{}'), { binary: true });

    expect((await client.closed).code).toBe(1003);
  });

  row('2.7', 'D', 'with 1009 for a frame of more than 32 KB', async () => {
    const client = await connect('main');
    expect(await client.ask(JSON.stringify({ answer: 'ok' }).padEnd(32 * 1024))).toBe('ok');
    client.send('x'.repeat(32 * 1024 + 1));

    expect((await client.closed).code).toBe(1009);
  });

  row('2.7', 'D', 'with 1009 for a message of more than 128 KB, in whatever frames', async () => {
    const client = await connect('main');
    const send = (frames: number) => Array.from({ length: frames }).forEach((_, index) => client.socket.send((index === 0 ? '{"answer":"ok"}' : '').padEnd(16 * 1024), { fin: index === frames - 1 }));
    send(8);
    expect(await client.next()).toBe('ok');
    send(9);

    expect((await client.closed).code).toBe(1009);
  });

  row('2.6', 'C', 'by a client without a code: $disconnect is told 1005', async () => {
    const client = await connect('main');
    const id = await idOf(client);
    client.socket.close();
    await client.closed;

    expect((await eventOf(id, 'DISCONNECT')).requestContext).toMatchObject({ disconnectStatusCode: 1005, disconnectReason: 'Client-side close frame status not set' });
  });

  row('2.6', 'D', 'by a client that goes without a word: $disconnect is told 1006', async () => {
    const client = await connect('main');
    const id = await idOf(client);
    client.socket.terminate();
    await client.closed;

    expect((await eventOf(id, 'DISCONNECT')).requestContext.disconnectStatusCode).toBe(1006);
  });

  row('2.6', 'C', 'by DELETE: the client and $disconnect are told 1000', async () => {
    const client = await connect('main');
    const id = await idOf(client);
    const { $metadata } = await (await management('main')).send(new DeleteConnectionCommand({ ConnectionId: id }));

    expect($metadata.httpStatusCode).toBe(204);
    expect((await client.closed).code).toBe(1000);
    expect((await eventOf(id, 'DISCONNECT')).requestContext).toMatchObject({ disconnectStatusCode: 1000, disconnectReason: 'Connection Closed Normally' });
  }, { source: 'https://github.com/boto/boto3/issues/3789' });

  row('2.6', 'U', 'with 1002 for bytes that are no frame', async () => {
    const client = await connect('main');
    (client.socket as any)._socket.write(Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff]));

    expect((await client.closed).code).toBe(1002);
    expect(await (await connect('main')).ask({ answer: 'fine' })).toBe('fine');
  });
});
