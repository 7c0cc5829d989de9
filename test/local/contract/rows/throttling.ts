import { Client, Refusal } from '../../client';
import { connect, idOf } from '../conversation';
import { place } from '../place/arrival';
import { row } from '../row';

describe('throttling', () => {
  row('2.9', 'D', 'lets the burst of a route through, then its rate', async () => {
    const client = await connect('throttled');
    const ask = async () => (await client.ask({ action: 'limited', answer: 'ok' })).slice(0, 31);

    expect([await ask(), await ask()]).toEqual(['ok', 'ok']);
    await place.pass(1000);
    expect(await ask()).toBe('ok');
  });

  row('2.9', 'U', 'answers a message beyond the limit with "Too Many Requests", and leaves other routes alone', async () => {
    const client = await connect('throttled');
    await place.pass(3000);
    // All of them before a second is over: then, the rate lets the next through.
    for (let sent = 0; sent < 3; sent++) { client.send({ action: 'limited', answer: 'ok' }); }
    const answers = [await client.next(), await client.next(), await client.next()];

    expect(answers.filter((answer) => answer === 'ok')).toHaveLength(2);
    expect(answers.find((answer) => answer !== 'ok')).toMatch(/^\{"message": "Too Many Requests", "connectionId":"[^"]+", "requestId":"[^"]+"\}$/);
    expect(await client.ask({ action: 'other', answer: 'fine' })).toBe('fine');
  });

  row('2.9', 'C', 'refuses a handshake beyond the limit with 429', async () => {
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => connect('one-at-a-time').catch((refusal) => refusal as Refusal)));

    expect(outcomes.some((outcome) => outcome instanceof Client)).toBe(true);
    expect(outcomes.filter((outcome) => outcome instanceof Refusal).map(({ status }) => status)).toContain(429);
  });
});

describe('the access log', () => {
  row('2.9', 'D', 'has a line for each event, in the format of the stage', async () => {
    const client = await connect('custom', '', { headers: { Authorization: 'yes' } });
    const connectionId = JSON.parse(await client.ask({ throws: 'oops' })).connectionId;
    client.socket.close();
    await client.closed;
    const lines = (await place.accessLog(connectionId, 3)).map((line) => line.trim().replace(/^\S{15}= /, '')).sort();
    const line = (start: string, end: string) => expect.stringMatching(new RegExp(`^${start} ${place.addresses.source.slice(1, -1)} ${end} user-1 - ${connectionId} "-"$`));

    expect(lines).toEqual([
      line('CONNECT \\$connect 200', '-'),
      line('DISCONNECT \\$disconnect 200', '-'),
      line('MESSAGE \\$default 502', 'Internal server error'),
    ]);
  });

  row('2.9', 'U', 'has values escaped as in a JSON text', async () => {
    const id = await idOf(await connect('custom', '', { headers: { 'Authorization': 'yes', 'User-Agent': 'a"b\\c' } }));
    const [line] = await place.accessLog(id, 1);

    expect(line).toContain(` ${id} "a\\"b\\\\c"`);
  });
});
