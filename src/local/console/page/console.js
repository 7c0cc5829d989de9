// The page of the local gateway. What comes from outside becomes text, never markup: `element()` alone makes elements.

const MAX_ROWS = 1000;
const MAX_SHOWN_CONNECTIONS = 200;
const MAX_ENTRIES = 300;
const MAX_HISTORY = 50;
const MAX_INDENTS = 20;
const TWO_HOURS = 2 * 60 * 60_000;

const $ = (id) => document.getElementById(id);

/** An element with a class, or with properties; children are elements and texts. */
function element(tag, properties, ...children) {
  const node = Object.assign(document.createElement(tag), typeof properties === 'string' ? { className: properties } : properties);
  node.append(...children);
  return node;
}

const timeOfDay = (time) => {
  const date = new Date(time);
  return `${date.toTimeString().slice(0, 8)}.${String(date.getMilliseconds()).padStart(3, '0')}`;
};
const oneLine = (text) => (text.length > 400 ? `${text.slice(0, 400)}…` : text).replace(/\s+/g, ' ');
const isAtEnd = (node) => node.scrollHeight - node.scrollTop - node.clientHeight < 40;
const scrollToEnd = (node) => { node.scrollTop = node.scrollHeight; };

/** JSON with line breaks, and otherwise as it came: numbers keep their digits, and keys that are there twice stay. */
function pretty(text) {
  try {
    if (typeof JSON.parse(text) !== 'object') { return text; }
  } catch {
    return text;
  }
  const tokens = text.match(/"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s{}[\],:"]+/g);
  let depth = 0;
  // A list in a list in a list, thousands deep, would be spaces for the most part.
  const line = () => `\n${'  '.repeat(Math.min(depth, MAX_INDENTS))}`;
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
  1000: 'closed normally',
  1001: 'the client left: its page was closed, or shows something else',
  1003: 'binary frames are not supported',
  1005: 'closed with no code',
  1006: 'broken off with no close frame',
  1008: 'too many requests',
  1009: 'the message or a frame of it is too big',
  1011: 'internal error',
  1012: 'the service restarts',
};
const FUNCTION_EVENTS = { 'start': 'starts', 'ready': 'ready', 'exit': 'exited', 'timeout': 'timed out, and was killed', 'init-error': 'failed to start' };

/** What the filter shows an event with; without one here, it is about frames. */
const KINDS = { 'access-log': 'access', 'function-log': 'functions', 'function': 'functions', 'invoke-api': 'functions', 'event-invocation': 'functions', 'reload': 'functions', 'warning': 'problems' };

/** What a tone looks like, and what it means. */
const MARKS = {
  open: ['+', 'connected'],
  close: ['−', 'disconnected'],
  bad: ['✗', 'failed'],
  in: ['→', 'from the client'],
  out: ['←', 'to the client'],
  post: ['⇠', 'through @connections'],
  invoke: ['⇢', 'invoked'],
  done: ['✓', 'handled'],
  access: ['≡', 'access log'],
  stdout: ['│', 'output of a function'],
  stderr: ['│', 'error output of a function'],
  function: ['ƒ', 'function'],
  reload: ['↻', 'reloaded'],
  warn: ['!', 'warning'],
};

/** The two limits of API Gateway share a code and a reason: how long the connection was open tells which it was. */
function closing(code, reason, openMillis) {
  if (code === 1001 && reason !== '') {
    const limit = openMillis === undefined ? 'idle for 10 minutes or open for 2 hours' : openMillis >= TWO_HOURS ? 'open for 2 hours' : 'idle for 10 minutes';
    return `${limit}, the longest that API Gateway allows`;
  }
  const words = CLOSE_CODES[code] ?? '';
  return words.startsWith(reason.toLowerCase()) ? words : `${reason}${words === '' || reason.toLowerCase().includes(words) ? '' : ` (${words})`}`;
}

/** How long the connections of these events were open. */
const openMillis = new WeakMap();

/** The tone, the route or function, and the rest in words. */
function describe(event) {
  const { type, status, body, reason } = event;
  const failed = (type !== 'connect' && reason !== undefined) || status >= 400;
  switch (type) {
    case 'connect':
      return status === 101 ? ['open', '$connect', `connected to ${event.api} (${event.stage}) from ${event.sourceIp}`] : ['bad', '$connect', `refused: ${event.reason ?? 'no reason is known'}`];
    case 'message':
      return ['in', event.routeKey, body];
    case 'answer':
      return [failed ? 'bad' : body === undefined ? 'done' : 'out', event.routeKey, reason ?? body ?? 'handled, nothing sent back'];
    case 'connections-api': {
      const call = `${event.method} by ${event.caller}`;
      const problem = status === 410 ? 'the connection is gone, or not open yet' : reason ?? 'failed';
      return failed ? ['bad', '@connections', `${call}: ${problem}`] : ['post', '@connections', body ?? call];
    }
    case 'invoke-api':
      return [failed ? 'bad' : 'invoke', event.function, `${event.invocationType} by ${event.caller}: ${reason ?? body ?? ''}`];
    case 'event-invocation':
      return failed
        ? ['bad', event.function, `asynchronous, attempt ${event.attempt} failed, ${event.retryInMillis === undefined ? 'given up' : `again in ${event.retryInMillis / 1000} s`}: ${reason}`]
        : ['done', event.function, 'asynchronous, done'];
    case 'disconnect':
      return ['close', '$disconnect', closing(event.code, event.reason, openMillis.get(event))];
    case 'access-log':
      return ['access', `${event.api} (${event.stage})`, event.line];
    case 'function-log':
      return [event.stream, event.function, event.text];
    case 'function':
      return [['timeout', 'init-error'].includes(event.what) ? 'bad' : 'function', event.function, [FUNCTION_EVENTS[event.what], event.reason].filter(Boolean).join(': ')];
    case 'reload':
      return ['reload', '', `reloaded ${event.what}`];
    default:
      return ['warn', '', event.text];
  }
}

// --- Traffic ---

const traffic = $('traffic').tBodies[0];
const scroller = $('scroll');
let rows = [];
let waiting = [];
let paused = false;
let flushing = false;

function isShown({ event, tone }) {
  const { time, ...said } = event;
  const [wanted, connection, text] = ['kind', 'connection', 'text'].map((id) => $(id).value.trim());
  return (wanted === '' || wanted === (KINDS[event.type] ?? 'frames') || (wanted === 'problems' && ['bad', 'stderr'].includes(tone)))
    && (connection === '' || (event.connectionId ?? event.line ?? '').includes(connection))
    && (text === '' || Object.values(said).join('\n').toLowerCase().includes(text.toLowerCase()));
}

function rowOf(event) {
  const [tone, route, text] = describe(event);
  const row = { event, tone, text };
  const [mark, meaning] = MARKS[tone];
  row.toggle = element('button', { type: 'button', className: 'plain mono', title: 'Details', tabIndex: -1, ariaExpanded: 'false' }, timeOfDay(event.time));
  row.tr = element('tr', tone,
    element('td', '', row.toggle),
    element('td', { className: 'mark', title: meaning }, element('span', { ariaHidden: 'true' }, mark), element('span', 'visually-hidden', meaning)),
    element('td', '', event.connectionId === undefined ? '' : connectionButton(event.connectionId)),
    element('td', { className: 'route', title: route }, event.function === undefined ? route : route.replace(/\/(Function|Resource)$/, '').replace(/^.*\//, '')),
    element('td', 'mono number', event.status ?? event.code ?? ''),
    element('td', 'mono number', event.durationMillis === undefined ? '' : Math.round(event.durationMillis)),
    element('td', 'mono text', element('div', 'clamped', oneLine(text))),
  );
  row.tr.onclick = ({ target }) => {
    const button = target.closest('button');
    if (button ? button === row.toggle : getSelection().isCollapsed) { toggleDetails(row); }
  };
  row.tr.hidden = !isShown(row);
  return row;
}

function toggleDetails(row) {
  if (row.details) {
    row.details.remove();
    row.details = undefined;
  } else {
    const fields = Object.entries(row.event)
      .filter(([name]) => !['time', 'body', 'line', 'text'].includes(name))
      .map(([name, value]) => element('div', '', element('dt', '', name), element('dd', '', value)));
    row.details = element('tr', 'details', element('td', { colSpan: 7 }, element('dl', '', ...fields), element('pre', '', pretty(row.event.body ?? row.text))));
    row.tr.after(row.details);
    row.details.scrollIntoView({ block: 'nearest' });
    // If they are higher than the list, show their start.
    if (row.tr.offsetTop < scroller.scrollTop) { row.tr.scrollIntoView({ block: 'start' }); }
  }
  row.toggle.ariaExpanded = String(Boolean(row.details));
}

function connectionButton(id) {
  return element('button', {
    type: 'button',
    className: 'plain mono',
    title: 'Filter',
    tabIndex: -1,
    onclick: () => {
      $('connection').value = $('connection').value === id ? '' : id;
      filter();
    },
  }, id);
}

/** Makes a table one stop of the Tab key. In it, up and down lead from row to row, left and right from button to button. */
function walkable(table) {
  const body = table.tBodies[0];
  const rowsOf = () => [...body.rows].filter((tr) => !tr.hidden && tr.querySelector('button'));
  let stop;
  const setStop = (button) => {
    if (stop) { stop.tabIndex = -1; }
    stop = button;
    if (stop) { stop.tabIndex = 0; }
  };
  body.addEventListener('focusin', ({ target }) => {
    if (target.tagName === 'BUTTON') { setStop(target); }
  });
  body.addEventListener('keydown', (event) => {
    const tr = event.target.closest('tr');
    const all = rowsOf();
    const at = all.indexOf(tr);
    const buttons = [...tr.querySelectorAll('button')];
    const column = buttons.indexOf(event.target);
    const beside = { ArrowLeft: buttons[column - 1], ArrowRight: buttons[column + 1] }[event.key];
    const row = { ArrowUp: all[at - 1], ArrowDown: all[at + 1], Home: all[0], End: all.at(-1) }[event.key];
    const next = beside ?? row?.querySelectorAll('button')[column] ?? row?.querySelector('button');
    if (next) {
      event.preventDefault();
      next.focus();
    }
  });
  /** After rows came or went: the latest is the stop, unless a person is in the table. */
  return () => {
    if (!stop?.isConnected || stop.closest('tr').hidden || !body.contains(document.activeElement)) {
      setStop([...body.rows].findLast((tr) => !tr.hidden && tr.querySelector('button'))?.querySelector('button'));
    }
  };
}

const keepTrafficWalkable = walkable($('traffic'));
const keepConnectionsWalkable = walkable($('connections'));

function showEmptiness() {
  const isFiltered = ['kind', 'connection', 'text'].some((id) => $(id).value !== '');
  $('no-traffic').hidden = rows.length > 0;
  $('no-match').hidden = rows.length === 0 || !isFiltered || rows.some(({ tr }) => !tr.hidden);
  keepTrafficWalkable();
}

function filter() {
  for (const row of rows) {
    row.tr.hidden = !isShown(row);
    if (row.details) { row.details.hidden = row.tr.hidden; }
  }
  scrollToEnd(scroller);
  showEmptiness();
}

function remove(gone) {
  for (const { tr, details } of gone) {
    tr.remove();
    details?.remove();
  }
}

function show() {
  flushing = false;
  showConnections();
  if (!paused && waiting.length > 0) {
    // What a person reads does not move away.
    const follow = isAtEnd(scroller) && !rows.some(({ details }) => details);
    const added = waiting.splice(0).slice(-MAX_ROWS).map(rowOf);
    traffic.append(...added.map(({ tr }) => tr));
    rows.push(...added);
    remove(rows.splice(0, Math.max(0, rows.length - MAX_ROWS)));
    if (follow) { scrollToEnd(scroller); }
  }
  showEmptiness();
  $('pause').textContent = paused ? `Resume (${Math.min(waiting.length, MAX_ROWS)})` : 'Pause';
}

/** Once for each frame of the screen, however much comes. */
function showSoon() {
  if (!flushing) {
    flushing = true;
    requestAnimationFrame(show);
  }
}

function take(event) {
  follow(event);
  waiting.push(event);
  if (waiting.length > MAX_ROWS * 2) { waiting = waiting.slice(-MAX_ROWS); }
  showSoon();
}

function clear() {
  remove(rows);
  rows = [];
  waiting = [];
  showSoon();
}

for (const id of ['kind', 'connection', 'text']) { $(id).oninput = filter; }
$('clear').onclick = clear;
$('show-all').onclick = () => {
  for (const id of ['kind', 'connection', 'text']) { $(id).value = ''; }
  filter();
};
$('legend').append(...Object.entries(MARKS).map(([tone, [mark, meaning]]) => (
  element('div', tone, element('dt', 'mark', mark), element('dd', '', meaning))
)));
$('pause').onclick = () => {
  paused = !paused;
  $('pause').ariaPressed = String(paused);
  showSoon();
};

// --- Connections ---

const connections = new Map();
const connectionRows = new Map();

/** Keeps the list of connections by what happens to them. */
function follow(event) {
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
  keepConnectionsWalkable();
  $('count').textContent = connections.size;
  $('more').hidden = connections.size > 0 && connections.size === shown.size;
  $('more').textContent = connections.size === 0 ? 'No client is connected.' : `and ${connections.size - shown.size} more`;
}

// --- APIs ---

/** By URL: what the API there needs, and what it understands. */
let served = new Map();

const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';

function showApis(apis) {
  const urlsOf = ({ url, domainUrls }) => [url, ...domainUrls].map((one) => one.replace(/^ws:/, scheme));
  $('apis').replaceChildren(...apis.map((api) => element('li', '',
    element('strong', '', api.name), ' ', element('span', 'count', api.stage),
    ...urlsOf(api).map((url) => element('code', 'url', url)),
    element('div', 'routes', ...api.routes.map((route) => element('code', '', route))),
  )));

  served = new Map(apis.flatMap((api) => urlsOf(api).map((url) => [url, api])));
  const urls = [...served.keys()];
  const chosen = $('api').value;
  $('api').replaceChildren(
    ...apis.flatMap((api) => urlsOf(api).map((url, index) => (
      element('option', { value: url }, index === 0 ? `${api.name} (${api.stage})` : `${api.name} at ${url.replace(/^wss?:\/\/[^/]*\//, '')}`)
    ))),
    element('option', { value: '' }, 'another URL'),
  );
  // What a person typed stays.
  if (chosen !== '' || $('url').value === '') { $('url').value = urls.includes(chosen) ? chosen : urls[0] ?? ''; }
  matchApi();
}

function matchApi() {
  $('api').value = $('url').value;
  if ($('api').selectedIndex < 0) { $('api').value = ''; }
  showNeeds();
}

/** Offers the query parameters that the API needs, and says what a browser cannot send. */
function showNeeds() {
  const { queryString = [], headers = [], signature = false } = served.get($('url').value)?.required ?? {};
  const nameOf = (row) => row.querySelector('.name').value;
  const isUntouched = (row) => row.querySelector('.value').value === '' && (nameOf(row) === '' || row.dataset.offered === nameOf(row));
  for (const row of [...$('query').children]) {
    if (isUntouched(row) && !queryString.includes(nameOf(row))) { row.remove(); }
  }
  const there = [...$('query').children].map(nameOf);
  for (const name of queryString.filter((one) => !there.includes(one))) {
    const row = addParameter();
    row.querySelector('.name').value = row.dataset.offered = name;
    row.querySelector('.value').placeholder = 'for the authorizer';
  }
  if ($('query').childElementCount === 0) { addParameter(); }
  $('cannot').hidden = headers.length === 0 && !signature;
  $('cannot').textContent = signature
    ? 'This API wants a request that is signed by IAM credentials, which this page cannot send.'
    : `This API needs the header ${headers.join(' and ')}, which browsers cannot send with a WebSocket.`;
}

$('url').oninput = matchApi;
$('api').onchange = () => {
  if ($('api').value === '') {
    $('url').select();
  } else {
    $('url').value = $('api').value;
    showNeeds();
  }
};

// --- Clients ---

function addParameter() {
  const number = $('query').childElementCount + 1;
  const field = (name) => element('input', { className: `mono ${name}`, placeholder: name, spellcheck: false, ariaLabel: `${name} of parameter ${number}` });
  const row = element('div', 'parameter', field('name'), field('value'),
    element('button', { type: 'button', className: 'plain', ariaLabel: `Remove parameter ${number}`, onclick: () => row.remove() }, '×'));
  $('query').append(row);
  return row;
}

$('add-parameter').onclick = () => addParameter().firstChild.focus();

$('connect').onsubmit = (event) => {
  event.preventDefault();
  const parameters = [...$('query').children]
    .map((row) => [...row.querySelectorAll('input')].map(({ value }) => encodeURIComponent(value)))
    .filter(([name]) => name !== '')
    .map((pair) => pair.join('='));
  $('connect-error').textContent = '';
  try {
    const url = new URL($('url').value.trim(), `${scheme}//${location.host}`);
    url.search = [url.search.slice(1), ...parameters].filter((part) => part !== '').join('&');
    openSession(url, $('protocols').value.split(/[\s,]+/).filter((name) => name !== ''));
  } catch (error) {
    $('connect-error').textContent = `not a connection that a browser can make: ${error.message}`;
  }
};

let sessions = [];
let sessionCount = 0;
let history = [];

function select(session) {
  for (const one of sessions) {
    one.panel.hidden = one !== session;
    one.tab.ariaCurrent = String(one === session);
  }
  session?.message.focus();
  session?.message.select();
}

function showHistory({ past }) {
  past.hidden = history.length === 0;
  past.replaceChildren(element('option', { value: '' }, 'sent before'), ...history.map((text, index) => element('option', { value: index }, oneLine(text).slice(0, 80))));
}

/** A connection of this page: it can be made again after its end. */
function openSession(url, protocols) {
  const number = ++sessionCount;
  const tab = element('button', { type: 'button', onclick: () => select(session) }, `#${number} ${url.pathname}`);
  const state = element('p', { className: 'state', role: 'status' });
  const entries = element('div', { className: 'entries', tabIndex: 0, role: 'log', ariaLabel: `Frames of connection ${number}` });
  const example = served.get(`${url.origin}${url.pathname}`)?.exampleMessage;
  const message = element('textarea', { className: 'mono', rows: 4, spellcheck: false, placeholder: example ?? 'any text' });
  // A newcomer sends this; it is selected, so whoever types replaces it.
  if (history.length === 0 && example !== undefined) { message.value = example; }
  const past = element('select', { className: 'history', ariaLabel: 'Messages sent before' });
  const send = element('button', { className: 'primary', title: 'Ctrl+Enter' }, 'Send');
  const end = element('button', { type: 'button' });
  const forget = element('button', { type: 'button' }, 'Remove');
  const composer = element('form', '', element('label', '', 'Message', message), element('div', 'buttons', send, past, element('span', 'grow'), end, forget));
  const panel = element('section', { className: 'panel', ariaLabel: `Connection ${number}` }, element('code', 'url', url.origin + url.pathname), state, entries, composer);
  const session = { tab, panel, message, past };
  let socket;

  const enter = (name, words) => {
    tab.className = name;
    state.textContent = words;
    send.disabled = name !== 'open';
    end.textContent = name === 'closed' ? 'Connect again' : 'Disconnect';
    forget.hidden = name !== 'closed';
  };
  const add = (tone, text) => {
    const [mark, title] = MARKS[tone];
    const follow = isAtEnd(entries);
    const summary = [element('span', { className: 'mark', title }, mark), element('time', '', timeOfDay(Date.now())), element('span', 'mono text', oneLine(text))];
    entries.append(element('details', tone, element('summary', '', ...summary), element('pre', '', pretty(text))));
    if (entries.childElementCount > MAX_ENTRIES) { entries.firstChild.remove(); }
    if (follow) { scrollToEnd(entries); }
  };
  const connect = () => {
    const current = new WebSocket(url, protocols);
    let opened;
    socket = current;
    enter('connecting', 'connecting');
    current.onopen = () => {
      opened = Date.now();
      enter('open', `connected${current.protocol === '' ? '' : `, subprotocol ${current.protocol}`}`);
    };
    current.onmessage = ({ data }) => add('out', typeof data === 'string' ? data : `binary, ${data.size} bytes`);
    current.onclose = ({ code, reason }) => {
      const words = opened ? `closed: ${code} ${closing(code, reason, Date.now() - opened)}`
        : `not connected: the traffic says why${protocols.length === 0 ? '' : ', or `$connect` did not answer with one of the subprotocols'}`;
      enter('closed', words);
      add(opened ? 'close' : 'bad', words);
    };
  };

  composer.onsubmit = (event) => {
    event.preventDefault();
    if (socket.readyState !== WebSocket.OPEN) { return; }
    socket.send(message.value);
    add('in', message.value);
    history = [message.value, ...history.filter((text) => text !== message.value)].slice(0, MAX_HISTORY);
    sessions.forEach(showHistory);
    message.value = '';
  };
  message.onkeydown = ({ key, ctrlKey, metaKey }) => {
    if (key === 'Enter' && (ctrlKey || metaKey)) { composer.requestSubmit(); }
  };
  past.onchange = () => {
    message.value = history[past.value];
    past.selectedIndex = 0;
    message.focus();
  };
  end.onclick = () => (socket.readyState === WebSocket.CLOSED ? connect() : socket.close(1000));
  forget.onclick = () => {
    sessions = sessions.filter((one) => one !== session);
    tab.remove();
    panel.remove();
    select(sessions.at(-1));
  };

  connect();
  sessions.push(session);
  showHistory(session);
  $('sessions').append(tab);
  $('panels').append(panel);
  select(session);
}

// --- The gateway ---

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
