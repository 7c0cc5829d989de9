import { createServer, RequestListener, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { callHttp } from '../../../src/local/integrations/http-call';

let server: Server;

async function serve(listener: RequestListener): Promise<URL> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/a?b=c`);
}

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

const CALL = { method: 'POST', headers: { 'x-a': 'b' }, body: 'grüße', timeoutMillis: 5000 };

test('a request is sent as it is, and answered', async () => {
  const url = await serve((request, response) => {
    request.on('data', (data) => {
      response.writeHead(404, { 'x-b': 'c', 'set-cookie': ['a=1', 'b=2'] });
      response.end(JSON.stringify([request.method, request.url, request.headers['x-a'], request.headers['content-length'], String(data)]));
    });
  });
  const { status, headers, body } = await callHttp({ ...CALL, url });
  expect([status, headers['x-b'], headers['set-cookie'], JSON.parse(body)]).toEqual([404, 'c', 'a=1,b=2', ['POST', '/a?b=c', 'b', '7', 'grüße']]);
});

test('a redirection is an answer', async () => {
  const url = await serve((_, response) => { response.writeHead(302, { location: '/b' }).end(); });
  expect((await callHttp({ ...CALL, url, method: 'GET', body: undefined })).status).toBe(302);
});

test('who does not answer is out of time', async () => {
  const url = await serve(() => undefined);
  await expect(callHttp({ ...CALL, url, timeoutMillis: 50 })).rejects.toMatchObject({ kind: 'timeout', message: `\`${url.origin}\` did not answer within 50 ms` });
});

test('who does not end is out of time', async () => {
  const url = await serve((_, response) => { response.write('a'); });
  await expect(callHttp({ ...CALL, url, timeoutMillis: 50 })).rejects.toMatchObject({ kind: 'timeout' });
});

test('who does not listen cannot be reached', async () => {
  const url = await serve(() => undefined);
  await new Promise((resolve) => server.close(resolve));
  await expect(callHttp({ ...CALL, url })).rejects.toMatchObject({ kind: 'unreachable', message: expect.stringMatching(/cannot be reached: .*ECONNREFUSED/) });
});

test('a name with several addresses has an error of each', async () => {
  const url = await serve(() => undefined);
  await new Promise((resolve) => server.close(resolve));
  url.hostname = 'localhost';
  await expect(callHttp({ ...CALL, url })).rejects.toMatchObject({ message: expect.stringContaining('ECONNREFUSED') });
});

test('who hangs up cannot be reached', async () => {
  const url = await serve((request) => { request.socket.destroy(); });
  await expect(callHttp({ ...CALL, url })).rejects.toMatchObject({ kind: 'unreachable' });
});

test('an answer without end is not read to it', async () => {
  const url = await serve((_, response) => { for (let i = 0; i < 11; i++) { response.write(Buffer.alloc(1024 * 1024)); } });
  await expect(callHttp({ ...CALL, url })).rejects.toMatchObject({ kind: 'unreachable', message: expect.stringContaining('its answer has more than 10485760 bytes') });
});

test('https is spoken where the URL says so', async () => {
  const url = await serve(() => undefined);
  url.protocol = 'https:';
  await expect(callHttp({ ...CALL, url })).rejects.toMatchObject({ kind: 'unreachable' });
});
