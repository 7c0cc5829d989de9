// The page of the local gateway. What comes from outside becomes text, never markup: elements are made by `element()` alone.

const MAX_ROWS = 1000;
const MAX_SHOWN_CONNECTIONS = 200;
const MAX_ENTRIES = 300;
const MAX_HISTORY = 50;

const $ = (id) => document.getElementById(id);

function element(tag, properties, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children.filter((child) => child !== undefined));
  return node;
}

const attribute = (node, name, value) => (node.setAttribute(name, value), node);
const clock = (time, millis = true) => {
  const date = new Date(time);
  return date.toTimeString().slice(0, 8) + (millis ? `.${String(date.getMilliseconds()).padStart(3, '0')}` : '');
};
const oneLine = (text) => (text.length > 400 ? `${text.slice(0, 400)}…` : text).replace(/\s+/g, ' ');

/** JSON with line breaks, and otherwise as it is: numbers keep their digits, and keys that are there twice stay. */
function pretty(text) {
  try {
    if (typeof JSON.parse(text) !== 'object') { return text; }
  } catch {
    return text;
  }
  const tokens = text.match(/"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s{}[\],:"]+/g);
  let depth = 0;
  const line = () => `\n${'  '.repeat(depth)}`;
  return tokens.map((token, index) => {
    switch (token) {
      case '{': case '[':
        depth++;
        return '}]'.includes(tokens[index + 1]) ? token : token + line();
      case '}': case ']':
        depth--;
        return '{['.includes(tokens[index - 1]) ? token : line() + token;
      case ',': return token + line();
      case ':': return ': ';
      default: return token;
    }
  }).join('');
}

// --- What an event says ---

const CLOSE_CODES = {
  1000: 'closed normally', 1001: 'going away: idle for 10 minutes, open for 2 hours, or the page was left', 1003: 'binary frames are not supported',
  1005: 'closed with no code', 1006: 'broken off with no close frame', 1008: 'too many requests', 1009: 'the message or a frame of it is too big',
  1011: 'internal error', 1012: 'the service restarts',
};
const FUNCTION_EVENTS = { 'start': 'starts', 'ready': 'ready', 'exit': 'exited', 'timeout': 'timed out, and was killed', 'init-error': 'failed to start' };

/** Mark, what the mark means, route or function, status, and the rest in words. `kind` is for the filter, `tone` for the colour. */
function describe(event) {
  const problem = event.error !== undefined || event.status >= 400;
  switch (event.type) {
    case 'connect':
      return event.status === 101
        ? { kind: 'frames', tone: 'open', mark: '+', meaning: 'connected', route: '$connect', text: `connected to ${event.api} (${event.stage}) from ${event.sourceIp}` }
        : { kind: 'frames', tone: 'bad', mark: '✗', meaning: 'refused', route: '$connect', text: `refused: ${event.reason ?? 'no reason is known'}` };
    case 'message':
      return { kind: 'frames', tone: 'in', mark: '→', meaning: 'from the client', route: event.routeKey, text: event.body, body: event.body };
    case 'answer':
      return {
        kind: 'frames', tone: problem ? 'bad' : event.body === undefined ? 'quiet' : 'out', mark: problem ? '✗' : event.body === undefined ? '✓' : '←',
        meaning: problem ? 'failed' : event.body === undefined ? 'handled' : 'to the client', route: event.routeKey,
        text: event.error ?? event.body ?? 'handled, nothing sent back', body: event.body,
      };
    case 'post': case 'get': case 'delete': {
      const call = `${event.type.toUpperCase()} by ${event.caller}`;
      return {
        kind: 'frames', tone: problem ? 'bad' : 'out', mark: problem ? '✗' : event.type === 'post' ? '⇠' : '·', meaning: problem ? 'failed' : 'through @connections',
        route: '@connections', text: problem ? `${call}: ${event.status === 410 ? 'the connection is gone, or not yet open' : event.error ?? 'failed'}` : event.body ?? call, body: event.body,
      };
    }
    case 'disconnect': {
      const words = CLOSE_CODES[event.code];
      return {
        kind: 'frames', tone: 'close', mark: '−', meaning: 'disconnected', route: '$disconnect', status: event.code,
        text: [event.reason, words && words.toLowerCase() !== event.reason.toLowerCase() ? `(${words})` : ''].join(' ').trim() || 'disconnected',
      };
    }
    case 'access-log':
      return { kind: 'access', tone: 'quiet', mark: '≡', meaning: 'access log', route: `${event.api} (${event.stage})`, text: event.line, body: event.line };
    case 'function-log':
      return { kind: 'functions', tone: event.stream === 'stderr' ? 'warn' : 'quiet', mark: '│', meaning: 'output of a function', route: event.function, text: event.text, body: event.text };
    case 'function': {
      const failed = event.what === 'timeout' || event.what === 'init-error';
      const text = [FUNCTION_EVENTS[event.what] ?? event.what, event.detail].filter(Boolean).join(': ');
      return { kind: 'functions', tone: failed ? 'bad' : 'quiet', mark: failed ? '✗' : 'ƒ', meaning: 'function', route: event.function, text };
    }
    case 'reload':
      return { kind: 'functions', tone: 'open', mark: '↻', meaning: 'reloaded', route: '', text: `reloaded ${event.what}` };
    default:
      return { kind: 'warnings', tone: 'warn', mark: '!', meaning: event.type, route: '', text: event.text ?? JSON.stringify(event) };
  }
}

// --- Traffic ---

const trafficBody = $('traffic').tBodies[0];
const trafficScroll = $('traffic-scroll');
let rows = [];
let waiting = [];
let paused = false;
let flushing = false;

function isShown({ event, kind, tone }) {
  const [wantedKind, connection, text] = [$('kind').value, $('filter-connection').value.trim(), $('filter-text').value.trim().toLowerCase()];
  return (wantedKind === '' || wantedKind === kind || (wantedKind === 'problems' && (tone === 'bad' || tone === 'warn')))
    && (connection === '' || (event.connectionId ?? event.line ?? '').includes(connection))
    && (text === '' || Object.values(event).join('\n').toLowerCase().includes(text));
}

function rowOf(event) {
  const described = describe(event);
  const { tone, mark, meaning, route, text, status = event.status } = described;
  const toggle = attribute(element('button', { type: 'button', className: 'plain time', textContent: clock(event.time), title: 'Details' }), 'aria-expanded', 'false');
  const row = { event, ...described, toggle };
  row.tr = element('tr', { className: tone },
    element('td', {}, toggle),
    element('td', { className: 'mark', title: meaning }, attribute(element('span', { textContent: mark }), 'aria-hidden', 'true'), element('span', { className: 'visually-hidden', textContent: meaning })),
    element('td', { className: 'mono' }, event.connectionId === undefined ? '' : connectionButton(event.connectionId)),
    element('td', { className: 'route', textContent: route, title: route }),
    element('td', { className: 'number status', textContent: status ?? '' }),
    element('td', { className: 'number', textContent: event.millis === undefined ? '' : Math.round(event.millis) }),
    element('td', { className: 'text', textContent: oneLine(text) }),
  );
  row.tr.addEventListener('click', ({ target }) => {
    if (target.closest('button') === toggle || (!target.closest('button') && getSelection().isCollapsed)) { toggleDetails(row); }
  });
  row.tr.hidden = !isShown(row);
  return row;
}

function toggleDetails(row) {
  if (row.details) {
    row.details.remove();
    row.details = undefined;
  } else {
    const cell = element('td', { colSpan: 7 }, detailsOf(row));
    row.details = element('tr', { className: 'details' }, cell);
    row.tr.after(row.details);
  }
  row.toggle.setAttribute('aria-expanded', String(Boolean(row.details)));
}

function detailsOf({ event, body, text }) {
  const shownBelow = ['time', 'body', 'line', 'text'];
  const fields = element('dl', {});
  for (const [name, value] of Object.entries(event)) {
    if (!shownBelow.includes(name)) { fields.append(element('div', {}, element('dt', { textContent: name }), element('dd', { textContent: value }))); }
  }
  return element('div', {}, fields, element('pre', { textContent: pretty(body ?? text) }));
}

function connectionButton(id) {
  const button = element('button', { type: 'button', className: 'plain mono', textContent: id, title: 'Show this connection alone' });
  button.addEventListener('click', () => {
    const field = $('filter-connection');
    field.value = field.value === id ? '' : id;
    filter();
  });
  return button;
}

function filter() {
  for (const row of rows) {
    row.tr.hidden = !isShown(row);
    if (row.details) { row.details.hidden = row.tr.hidden; }
  }
  trafficScroll.scrollTop = trafficScroll.scrollHeight;
  showEmptiness();
}

function showEmptiness() {
  $('no-traffic').hidden = rows.length > 0;
  $('pause').textContent = paused ? `Resume${waiting.length > 0 ? ` (${waiting.length})` : ''}` : 'Pause';
}

/** Once a frame of the screen, however much comes. */
function flush() {
  flushing = false;
  showConnections();
  if (!paused && waiting.length > 0) {
    const atEnd = trafficScroll.scrollHeight - trafficScroll.scrollTop - trafficScroll.clientHeight < 40;
    const added = waiting.splice(0).map(rowOf);
    trafficBody.append(...added.map(({ tr }) => tr));
    rows.push(...added);
    for (const row of rows.splice(0, Math.max(0, rows.length - MAX_ROWS))) {
      row.tr.remove();
      row.details?.remove();
    }
    if (atEnd) { trafficScroll.scrollTop = trafficScroll.scrollHeight; }
  }
  showEmptiness();
}

function flushSoon() {
  if (!flushing) {
    flushing = true;
    requestAnimationFrame(flush);
  }
}

function take(event) {
  follow(event);
  waiting.push(event);
  if (waiting.length > MAX_ROWS * 2) { waiting = waiting.slice(-MAX_ROWS); }
}

function clear() {
  for (const { tr, details } of rows) {
    tr.remove();
    details?.remove();
  }
  rows = [];
  waiting = [];
}

for (const id of ['kind', 'filter-connection', 'filter-text']) { $(id).addEventListener('input', filter); }
$('pause').addEventListener('click', () => {
  paused = !paused;
  $('pause').setAttribute('aria-pressed', String(paused));
  flushSoon();
});
$('clear').addEventListener('click', () => {
  clear();
  showEmptiness();
});

// --- Connections ---

const connections = new Map();
const connectionRows = new Map();

/** Keeps the list of connections by what happens to them. */
function follow({ type, time, connectionId, api, stage, sourceIp, status, code }) {
  if (type === 'disconnect') {
    connections.delete(connectionId);
  } else if (type === 'connect' && status === 101) {
    connections.set(connectionId, { connectionId, api, stage, sourceIp, connectedAt: time, lastActiveAt: time });
  } else if (connections.has(connectionId) && code === undefined && type !== 'get') {
    connections.get(connectionId).lastActiveAt = time;
  }
}

function showConnections() {
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
  for (const [id, { api, stage, sourceIp, connectedAt, lastActiveAt }] of shown) {
    if (!connectionRows.has(id)) {
      connectionRows.set(id, element('tr', {},
        element('td', { className: 'mono' }, connectionButton(id)), element('td', { textContent: `${api} (${stage})` }),
        element('td', { className: 'mono', textContent: sourceIp }), element('td', { className: 'mono', textContent: clock(connectedAt, false) }), element('td', { className: 'mono' })));
      $('connections').tBodies[0].append(connectionRows.get(id));
    }
    const active = clock(lastActiveAt, false);
    const cell = connectionRows.get(id).lastElementChild;
    if (cell.textContent !== active) { cell.textContent = active; }
  }
  $('connection-count').textContent = connections.size;
  $('no-connections').hidden = connections.size > 0;
  $('more-connections').hidden = connections.size <= shown.size;
  $('more-connections').textContent = `and ${connections.size - shown.size} more`;
}

// --- APIs ---

const secure = location.protocol === 'https:';
const OTHER = 'other';

function showApis(apis) {
  const urlsOf = (api) => [secure ? api.secureUrl : api.url, ...api.domainUrls.map((url) => (secure ? url.replace(/^ws:/, 'wss:') : url))];
  $('apis').replaceChildren(...apis.map((api) => element('li', {},
    element('strong', { textContent: api.name }), ' ', element('span', { className: 'count', textContent: api.stage }),
    ...urlsOf(api).map((url) => element('code', { className: 'url', textContent: url })),
    element('span', { className: 'routes' }, ...api.routes.map((route) => element('code', { textContent: route }))),
  )));

  const chooser = $('api');
  const chosen = chooser.value;
  const options = apis.flatMap((api) => urlsOf(api).map((url, index) => (
    element('option', { value: url, textContent: index === 0 ? `${api.name} (${api.stage})` : `${api.name} at ${url.replace(/^wss?:\/\/[^/]*\//, '')}` })
  )));
  chooser.replaceChildren(...options, element('option', { value: OTHER, textContent: 'another URL' }));
  if ([...chooser.options].some(({ value }) => value === chosen)) {
    chooser.value = chosen;
  } else {
    chooseApi();
  }
}

function chooseApi() {
  if ($('api').value === OTHER) {
    $('url').select();
  } else {
    $('url').value = $('api').value;
  }
}

$('api').addEventListener('change', chooseApi);
$('url').addEventListener('input', () => {
  $('api').value = [...$('api').options].some(({ value }) => value === $('url').value) ? $('url').value : OTHER;
});

// --- Clients ---

function addParameter() {
  const number = $('query').childElementCount + 1;
  const field = (name) => attribute(element('input', { className: `mono ${name}`, placeholder: name, spellcheck: false }), 'aria-label', `${name} of parameter ${number}`);
  const remove = attribute(element('button', { type: 'button', className: 'plain', textContent: '×', title: 'Remove' }), 'aria-label', `remove parameter ${number}`);
  const row = element('div', { className: 'parameter' }, field('name'), field('value'), remove);
  remove.addEventListener('click', () => row.remove());
  $('query').append(row);
  return row;
}

$('add-parameter').addEventListener('click', () => addParameter().querySelector('input').focus());
addParameter();

$('connect').addEventListener('submit', (event) => {
  event.preventDefault();
  const parameters = [...$('query').children]
    .map((row) => [row.querySelector('.name').value, row.querySelector('.value').value])
    .filter(([name]) => name !== '')
    .map((pair) => pair.map(encodeURIComponent).join('='));
  const error = $('connect-error');
  error.hidden = true;
  try {
    const url = new URL($('url').value.trim(), `${secure ? 'wss:' : 'ws:'}//${location.host}`);
    url.search = [url.search.slice(1), ...parameters].filter((part) => part !== '').join('&');
    select(newSession(url.href, $('protocols').value.split(/[\s,]+/).filter((name) => name !== '')));
  } catch (problem) {
    error.textContent = `This cannot be connected to: ${problem.message}`;
    error.hidden = false;
  }
});

const sessions = [];
let sessionNumber = 0;
let messages = [];

function select(session) {
  for (const one of sessions) {
    one.panel.hidden = one !== session;
    one.tab.setAttribute('aria-current', String(one === session));
  }
  session?.text.focus();
}

function newSession(url, protocols) {
  const number = ++sessionNumber;
  const text = attribute(element('textarea', { className: 'mono', rows: 4, spellcheck: false, placeholder: '{"action": "sendMessage", …}' }), 'aria-keyshortcuts', 'Control+Enter');
  const sendButton = element('button', { className: 'primary', textContent: 'Send', title: 'Ctrl+Enter' });
  const endButton = element('button', { type: 'button', textContent: 'Disconnect' });
  const removeButton = element('button', { type: 'button', textContent: 'Remove' });
  const past = attribute(element('select', { className: 'history' }), 'aria-label', 'Messages sent before');
  const state = attribute(element('p', { className: 'state' }), 'role', 'status');
  const entries = attribute(attribute(element('ol', { className: 'entries', tabIndex: 0 }), 'role', 'log'), 'aria-label', `Frames of connection ${number}`);
  const composer = element('form', { className: 'composer' },
    element('label', {}, 'Message', text),
    element('div', { className: 'buttons' }, sendButton, past, element('span', { className: 'grow' }), endButton, removeButton));
  const panel = attribute(element('section', { className: 'panel' },
    element('code', { className: 'url', textContent: url }), state, entries, composer), 'aria-label', `Connection ${number}`);
  const tab = element('button', { type: 'button', textContent: `#${number} ${new URL(url).pathname}` });
  const session = { tab, panel, text, past };
  let socket;

  const show = (name, words) => {
    tab.className = panel.dataset.state = name;
    state.textContent = words;
    sendButton.disabled = name !== 'open';
    endButton.textContent = name === 'closed' ? 'Connect again' : 'Disconnect';
    removeButton.hidden = name !== 'closed';
  };
  const add = (tone, mark, meaning, body) => {
    const atEnd = entries.scrollHeight - entries.scrollTop - entries.clientHeight < 40;
    const formatted = pretty(body);
    const summary = [element('span', { className: 'mark', textContent: mark, title: meaning }), element('time', { textContent: clock(Date.now()) }), element('span', { className: 'text', textContent: oneLine(body) })];
    entries.append(element('li', { className: tone }, formatted === oneLine(body)
      ? element('div', { className: 'entry' }, ...summary)
      : element('details', {}, element('summary', { className: 'entry' }, ...summary), element('pre', { textContent: formatted }))));
    if (entries.childElementCount > MAX_ENTRIES) { entries.firstElementChild.remove(); }
    if (atEnd) { entries.scrollTop = entries.scrollHeight; }
  };
  const connect = () => {
    const current = socket = new WebSocket(url, protocols);
    let opened = false;
    show('connecting', 'connecting…');
    current.addEventListener('open', () => {
      opened = true;
      show('open', current.protocol === '' ? 'connected' : `connected, subprotocol ${current.protocol}`);
    });
    current.addEventListener('message', ({ data }) => add('out', '←', 'received', typeof data === 'string' ? data : `binary, ${data.size} bytes`));
    current.addEventListener('close', ({ code, reason }) => {
      const words = [code, reason, CLOSE_CODES[code] ? `(${CLOSE_CODES[code]})` : ''].filter((part) => part !== '').join(' ');
      const refused = `not connected: the row of $connect in the traffic says why${protocols.length > 0 ? '; a subprotocol has to be answered by $connect with one that was asked for' : ''}`;
      show('closed', opened ? `closed: ${words}` : refused);
      add(opened && code === 1000 ? 'close' : 'bad', '−', 'closed', opened ? words : refused);
    });
  };

  composer.addEventListener('submit', (event) => {
    event.preventDefault();
    if (socket.readyState !== WebSocket.OPEN) { return; }
    socket.send(text.value);
    add('in', '→', 'sent', text.value);
    messages = [text.value, ...messages.filter((message) => message !== text.value)].slice(0, MAX_HISTORY);
    sessions.forEach(showHistory);
  });
  text.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { composer.requestSubmit(sendButton.disabled ? null : sendButton); }
  });
  past.addEventListener('change', () => {
    text.value = messages[Number(past.value)] ?? text.value;
    past.selectedIndex = 0;
    text.focus();
  });
  endButton.addEventListener('click', () => {
    if (socket.readyState === WebSocket.CLOSED) {
      connect();
    } else {
      socket.close(1000);
    }
  });
  removeButton.addEventListener('click', () => {
    sessions.splice(sessions.indexOf(session), 1);
    tab.remove();
    panel.remove();
    select(sessions.at(-1));
  });
  tab.addEventListener('click', () => select(session));

  connect();
  sessions.push(session);
  showHistory(session);
  $('sessions').append(tab);
  $('panels').append(panel);
  return session;
}

function showHistory({ past }) {
  past.hidden = messages.length === 0;
  past.replaceChildren(
    element('option', { value: '', textContent: 'sent before…' }),
    ...messages.map((message, index) => element('option', { value: index, textContent: oneLine(message).slice(0, 80) })),
  );
}

// --- The gateway ---

function listen() {
  const link = (state, text) => {
    $('link').className = state;
    $('link').textContent = text;
  };
  const stream = new EventSource('events');
  stream.addEventListener('snapshot', ({ data }) => {
    const snapshot = JSON.parse(data);
    link('live', 'live');
    clear();
    connections.clear();
    snapshot.events.forEach(take);
    for (const connection of snapshot.connections) { connections.set(connection.connectionId, connection); }
    showApis(snapshot.apis);
    flushSoon();
  });
  stream.addEventListener('apis', ({ data }) => showApis(JSON.parse(data)));
  stream.addEventListener('event', ({ data }) => {
    take(JSON.parse(data));
    flushSoon();
  });
  stream.addEventListener('error', () => {
    link('lost', 'the gateway does not answer; trying again');
    if (stream.readyState === EventSource.CLOSED) { setTimeout(listen, 2000); }
  });
}

listen();
