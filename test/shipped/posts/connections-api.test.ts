import { createServer, IncomingMessage } from 'node:http';
import { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { connectionsApi } from '../../../src/shipped/posts/connections-api';
import { CREDENTIALS, oracle } from '../../signature/aws-signer';

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

const seen: Seen[] = [];
const server = createServer((request, response) => {
  void buffer(request).then((body) => {
    seen.push({ method: request.method!, url: request.url!, headers: request.headers, body: body.toString() });
    response.end();
  });
});
const apiAt = (path: string) => connectionsApi({
  callbackUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, region: 'eu-west-1', credentials: CREDENTIALS, sockets: 2,
});

beforeAll(async () => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

beforeEach(() => { seen.length = 0; });

/** What AWS's own code would have signed of a request that came. */
async function theirs({ method, url, headers, body }: Seen): Promise<string> {
  const date = headers['x-amz-date'] as string;
  const signingDate = new Date(date.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  const request = { method, protocol: 'http:', hostname: '127.0.0.1', path: url, query: {}, headers: { host: headers.host! }, body };
  return (await oracle({ applyChecksum: false }).sign(request, { signingDate })).headers.authorization;
}

test.each([
  ['a stage', '/dev'],
  ['a stage with a slash at the end', '/dev/'],
  ['a domain of its own', '/'],
])('a post to %s is signed as AWS\'s own code does, and has the data', async (_, path) => {
  expect(await apiAt(path).post('Zm9v+/=', Buffer.from('grüße'))).toBe(200);
  expect(seen).toMatchObject([{ method: 'POST', body: 'grüße' }]);
  expect(seen[0].headers.authorization).toBe(await theirs(seen[0]));
});

test('two posts of different data have signatures of their own', async () => {
  const api = apiAt('/dev');
  await Promise.all(['one', 'two', 'one'].map((text) => api.post('abc=', Buffer.from(text))));
  expect(seen.map(({ body }) => body).sort()).toEqual(['one', 'one', 'two']);
  for (const request of seen) { expect(request.headers.authorization).toBe(await theirs(request)); }
});

test('a connection is closed with a request that is signed too', async () => {
  await apiAt('/dev').close('abc=');
  expect(seen).toMatchObject([{ method: 'DELETE', url: '/dev/@connections/abc%3D', body: '' }]);
  expect(seen[0].headers.authorization).toBe(await theirs(seen[0]));
});
