import { evaluateExpression, ExpressionSources, jsonPath } from '../definition/expression';
import { jsonText } from '../definition/json-value';

/** What parameters are taken from. */
export interface MappingSources extends ExpressionSources {
  /** The message as it came. */
  readonly text?: string;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>;
  readonly multiValueQueryString?: Readonly<Record<string, readonly string[]>>;
}

/** What a request to an integration gets by its parameters. */
export interface MappedParameters {
  readonly headers: Record<string, string>;
  readonly query: Array<[string, string]>;
  /** For `{name}` in the URI. */
  readonly path: Record<string, string>;
}

/** `integration.request.header.X`, `.querystring.X` and `.path.X`, from what each is mapped to. What has no value is left out. */
export function mapRequestParameters(parameters: Readonly<Record<string, string>>, sources: MappingSources): MappedParameters {
  const mapped: MappedParameters = { headers: {}, query: [], path: {} };
  for (const [target, source] of Object.entries(parameters)) {
    const [, kind, name] = /^integration\.request\.(header|querystring|path)\.(.+)$/.exec(target) ?? [];
    const values = valuesOf(source, sources);
    switch (kind) {
      case 'header': if (values.length > 0) { mapped.headers[name] = values.join(','); } break;
      case 'querystring': mapped.query.push(...values.map((value): [string, string] => [name, value])); break;
      case 'path': mapped.path[name] = values.join(','); break;
      default: throw new Error(`the request parameter \`${target}\` is not known: write \`integration.request.header.name\`, \`.querystring.name\` or \`.path.name\``);
    }
  }
  return mapped;
}

/** The headers of an answer: `route.response.header.X`, from what each is mapped to. */
export function mapResponseParameters(parameters: Readonly<Record<string, string>>, sources: MappingSources): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [target, source] of Object.entries(parameters)) {
    // The second form is from CloudFormation's documentation.
    const [, name] = /^(?:route|method)\.response\.header\.(.+)$/.exec(target) ?? [];
    if (name === undefined) {
      throw new Error(`the response parameter \`${target}\` is not known: write \`route.response.header.name\``);
    }
    const values = valuesOf(source, sources);
    if (values.length > 0) { headers[name] = values.join(','); }
  }
  return headers;
}

const SOURCE = /^(route\.request\.(?:header|querystring|multivalueheader|multivaluequerystring|body)|context|stageVariables|integration\.response\.(?:header|body|statuscode))(?:\.(.+)|(?=\[)(.+))?$/s;

function valuesOf(source: string, sources: MappingSources): readonly string[] {
  const [, quoted] = /^'(.*)'$/s.exec(source) ?? [];
  if (quoted !== undefined) { return [quoted]; }
  const [, kind, dotted, indexed] = SOURCE.exec(source) ?? [];
  const name = dotted ?? indexed ?? '';
  switch (kind) {
    case 'route.request.multivalueheader': return header(sources.multiValueHeaders, name) ?? [];
    case 'route.request.multivaluequerystring': return named(sources.multiValueQueryString, name) ?? [];
    case 'route.request.header': return present(header(sources.headers, name));
    case 'route.request.querystring': return present(named(sources.queryString, name));
    case 'route.request.body': return present(name === '' ? sources.text : textOf(jsonPath(name, sources.body?.())));
    case 'context': return present(textOf(jsonPath(name, sources.context)));
    case 'stageVariables': return present(named(sources.stageVariables, name));
    case 'integration.response.header': return present(header(sources.response?.headers, name));
    case 'integration.response.body': return present(textOf(jsonPath(name, sources.response?.body())));
    case 'integration.response.statuscode': return [evaluateExpression('$integration.response.statuscode', sources)];
    default: throw new Error(`\`${source}\` is not a source for a parameter: write \`route.request.header.name\`, \`route.request.querystring.name\`, `
      + "`route.request.body.path`, `context.name`, `stageVariables.name`, `integration.response.header.name`, `integration.response.body.path` or `'text'`");
  }
}

function present(value: string | undefined): string[] {
  return value === undefined ? [] : [value];
}

function textOf(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : typeof value === 'string' ? value : jsonText(value);
}

function named<T>(values: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return Object.entries(values ?? {}).find(([key]) => key === name)?.[1];
}

/** In any case. */
function header<T>(headers: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return Object.entries(headers ?? {}).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}
