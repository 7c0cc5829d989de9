import { LogFields } from './log-fields';

/** A question to the logs. */
export interface LogQuery {
  readonly name: string;
  /** For a table of the dashboard, whose lines are of the access log alone. */
  readonly title?: string;
  readonly query: string;
  /** Whether it looks at the logs of functions, too. */
  readonly functions: boolean;
}

type Values = { readonly [value: string]: string };

interface Question {
  readonly name: string;
  readonly title?: string;
  /** What the access log has to have, as API Gateway calls it. */
  readonly values: string[];
  readonly functions?: boolean;
  /** @param of the name of the field that holds a value */
  query(of: Values): string[];
}

const QUESTIONS: Question[] = [
  {
    name: 'Life of one connection',
    values: ['connectionId', 'eventType', 'routeKey', 'status', 'integrationLatency'],
    functions: true,
    query: (of) => [
      `fields @timestamp, ${of.eventType}, ${of.routeKey}, ${of.status}, ${of.integrationLatency}, @log, @message`,
      // A function that logs the id is found as well.
      'filter @message like "PASTE THE CONNECTION ID"',
      'sort @timestamp asc',
      'limit 1000',
    ],
  },
  {
    name: 'Slowest routes',
    title: 'Slowest routes (milliseconds)',
    values: ['routeKey', 'integrationLatency'],
    query: (of) => [
      `filter ${of.integrationLatency} like /^[0-9]+$/`,
      `stats pct(${of.integrationLatency}, 50) as p50, pct(${of.integrationLatency}, 90) as p90, max(${of.integrationLatency}) as slowest, count(*) as requests by ${of.routeKey}`,
      'sort p90 desc',
    ],
  },
  {
    name: 'Refused handshakes',
    title: 'Refused handshakes',
    values: ['eventType', 'status', 'identity.sourceIp'],
    query: (of) => [
      `filter ${of.eventType} = "CONNECT" and ${of.status} like /^[345]/`,
      `stats count(*) as refused by ${of.status}, ${of['identity.sourceIp']}`,
      'sort refused desc',
      'limit 50',
    ],
  },
  {
    name: 'Errors by route',
    title: 'Errors by route',
    values: ['routeKey', 'status'],
    query: (of) => [
      `filter ${of.status} like /^[45]/`,
      `stats count(*) as errors by ${of.routeKey}, ${of.status}`,
      'sort errors desc',
    ],
  },
];

/** What functions write of errors, whatever language they are in. */
export const FUNCTION_ERRORS: LogQuery = {
  name: 'Errors of functions',
  query: ['fields @timestamp, @log, @message', 'filter @message like /(?i)(error|exception|task timed out)/', 'sort @timestamp desc', 'limit 200'].join('\n| '),
  functions: true,
};

/** The questions that an access log with these fields can answer, and what the others lack. */
export function logQueries(fields: LogFields): { readonly queries: LogQuery[]; readonly missing: string[] } {
  const lacks = ({ values }: Question) => values.filter((value) => !fields.has(value));
  const of: Values = Object.fromEntries(fields);
  return {
    queries: QUESTIONS.filter((question) => lacks(question).length === 0)
      .map(({ name, title, functions = false, query }) => ({ name, title, functions, query: query(of).join('\n| ') })),
    missing: [...new Set(QUESTIONS.flatMap(lacks))],
  };
}
