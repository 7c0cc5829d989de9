// A server that echoes, with nothing around it: what `ws` can do.
import { createRequire } from 'node:module';

const { WebSocketServer } = createRequire(new URL('../../../package.json', import.meta.url))('ws');
const server = new WebSocketServer({ host: 'localhost', port: 0, backlog: 4096 }, () => console.log(`listening on ${server.address().port}`));
server.on('connection', (socket) => socket.on('message', (data) => socket.send(data.toString())));
