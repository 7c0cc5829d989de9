import { IntegrationFailure } from './failure';
import { parseJsonOrText, renderTemplate } from './mapping-template';
import { MappedParameters, mapRequestParameters, MappingSources } from './parameter-mapping';
import { evaluateExpression } from '../definition/expression';
import { IntegrationModel } from '../definition/model';

/** The event that an integration gets. */
export interface IntegrationRequest {
  readonly routeKey: string;
  readonly eventType: 'CONNECT' | 'MESSAGE' | 'DISCONNECT';
  readonly body: string | undefined;
  readonly headers: Record<string, string>;
  readonly multiValueHeaders: Record<string, string[]>;
  readonly queryString: Record<string, string>;
  readonly multiValueQueryString: Record<string, string[]>;
  /** `$context`, nested. */
  readonly context: Record<string, unknown>;
  readonly stageVariables: Record<string, string>;
}

/** What templates and parameters make of an event. */
export interface PreparedRequest {
  readonly body: string | undefined;
  readonly parameters: MappedParameters;
}

/** @throws Error if a template or a parameter cannot be used, or nothing may pass without a template */
export function prepareRequest(model: IntegrationModel, request: IntegrationRequest): PreparedRequest {
  const sources = sourcesOf(request);
  const parameters = model.type === 'MOCK' ? { headers: {}, query: [], path: {} } : mapRequestParameters(model.requestParameters, sources);
  return { body: requestBody(model, request, sources), parameters };
}

export function sourcesOf({ body, ...request }: IntegrationRequest): MappingSources {
  let parsed: { json: unknown } | undefined;
  return { ...request, text: body, body: () => (parsed ??= { json: parseJsonOrText(body) }).json };
}

/** The template that a selection expression chooses, else the one with the key `$default`. */
export function selectTemplate(
  templates: Readonly<Record<string, string>>,
  expression: string | undefined,
  sources: MappingSources,
): { readonly key: string; readonly template?: string } {
  const key = expression === undefined ? 'application/json' : evaluateExpression(expression, sources);
  return { key, template: Object.hasOwn(templates, key) ? templates[key] : templates.$default };
}

function requestBody(model: IntegrationModel, request: IntegrationRequest, sources: MappingSources): string | undefined {
  const { type, requestTemplates: templates, templateSelectionExpression: expression, passthroughBehavior } = model;
  if (type === 'HTTP_PROXY') { return request.body; }
  const { key, template } = selectTemplate(templates, expression, sources);
  if (template !== undefined) { return renderTemplate(template, request); }
  if (passthroughBehavior === 'NEVER' || (passthroughBehavior === 'WHEN_NO_TEMPLATES' && Object.keys(templates).length > 0)) {
    throw new IntegrationFailure('unsupported', `there is no request template \`${key}\`, and \`${passthroughBehavior}\` does not let a message pass without one: `
      + 'add the template, or one with the key `$default`');
  }
  return request.body;
}
