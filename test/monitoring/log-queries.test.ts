import { AccessLog } from '../../src';
import { Exchange } from '../../src/local/dispatch/exchange';
import { accessLogLine } from '../../src/local/wire/access-log';
import { logFieldsOf } from '../../src/monitoring/log-fields';
import { logQueries } from '../../src/monitoring/log-queries';
import { apiModel, peer, placeIn, routeModel } from '../local/fake-backend';

const FORMAT = AccessLog.json()._format!;
const { queries } = logQueries(logFieldsOf(FORMAT));

/** A line as the gateway prints it, of a message whose route failed. */
const LINE: { readonly [field: string]: string } = (() => {
  const exchange = Exchange.message(peer({ identity: { sourceIp: '127.0.0.1' } }), placeIn(apiModel([routeModel('say')])), 'say', '{}', 1_700_000_000_000);
  exchange.progress.status = 502;
  exchange.progress.integration = { latencyMillis: 7 };
  return JSON.parse(accessLogLine(FORMAT, exchange));
})();

const WORDS = ['fields', 'filter', 'stats', 'sort', 'limit', 'by', 'like', 'and', 'as', 'pct', 'max', 'count', 'asc', 'desc'];

/** What a query names that is no word of the language, no name of its own, and no text. */
function fieldsIn(query: string): string[] {
  const given = [...query.matchAll(/ as (\w+)/g)].map(([, name]) => name);
  const names = [...query.replace(/"[^"]*"|\/[^/]*\//g, '').matchAll(/(?<![@\w])[A-Za-z_][\w.]*/g)].map(([name]) => name);
  return names.filter((name) => ![...WORDS, ...given].includes(name));
}

test.each(queries.map(({ name, query }) => [name, query]))('the query "%s" names fields that a line of the log has', (_, query) => {
  expect(fieldsIn(query)).not.toEqual([]);
  expect(fieldsIn(query).filter((field) => !Object.hasOwn(LINE, field))).toEqual([]);
});

test.each([['Slowest routes', 'integrationLatency'], ['Errors by route', 'status']])('the query "%s" finds the line of a message whose route failed, by its %s', (name, field) => {
  const { query } = queries.find((one) => one.name === name)!;
  const [, pattern] = new RegExp(`filter ${field} like /(.+)/`).exec(query)!;

  expect(LINE[field]).toMatch(new RegExp(pattern));
});
