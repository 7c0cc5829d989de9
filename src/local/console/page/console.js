// The page of the local gateway: it shows what the gateway tells it.

import { showApis } from './apis.js';
import './clients.js';
import { connections } from './connections.js';
import { $ } from './element.js';
import { clear, take } from './traffic.js';

function listen() {
  const stream = new EventSource('events');
  const link = (state, text) => Object.assign($('link'), { className: state, textContent: text });
  const on = (name, listener) => stream.addEventListener(name, ({ data }) => listener(JSON.parse(data)));
  on('snapshot', (snapshot) => {
    link('live', 'live');
    clear();
    connections.clear();
    snapshot.events.forEach(take);
    for (const connection of snapshot.connections) { connections.set(connection.connectionId, connection); }
    showApis(snapshot.apis);
  });
  on('apis', showApis);
  on('event', take);
  stream.onerror = () => {
    link('lost', 'the gateway does not answer, trying again');
    if (stream.readyState === EventSource.CLOSED) { setTimeout(listen, 2000); }
  };
}

listen();
