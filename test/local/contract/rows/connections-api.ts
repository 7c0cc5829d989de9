import { GetConnectionCommand, PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi';
import { connect, httpOf, idOf, management } from '../conversation';
import { place } from '../place/arrival';
import { Credentials } from '../place/place';
import { signedFetch } from '../place/signing';
import { row } from '../row';

const post = async (id: string, data: string, credentials?: Credentials) => (await management('main', credentials)).send(new PostToConnectionCommand({ ConnectionId: id, Data: data }));
const addressOf = (id: string) => `${httpOf('main')}/%40connections/${encodeURIComponent(id)}`;
const refusedWith = (httpStatusCode: number, more: object = {}) => ({ $metadata: { httpStatusCode }, ...more });

describe('@connections', () => {
  row('2.8', 'D', 'posts to a connection: 200, empty', async () => {
    const client = await connect('main');
    const id = await idOf(client);
    const response = await signedFetch(addressOf(id), { method: 'POST', body: 'hello', region: place.region, credentials: await place.credentials() });

    expect(await client.next()).toBe('hello');
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect([...response.headers.keys()]).toEqual(expect.arrayContaining(['x-amzn-requestid', 'x-amz-apigw-id']));
    expect(response.headers.get('content-type')).toBe('application/json');
  });

  row('2.8', 'D', 'works from a handler with the SDK over TLS, by the URL in its environment', async () => {
    const client = await connect('main');
    const answers = [await client.ask({ action: 'post', data: 'to myself' }), await client.next()];

    expect(answers.sort()).toEqual(['posted 200 ', 'to myself']);
  });

  row('2.8', 'D', 'works from a handler by domainName and stage, as AWS documents it', async () => {
    const client = await connect('main');
    const answers = [await client.ask({ action: 'post', data: 'to myself', from: 'context' }), await client.next()];

    expect(answers.sort()).toEqual(['posted 200 ', 'to myself']);
  });

  row('2.8', 'C', 'tells of a connection: 200', async () => {
    const id = await idOf(await connect('main', '', { headers: { 'User-Agent': 'tests' } }));
    const { ConnectedAt, LastActiveAt, Identity, $metadata } = await (await management('main')).send(new GetConnectionCommand({ ConnectionId: id }));

    expect($metadata.httpStatusCode).toBe(200);
    expect([ConnectedAt, LastActiveAt].every((date) => date instanceof Date)).toBe(true);
    expect(Identity).toMatchObject({ UserAgent: 'tests' });
  });

  row('2.8', 'C', 'is 410, and empty, for a connection that is gone', async () => {
    const client = await connect('main');
    const id = await idOf(client);
    client.socket.close();
    await client.closed;
    await place.settled();

    await expect(post(id, 'x')).rejects.toMatchObject(refusedWith(410, { name: 'GoneException' }));
  });

  row('2.8', 'C', 'is 400 for what is no connection id', async () => {
    await expect(post('nonsense', 'x')).rejects.toMatchObject(refusedWith(400, { name: 'BadRequestException', message: 'Invalid connectionId: nonsense' }));
  });

  row('2.7', 'D', 'takes 128 KB: more is 413', async () => {
    const client = await connect('main');
    const id = await idOf(client);
    await post(id, 'x'.repeat(128 * 1024));

    expect(await client.next()).toHaveLength(128 * 1024);
    await expect(post(id, 'x'.repeat(128 * 1024 + 1))).rejects.toMatchObject(refusedWith(413, { name: 'PayloadTooLargeException' }));
  });

  row('2.8', 'D', 'is 403 without a signature, with a wrong one, and with the keys of nobody', async () => {
    const id = await idOf(await connect('main'));
    const unsigned = await fetch(addressOf(id), { method: 'POST', body: 'x' });
    const wrong = { ...await place.credentials(), secretAccessKey: 'wrong' };
    const nobody = { accessKeyId: 'AKIANOBODY', secretAccessKey: 'x', sessionToken: 'y' };

    expect(unsigned.status).toBe(403);
    for (const credentials of [wrong, nobody]) { await expect(post(id, 'x', credentials)).rejects.toMatchObject(refusedWith(403)); }
  });

  row('2.8', 'C', 'is 403 for a signature that is more than 5 minutes off', async () => {
    const id = await idOf(await connect('main'));
    const credentials = await place.credentials();
    const statusAfter = async (minutes: number) => (
      (await signedFetch(addressOf(id), { region: place.region, credentials, at: Date.now() + minutes * 60_000 })).status
    );

    expect([await statusAfter(-6), await statusAfter(6)]).toEqual([403, 403]);
    expect([await statusAfter(-4), await statusAfter(4)]).toEqual([200, 200]);
  }, { source: 'https://github.com/aws-amplify/amplify-js/issues/2014' });

  row('2.8', 'D', 'is 403 for a function whose role lacks ManageConnections', async () => {
    const answer = await (await connect('mute')).ask({ action: 'post', data: 'x' });

    expect(answer).toMatch(/^(ForbiddenException|AccessDeniedException|Forbidden\w*) 403 /);
    await place.inGateway(({ last }) => expect(last('connections-api')).toMatchObject({ status: 403, reason: expect.stringContaining('grantManageConnections()') }));
  });

  row('2.8', 'D', 'is 403 at a stage that there is not, and 410 at another API', async () => {
    const posting = new PostToConnectionCommand({ ConnectionId: await idOf(await connect('main')), Data: 'x' });

    await expect((await management('bare')).send(posting)).rejects.toMatchObject(refusedWith(410));
    await expect((await management('main', undefined, httpOf('main').replace(/dev$/, 'nowhere'))).send(posting)).rejects.toMatchObject(refusedWith(403));
  });

  row('2.8', 'D', 'is 429 for a client that does not read what was posted before', async () => {
    const client = await connect('main');
    const id = await idOf(client);
    client.socket.pause();
    let error: any;
    for (let posts = 0; posts < 200 && !error; posts++) { await post(id, 'x'.repeat(128 * 1024)).catch((caught) => error = caught); }

    expect(error).toMatchObject(refusedWith(429, { name: 'LimitExceededException' }));
  });
});
