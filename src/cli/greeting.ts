import { counted, Paint } from './report';
import { FunctionModel } from '../local/definition/model';
import { ServedApi } from '../local/definition/served-api';
import { onOneLine } from '../local/events/terminal-text';
import { GatewayEvent } from '../local/events/trace';
import { runtimeNote } from '../local/lambda/function-pool';

/** What the first screen tells of a gateway. */
export interface Greeted {
  readonly apis: readonly ServedApi[];
  readonly functionsInUse: FunctionModel[];
  readonly port: number;
  /** By which other devices connect; none if they cannot. */
  readonly reachableUrls: readonly string[];
  readonly allowedOrigins: readonly string[];
  /** Of a DynamoDB that the gateway started. */
  readonly tablesUrl?: string;
  events(): GatewayEvent[];
}

/** More are on the page. */
const MAX_APIS = 3;
const MAX_ROUTES_CHARACTERS = 100;

/** What a person sees first: what is served, how to connect, what to type next, and what is missing. */
export function greeting(gateway: Greeted, paint: Paint): string {
  const { apis, functionsInUse, port, reachableUrls, tablesUrl } = gateway;
  const [first] = apis;
  const findings = gateway.events().filter(({ type }) => type === 'warning').length;
  const row = (name: string, text: string) => `  ${paint('dim', name.padEnd(9))} ${text}`;
  return [
    ...apis.slice(0, MAX_APIS).map((api) => served(api, paint)),
    ...apis.length > MAX_APIS ? [`  and ${counted(apis.length - MAX_APIS, 'more stage')}, listed on the page`] : [],
    row('functions', functionsIn(functionsInUse) + tablesIn(tablesUrl)),
    ...first ? [row('connect', onOneLine(connectCommand(first))), row('send', onOneLine(first.exampleMessage ?? 'any text'))] : [],
    row('page', `${paint('cyan', `http://localhost:${port}/_console`)}  a client and all traffic, in your browser`),
    ...reachableUrls.length > 0 ? [row('reach', reach(gateway))] : [],
    findings === 0 ? row('findings', 'none') : row('findings', paint('yellow', `${findings}, in the lines below that begin with !`)),
  ].join('\n');
}

function served({ name, stage, url, domainUrls, routes }: ServedApi, paint: Paint): string {
  const urls = [url, ...domainUrls].join('  ');
  return `${paint('green', '✓')} ${paint('bold', onOneLine(name))} (${onOneLine(stage)})  ${paint('cyan', onOneLine(urls))}  ${counted(routes.length, 'route')}: ${shortList(routes)}`;
}

/** As many as fit on a line, and how many more there are. */
function shortList(names: readonly string[]): string {
  let length = 0;
  const shown = names.filter((name, index) => (length += name.length + 2) <= MAX_ROUTES_CHARACTERS || index === 0);
  return onOneLine(shown.join(', ')) + (shown.length < names.length ? ` and ${names.length - shown.length} more` : '');
}

function functionsIn(functions: FunctionModel[]): string {
  const notes = [...new Set(functions.flatMap((fn) => runtimeNote(fn) ?? []))];
  return [String(functions.length), ...notes.length > 0 ? [`on ${notes.join(', ')}`] : []].join(' ');
}

function tablesIn(url: string | undefined): string {
  return url === undefined ? '' : `; tables in dynalite at ${url}, until the gateway ends (no TTL, no streams)`;
}

/** A line to type in another terminal: `wscat` is known, and needs no installation. */
function connectCommand({ url, required: { queryString, headers, signature } }: ServedApi): string {
  const query = queryString.map((name) => `${encodeURIComponent(name)}=…`).join('&');
  const options = headers.map((name) => ` -H "${name}: …"`).join('');
  const command = `npx wscat -c ${query === '' ? url : `"${url}?${query}"`}${options}`;
  return signature ? `${url}, with a request that is signed by IAM credentials: \`--json\` prints some` : command;
}

function reach({ reachableUrls, allowedOrigins }: Greeted): string {
  const pages = ['of this machine', 'of the app\'s domains', ...allowedOrigins.map((origin) => (origin === '*' ? 'of every site' : onOneLine(origin)))];
  return `everybody who reaches ${reachableUrls.join(' or ')} can connect; pages: ${pages.join(', ')}`;
}
