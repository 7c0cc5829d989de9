import fc from 'fast-check';
import { listOf, recordOf, text, textsOf } from './text';
import { renderTemplate } from '../../../src/local/integrations/mapping-template';
import { IntegrationRequest, prepareRequest } from '../../../src/local/integrations/request';
import { makeResponse } from '../../../src/local/integrations/response';
import { integrationModel } from '../../local/fake-backend';
import { Target } from '../engine';

const TEMPLATE = [
  "$input.json('$')", "$input.path('$.a')", '$input.body', "$input.path('$')", '$context.connectionId', '$stageVariables.v', '$util.', 'escapeJavaScript($x)', 'urlDecode("%")',
  'urlEncode($x)', 'base64Decode($x)', 'parseJson($x)', '$x', '${x}', '$!x', '.size()', '.get(0)', ".put('a', $x)", '.add($x)', ".replaceAll('a', $x)", ".split('[')",
  '.substring(1, 2)', '.charAt($x)', ".matches('(')", '.keySet()', '.entrySet()', '[0]', '["a"]', '.a', '#set($x = ', '#if(', '#else', '#elseif(', '#end', '#foreach($x in ', '#macro(m $a)',
  '#m($x)', '#define($d)', '#break', '#stop', '#[[', ']]#', '##', '#*', '*#', ')', '(', ' == ', ' + ', ' * ', '[1..9]', '{"a": $x}', '["a", 1]', '"$x"', "'y'", '1', ' && ', '!', '\n', '\\', ',',
];
const body = fc.oneof(fc.json({ maxDepth: 3 }), fc.string());

/** VTL. */
export const templates: Target<{ template: string; body: string }> = {
  inputs: fc.record({ template: text(TEMPLATE, 20), body }),
  confined: true,
  run: ({ template, body: given }) => renderTemplate(String(template), {
    body: String(given), context: { connectionId: 'c=', authorizer: { a: 'b' } }, stageVariables: { v: 'w' },
  }),
};

const SOURCES = ["'text'", 'route.request.body', 'route.request.body.a', 'route.request.header.x', 'route.request.querystring.q', 'context.connectionId', 'stageVariables.v', 'integration.response.body.a', 'integration.response.header.x'];
const parameters = (prefix: string, places: readonly string[]) => fc.dictionary(
  fc.tuple(fc.constantFrom(...places), fc.string()).map(([place, name]) => `${prefix}${place}.${name}`), fc.oneof(fc.constantFrom(...SOURCES), fc.string()), { maxKeys: 3 });

/** What an integration is sent, and what its answer becomes: templates, parameters, keys. */
export const integrations: Target<{ model: any; response: any; body: string; answer: any }> = {
  inputs: fc.record({
    model: fc.record({
      type: fc.constantFrom('AWS', 'HTTP', 'HTTP_PROXY', 'MOCK'),
      requestTemplates: fc.dictionary(fc.constantFrom('$default', 'a', '__proto__'), text(TEMPLATE), { maxKeys: 2 }),
      requestParameters: parameters('integration.request.', ['header', 'querystring', 'path']),
      templateSelectionExpression: fc.constantFrom('$request.body.a', '\\$default', 'constructor'),
    }),
    response: fc.record({
      key: fc.oneof(fc.constantFrom('$default', '200', '/2\\d\\d/', '/(/'), fc.string()),
      templates: fc.dictionary(fc.constantFrom('$default', 'a'), text(TEMPLATE), { maxKeys: 2 }),
      parameters: parameters('route.response.', ['header']),
    }),
    body,
    answer: fc.record({ status: fc.integer({ min: 100, max: 599 }), body }),
  }),
  confined: true,
  run({ model, response, body: given, answer }) {
    const { type, requestTemplates, requestParameters, templateSelectionExpression } = recordOf(model);
    const { key, templates: responseTemplates, parameters: responseParameters } = recordOf(response);
    // As the assembly is read: texts where there have to be texts.
    const whole = integrationModel({
      type: listOf(type).includes('HTTP') ? 'HTTP' : 'AWS',
      requestTemplates: textsOf(requestTemplates),
      requestParameters: textsOf(requestParameters),
      templateSelectionExpression: typeof templateSelectionExpression === 'string' ? templateSelectionExpression : undefined,
      responses: [{ key: typeof key === 'string' ? key : '$default', templates: textsOf(responseTemplates), parameters: textsOf(responseParameters) }],
    });
    const request: IntegrationRequest = {
      routeKey: 'r',
      eventType: 'MESSAGE',
      body: String(given),
      headers: { x: 'y' },
      multiValueHeaders: { x: ['y', 'z'] },
      queryString: { q: 'v' },
      multiValueQueryString: { q: ['v'] },
      context: { connectionId: 'c=' },
      stageVariables: { v: 'w' },
    };
    prepareRequest(whole, request);
    const { status, body: answered } = recordOf(answer);
    return makeResponse(whole, request, { status: Number.isInteger(status) ? status : 200, headers: { x: 'y' }, body: typeof answered === 'string' ? answered : undefined });
  },
};
