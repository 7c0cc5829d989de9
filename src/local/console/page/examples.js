// What the routes of an API take: an example to send, and its schema.

import { element } from './element.js';
import { pretty } from './text.js';

/** A list of the routes to choose from, which fills in an example and shows the schema. Nothing if no route has an example. */
export function examples(messages, composer) {
  if (messages.length === 0) { return []; }
  const schema = element('pre', '', '');
  const details = element('details', { className: 'schema', hidden: true }, element('summary', '', 'Schema'), schema);
  const routes = element('select', { className: 'history', ariaLabel: 'Example for a route' },
    element('option', { value: '' }, 'example'), ...messages.map(({ routeKey }, index) => element('option', { value: index }, routeKey)));
  routes.onchange = () => {
    const { routeKey, example, schema: its } = messages[routes.value];
    composer.value = pretty(example);
    composer.focus();
    details.hidden = its === undefined;
    details.firstChild.textContent = `Schema of ${routeKey}`;
    schema.textContent = its === undefined ? '' : JSON.stringify(its, undefined, 2);
    routes.selectedIndex = 0;
  };
  return [routes, details];
}
