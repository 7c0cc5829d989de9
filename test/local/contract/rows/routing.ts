import { WebSocket } from 'ws';
import { connect, idOf } from '../conversation';
import { row } from '../row';

describe('the route of a message', () => {
  const routeOf = async (name: string, message: unknown) => JSON.parse(await (await connect(name)).ask(message)).requestContext?.routeKey;

  row('2.4', 'D', 'is what the expression selects, along nested paths and lists, with several variables and literals', async () => {
    expect(await routeOf('selection', { message: { action: 'join', items: [{ kind: 'room' }] } })).toBe('join-room');
  });

  row('2.4', 'D', 'is selected with nothing in place of a path that leads nowhere', async () => {
    expect(await routeOf('selection', { message: { action: 'join' } })).toBe('join-');
  });

  row('2.4', 'D', 'is $default where no key is selected', async () => {
    expect(await routeOf('selection', { message: { action: 'leave' } })).toBe('$default');
  });

  row('2.4', 'D', 'is $default for what is not JSON', async () => {
    expect(await routeOf('selection', 'plain text')).toBe('$default');
  });

  row('2.4', 'D', 'is evaluated once: an expression that a client sends is text', async () => {
    expect(await routeOf('selection', { message: { action: '${request.body.then}', items: [{ kind: 'room' }] }, then: 'join' })).toBe('$default');
  });

  row('2.4', 'D', 'may be the same for all, by a literal', async () => {
    expect(await routeOf('literal', { anything: 1 })).toBe('always');
  });

  row('2.4', 'D', 'may be \\$default for all', async () => {
    expect(await routeOf('default-only', { action: 'x' })).toBe('$default');
  });

  row('2.4', 'D', 'is selected by a list, a boolean or a number as text', async () => {
    expect(await Promise.all([[1, 2], true, 7].map((action) => routeOf('arrays', { action })))).toEqual(['[1, 2]', 'true', '7']);
  });

  row('2.4', 'D', 'is never $connect or $disconnect', async () => {
    expect(await routeOf('main', { action: '$disconnect' })).toBe('$default');
  });

  row('2.4', 'C', 'that does not exist is answered with an error, to the byte', async () => {
    const client = await connect('bare');
    const connectionId = await idOf(client, { action: 'known' });
    const frame = await client.ask({ action: 'unknown' });

    expect(frame.replace(/"requestId":"[^"]{15}="/, '"requestId":"R"')).toBe(`{"message": "Forbidden", "connectionId":"${connectionId}", "requestId":"R"}`);
    expect(client.socket.readyState).toBe(WebSocket.OPEN);
  }, { source: 'https://github.com/aws-samples/simple-websockets-chat-app/issues/24' });

  row('2.4', 'U', 'is $default, or none, for what is only nearly JSON', async () => {
    expect(await (await connect('bare')).ask('{"action":"known", body:"hello"}')).toContain('"message": "Forbidden"');
  });
});
