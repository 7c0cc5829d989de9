// The traffic: a row for each event.

import { connectionButton, follow, showConnections } from './connections.js';
import { $, element, isAtEnd, scrollToEnd } from './element.js';
import { oneLine, pretty, timeOfDay } from './text.js';
import { walkable } from './walkable.js';
import { describe, KINDS, MARKS } from './words.js';

const MAX_ROWS = 1000;

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

const keepWalkable = walkable($('traffic'));

function showEmptiness() {
  const isFiltered = ['kind', 'connection', 'text'].some((id) => $(id).value !== '');
  $('no-traffic').hidden = rows.length > 0;
  $('no-match').hidden = rows.length === 0 || !isFiltered || rows.some(({ tr }) => !tr.hidden);
  keepWalkable();
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

/** Takes an event into the traffic. */
export function take(event) {
  follow(event);
  waiting.push(event);
  if (waiting.length > MAX_ROWS * 2) { waiting = waiting.slice(-MAX_ROWS); }
  showSoon();
}

export function clear() {
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
