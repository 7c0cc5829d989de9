import { connect as connectTcp } from 'node:net';
import { Client } from './client';
import { connect, urlOf } from './contract/conversation';
import { arrive, place } from './contract/place/arrival';
import './contract/rows/events';
import './contract/rows/handshake';
import './contract/rows/authorization';
import './contract/rows/routing';
import './contract/rows/answers';
import './contract/rows/non-proxy';
import './contract/rows/closing';
import './contract/rows/connections-api';
import './contract/rows/throttling';
import './contract/rows/domain';
import { here } from './contract/row';

// What API Gateway does, row by row of the contract: by the gateway in this process, or where `npm run contract` says.

beforeAll(arrive, 120_000);
afterAll(() => place?.close());

here('a custom domain is reached without its host, too: by its name as the first part of the path', async () => {
  const url = urlOf('main').replace('/dev', '/api.example.com/v1/');
  await place.inGateway(({ gateway }) => expect(gateway.apis.find(({ name }) => name === 'mapped')!.domainUrls).toEqual([url]));

  expect(JSON.parse(await (await Client.connect(url)).ask('{}')).requestContext.domainName).toBe('api.example.com');
});

here('the host of the API, as AWS names it, leads to it', async () => {
  const { id } = place.api('main');
  const client = await Client.connect(urlOf('main'), { headers: { Host: `${id}.execute-api.eu-west-1.amazonaws.com` } });

  expect(JSON.parse(await client.ask('{}')).requestContext.apiId).toBe(id);
});

here('with TLS, it is the same port', async () => {
  await place.inGateway(async ({ gateway: { ca } }) => {
    const client = await Client.connect(urlOf('main').replace('ws:', 'wss:'), { ca });

    expect(await client.ask({ answer: 'secret' })).toBe('secret');
  });
});

here('what speaks neither HTTP nor TLS is hung up on', async () => {
  const socket = connectTcp(Number(new URL(urlOf('main')).port), '127.0.0.1');
  socket.write('nonsense\r\n\r\n');

  await new Promise((resolve) => socket.on('close', resolve).resume());
  expect(await (await connect('main')).ask({ answer: 'fine' })).toBe('fine');
});
