// The list of connections.

import { $, element } from './element.js';
import { timeOfDay } from './text.js';
import { walkable } from './walkable.js';
import { openMillis } from './words.js';

const MAX_SHOWN_CONNECTIONS = 200;

/** By their ids. */
export const connections = new Map();
const connectionRows = new Map();
const keepWalkable = walkable($('connections'));

/** Keeps the list of connections by what happens to them. */
export function follow(event) {
  const { type, time, connectionId, api, stage, sourceIp, status, body } = event;
  if (type === 'disconnect') {
    const known = connections.get(connectionId);
    if (known) { openMillis.set(event, time - new Date(known.connectedAt).getTime()); }
    connections.delete(connectionId);
  } else if (type === 'connect' && status === 101) {
    connections.set(connectionId, { connectionId, api, stage, sourceIp, connectedAt: time, lastActiveAt: time });
  } else if (body !== undefined && connections.has(connectionId)) {
    connections.get(connectionId).lastActiveAt = time;
  }
}

export function showConnections() {
  const shown = new Map();
  for (const [id, connection] of connections) {
    if (shown.size === MAX_SHOWN_CONNECTIONS) { break; }
    shown.set(id, connection);
  }
  for (const [id, row] of connectionRows) {
    if (!shown.has(id)) {
      row.remove();
      connectionRows.delete(id);
    }
  }
  const second = (time) => timeOfDay(time).slice(0, 8);
  for (const [id, { api, stage, sourceIp, connectedAt, lastActiveAt }] of shown) {
    if (!connectionRows.has(id)) {
      const row = element('tr', '', element('td', '', connectionButton(id)), element('td', '', `${api} (${stage})`),
        element('td', 'mono', sourceIp), element('td', 'mono', second(connectedAt)), element('td', 'mono'));
      connectionRows.set(id, row);
      $('connections').tBodies[0].append(row);
    }
    connectionRows.get(id).lastChild.textContent = second(lastActiveAt);
  }
  keepWalkable();
  $('count').textContent = connections.size;
  $('more').hidden = connections.size > 0 && connections.size === shown.size;
  $('more').textContent = connections.size === 0 ? 'No client is connected.' : `and ${connections.size - shown.size} more`;
}

/** The id of a connection, which filters the traffic by it. */
export function connectionButton(id) {
  return element('button', {
    type: 'button',
    className: 'plain mono',
    title: 'Filter',
    tabIndex: -1,
    onclick: () => {
      $('connection').value = $('connection').value === id ? '' : id;
      $('connection').dispatchEvent(new Event('input'));
    },
  }, id);
}
