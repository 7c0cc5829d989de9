import { DiagnosticSeverity, Parser } from '@asyncapi/parser';
import { App, Stack } from 'aws-cdk-lib';
import { CfnModel, CfnRoute, CfnRouteResponse, WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketMockIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { readModel } from '../../../src/local/assembly/model-reader';
import { asyncApiDocument } from '../../../src/local/asyncapi/document';
import * as scenarios from '../../scenarios';
import { synthesize } from '../assembly-folder';

/*
 * The judge is AsyncAPI's own parser. It is slow to load, so this file alone asks it.
 */
const parser = new Parser();

const APPS: { [name: string]: (app: App) => void } = {
  'messages of routes': scenarios.messagesOfRoutes,
  'an authorizer': scenarios.authorizationByHandler,
  'IAM, in several stages': scenarios.insideStages,
  'an API key': scenarios.apiKeys,
  'a wildcard domain': scenarios.domainWithWildcard,
  'several APIs on one domain': scenarios.domainSharedByPath,
  'everything at once': scenarios.everything,
  'the L2s': l2,
};

test.each(Object.keys(APPS))('the document is a valid one of AsyncAPI 3, with nothing to improve: %s', async (name) => {
  const document = asyncApiDocument(readModel(synthesize(APPS[name])));
  const { diagnostics, document: parsed } = await parser.parse(JSON.stringify(document));

  // There is a newer version.
  expect(diagnostics.filter(({ code }) => code !== 'asyncapi-latest-version')).toEqual([]);
  expect(parsed?.version()).toBe('3.0.0');
});

test('a document that is none has errors', async () => {
  const { diagnostics } = await parser.parse(JSON.stringify({ asyncapi: '3.0.0', info: { title: 'x' } }));

  expect(diagnostics.some(({ severity }) => severity === DiagnosticSeverity.Error)).toBe(true);
});

/** With two stages, a shared model, and one that refers to it. */
function l2(app: App) {
  const stack = new Stack(app, 'Stack');
  const api = new WebSocketApi(stack, 'Api', { apiName: 'Orders', routeSelectionExpression: '$request.body.kind' });
  ['test', 'prod'].forEach((stageName) => new WebSocketStage(stack, stageName, { webSocketApi: api, stageName, autoDeploy: true }));
  const route = api.addRoute('order', { integration: new WebSocketMockIntegration('Mock'), returnResponse: true });
  const model = (name: string, schema: object) => new CfnModel(stack, name, { apiId: api.apiId, name, contentType: 'application/json', schema });
  model('Item', { type: 'object', properties: { parts: { type: 'array', items: { $ref: `https://apigateway.amazonaws.com/restapis/${api.apiId}/models/Item` } } } });
  model('Order', {
    id: 'https://example.com/order',
    $ref: '#/definitions/order',
    definitions: { order: { properties: { item: { $ref: `https://apigateway.amazonaws.com/restapis/${api.apiId}/models/Item` }, count: { minimum: 0, exclusiveMinimum: true } } } },
  });
  (route.node.defaultChild as CfnRoute).requestModels = { $default: 'Order' };
  const response = route.node.findAll().find((node): node is CfnRouteResponse => node instanceof CfnRouteResponse)!;
  response.responseModels = { $default: 'Item' };
  new WebSocketApi(stack, 'WithoutStage');
}
