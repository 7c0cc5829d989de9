// The gateway, with a network: `node gateway.mjs`, in the folder of the app. The parent says how many milliseconds each answer of
// `@connections` takes longer, and gets the URLs of the APIs by their names.
import { Server } from 'node:http';
import { createRequire } from 'node:module';

const { startLocalGateway } = createRequire(import.meta.url)('../../../lib/local');

let delay = 0;
const { emit } = Server.prototype;
Server.prototype.emit = function (event, request, response, ...others) {
  if (event === 'request' && request.url.includes('/@connections/')) {
    const end = response.end.bind(response);
    response.end = (...given) => {
      if (delay > 0) { setTimeout(end, delay, ...given); } else { end(...given); }
      return response;
    };
  }
  return emit.call(this, event, request, response, ...others);
};

const gateway = await startLocalGateway({ app: 'cdk.out' });
process.on('message', (milliseconds) => {
  delay = milliseconds;
  process.send('ready');
});
process.on('disconnect', () => process.exit());
process.send(Object.fromEntries(gateway.apis.map(({ name, url }) => [name, url])));
