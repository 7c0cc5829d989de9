// The connections of this page: a panel for each.

import { exampleFor, messagesFor, target } from './apis.js';
import { $, element, isAtEnd, scrollToEnd } from './element.js';
import { examples } from './examples.js';
import { oneLine, pretty, timeOfDay } from './text.js';
import { closing, MARKS } from './words.js';

const MAX_ENTRIES = 300;
const MAX_HISTORY = 50;

$('connect').onsubmit = (event) => {
  event.preventDefault();
  $('connect-error').textContent = '';
  try {
    const { url, protocols } = target();
    openSession(url, protocols);
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
  const example = exampleFor(url);
  const message = element('textarea', { className: 'mono', rows: 4, spellcheck: false, placeholder: example ?? 'any text' });
  // A newcomer sends this; it is selected, so whoever types replaces it.
  if (history.length === 0 && example !== undefined) { message.value = example; }
  const past = element('select', { className: 'history', ariaLabel: 'Messages sent before' });
  const [routes = '', schema = ''] = examples(messagesFor(url), message);
  const send = element('button', { className: 'primary', title: 'Ctrl+Enter' }, 'Send');
  const end = element('button', { type: 'button' });
  const forget = element('button', { type: 'button' }, 'Remove');
  const composer = element('form', '', element('label', '', 'Message', message), element('div', 'buttons', send, routes, past, element('span', 'grow'), end, forget), schema);
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
