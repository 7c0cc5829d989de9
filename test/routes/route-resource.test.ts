import { App, Stage, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { WebSocketApi as Api } from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketLambdaIntegration, WebSocketMockIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { ApiSource, Authorization, MessageModel, Route, WebSocketApi } from '../../src';
import { RouteResource } from '../../src/routes/route-resource';
import { ECHO, only, testApp, testFunction, testStack, warnings } from '../test-stack';

/** Takes no message of any route but `b`. */
const MODEL = MessageModel.fromJsonSchema({ type: 'object', properties: { kind: { enum: ['b'] } } });

describe('a route', () => {
  test('is known by its API and its id', () => {
    const stack = testStack();
    const api = new Api(stack, 'Api');
    const route = new RouteResource(stack, 'Route', { webSocketApi: api, routeKey: 'a', options: {} });

    expect(route.routeRef).toEqual({ apiId: api.apiId, routeId: route.routeId });
  });

  test('has no function if it leads to an integration', () => {
    const stack = testStack();
    const api = new WebSocketApi(stack, 'Api', { routes: { a: Route.toMock(), b: Route.toHandler(ECHO) } });

    expect(['a', ' b ', 'c'].map((key) => api.getFunction(key)?.node.path)).toEqual([undefined, 'Stack/Api/Route b/Function', undefined]);
  });

  test('is asked by the field that the API says, for its model', () => {
    const warningsWith = (routeSelectionExpression: string) => {
      const stack = testStack();
      const api = new Api(stack, 'Api', { routeSelectionExpression });
      new RouteResource(stack, 'Route', { webSocketApi: api, routeKey: 'a', options: { model: MODEL } });
      return warnings(stack.node.root as App);
    };

    expect(warningsWith('$request.body.kind')).toEqual([expect.stringContaining('takes only `"b"` for `kind`, which selects the route by `"a"`')]);
    expect(warningsWith('$request.body.other')).toEqual([]);
    expect(warningsWith('${request.body.kind}-${request.body.x}')).toEqual([]);
  });

  test('takes a model where nobody knows what selects it: its API is imported', () => {
    const stack = testStack();
    const api = Api.fromWebSocketApiAttributes(stack, 'Api', { webSocketId: 'abc' });
    new RouteResource(stack, 'Route', { webSocketApi: api, routeKey: 'a', options: { model: MODEL } });

    expect(only(Template.fromStack(stack), 'AWS::ApiGatewayV2::Route').Properties.ModelSelectionExpression).toBe('$default');
    expect(warnings(stack.node.root as App)).toEqual([]);
  });

  test('to an integration of CDK is no reason to warn, if that is no mock', () => {
    const stack = testStack();
    new WebSocketApi(stack, 'Api', { routes: { a: Route.toIntegration(new WebSocketLambdaIntegration('Fn', testFunction(stack))) } });

    expect(warnings(stack.node.root as App)).toEqual([]);
  });

  test('of an API that two stages of a pipeline import is no conflict', () => {
    const app = testApp();
    for (const id of ['Beta', 'Prod']) {
      const stack = new Stack(new Stage(app, id), 'Stack');
      const api = Api.fromWebSocketApiAttributes(stack, 'Imported', { webSocketId: 'abc' });
      new WebSocketApi(stack, 'Api', { api: ApiSource.fromApi(api), routes: { a: Route.toIntegration(new WebSocketMockIntegration('Mock')) } });
    }

    expect(() => app.synth()).not.toThrow();
  });

  test('needs a key that somebody has: where no usage plan is there, that is a warning', () => {
    const warningsWith = (apiKeyRequired?: boolean) => {
      const stack = testStack();
      new WebSocketApi(stack, 'Api', { routes: { $connect: Route.toHandler(ECHO, { apiKeyRequired }) } });
      return warnings(stack.node.root as App);
    };

    expect([warningsWith(), warningsWith(false)]).toEqual([[], []]);
    expect(warningsWith(true)).toHaveLength(1);
  });
});

test('a function that exists may authorize, and API Gateway calls it', () => {
  const stack = testStack();
  const fn = testFunction(stack);
  new WebSocketApi(stack, 'Api', { routes: { $connect: Route.toHandler(ECHO) }, authorization: Authorization.fromFunction(fn) });

  expect(JSON.stringify(only(Template.fromStack(stack), 'AWS::ApiGatewayV2::Authorizer').Properties.AuthorizerUri))
    .toContain(JSON.stringify({ 'Fn::GetAtt': [stack.getLogicalId(fn.node.defaultChild as any), 'Arn'] }));
});
