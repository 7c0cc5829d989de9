// The APIs that the gateway serves, and the form to connect to one.

import { $, element } from './element.js';

/** By URL: what the API there needs, and what it understands. */
let served = new Map();

const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';

export function showApis(apis) {
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

function addParameter() {
  const number = $('query').childElementCount + 1;
  const field = (name) => element('input', { className: `mono ${name}`, placeholder: name, spellcheck: false, ariaLabel: `${name} of parameter ${number}` });
  const row = element('div', 'parameter', field('name'), field('value'),
    element('button', { type: 'button', className: 'plain', ariaLabel: `Remove parameter ${number}`, onclick: () => row.remove() }, '×'));
  $('query').append(row);
  return row;
}

$('add-parameter').onclick = () => addParameter().firstChild.focus();

/**
 * What the form says to connect to.
 *
 * @throws if it is no URL
 */
export function target() {
  const parameters = [...$('query').children]
    .map((row) => [...row.querySelectorAll('input')].map(({ value }) => encodeURIComponent(value)))
    .filter(([name]) => name !== '')
    .map((pair) => pair.join('='));
  const url = new URL($('url').value.trim(), `${scheme}//${location.host}`);
  url.search = [url.search.slice(1), ...parameters].filter((part) => part !== '').join('&');
  return { url, protocols: $('protocols').value.split(/[\s,]+/).filter((name) => name !== '') };
}

/** The first message to try, if the gateway knows one. */
export function exampleFor(url) {
  return served.get(`${url.origin}${url.pathname}`)?.exampleMessage;
}

/** What the routes there take. */
export function messagesFor(url) {
  return served.get(`${url.origin}${url.pathname}`)?.messages ?? [];
}
