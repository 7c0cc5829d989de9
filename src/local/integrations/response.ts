import { IntegrationFailure } from './failure';
import { parseJsonOrText, renderTemplate } from './mapping-template';
import { mapResponseParameters } from './parameter-mapping';
import { patternOf } from './pattern';
import { IntegrationRequest, selectTemplate, sourcesOf } from './request';
import { IntegrationModel, IntegrationResponseModel } from '../definition/model';
import { describeFunctionError } from '../lambda/function-error';

/** What the backend of an integration answered. */
export interface BackendAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** Of a Lambda function: the message of its error, empty if it has none. */
  readonly errorMessage?: string;
  readonly functionError?: string;
}

/** What the route answers. */
export interface IntegrationAnswer {
  readonly statusCode: number;
  readonly body: string | undefined;
  readonly headers: Record<string, string>;
}

/**
 * Makes the answer of the route from that of the backend, with the integration response that fits.
 *
 * @throws Error if no integration response fits, or one cannot be used
 */
export function makeResponse(model: IntegrationModel, request: IntegrationRequest, answer: BackendAnswer): IntegrationAnswer {
  const statusCode = answer.status;
  if (model.type === 'HTTP_PROXY') { return { statusCode, body: answer.body || undefined, headers: { ...answer.headers } }; }

  const selected = answer.errorMessage ?? String(statusCode);
  const response = model.responses.find(({ key }) => key !== '$default' && keyMatches(key, selected))
    ?? model.responses.find(({ key }) => key === '$default');
  if (!response && answer.functionError !== undefined) {
    throw new IntegrationFailure('function', describeFunctionError(answer.body ?? answer.functionError));
  }
  if (!response && model.responses.length > 0) {
    throw new IntegrationFailure('internal', `there is no integration response for \`${selected}\`: add one with the key \`$default\``);
  }
  return response ? responseOf(response, request, answer) : { statusCode, body: answer.body || undefined, headers: {} };
}

/** A key between slashes is a regular expression, which has to match the whole text. */
function keyMatches(key: string, text: string): boolean {
  const [, pattern] = /^\/(.*)\/$/s.exec(key) ?? [];
  return pattern === undefined ? key === text : patternOf(`the key \`${key}\` of an integration response`, `^(?:${pattern})$`, 's').test(text);
}

function responseOf(
  response: IntegrationResponseModel,
  request: IntegrationRequest,
  { status, headers, body }: BackendAnswer,
): IntegrationAnswer {
  const { templates, templateSelectionExpression: expression, parameters } = response;
  const sources = { ...sourcesOf(request), response: { statusCode: status, headers, body: () => parseJsonOrText(body) } };
  const { template } = selectTemplate(templates, expression, sources);
  return {
    statusCode: status,
    body: (template === undefined ? body : renderTemplate(template, { ...request, body })) || undefined,
    headers: mapResponseParameters(parameters, sources),
  };
}
