import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as apigatewayv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { ApiSource, Route, WebSocketApi } from '../src';
import { only, testFunction, testStack } from './test-stack';

describe('ApiSource.fromProps', () => {
  test('selects routes by the field `action`', () => {
    expect(created({}).RouteSelectionExpression).toBe('$request.body.action');
  });

  test('takes props of CDK', () => {
    expect(created({ routeSelectionExpression: '$request.body.type', description: 'Chat', disableSchemaValidation: true })).toMatchObject({
      RouteSelectionExpression: '$request.body.type', Description: 'Chat', DisableSchemaValidation: true,
    });
  });

  test('names the API by the path of the construct, so that two of them differ', () => {
    const stack = testStack();
    const names = ['One', 'Two'].map((id) => {
      new WebSocketApi(stack, id, { routes: { a: Route.toFunction(testFunction(stack, `${id}Function`)) } });
      return id;
    });
    const found = Object.values(Template.fromStack(stack).findResources('AWS::ApiGatewayV2::Api')).map(({ Properties }) => Properties.Name);

    expect(found).toEqual(names.map((id) => expect.stringMatching(new RegExp(`^Stack-${id}-`))));
  });

  test('takes a name', () => {
    expect(created({ apiName: 'chat' }).Name).toBe('chat');
  });

  test.each([['connectRouteOptions', '$connect'], ['disconnectRouteOptions', '$disconnect'], ['defaultRouteOptions', '$default']])('refuses %s, because routes have their own place', (name, key) => {
    const integration = new WebSocketLambdaIntegration('I', testFunction(testStack()));

    expect(() => ApiSource.fromProps({ [name]: { integration } })).toThrow(`\`${name}\` is not allowed in \`ApiSource.fromProps()\`: use \`routes\`, with the key \`"${key}"\``);
  });
});

describe('ApiSource.fromApi', () => {
  test('adds routes and a stage to an API that is imported', () => {
    const stack = testStack();
    const imported = apigatewayv2.WebSocketApi.fromWebSocketApiAttributes(stack, 'Imported', { webSocketId: 'abcdef' });
    const api = new WebSocketApi(stack, 'Api', { api: ApiSource.fromApi(imported), routes: { a: Route.toFunction(testFunction(stack)) } });
    const template = Template.fromStack(stack);

    template.resourceCountIs('AWS::ApiGatewayV2::Api', 0);
    template.hasResourceProperties('AWS::ApiGatewayV2::Route', { ApiId: 'abcdef' });
    template.hasResourceProperties('AWS::ApiGatewayV2::Stage', { ApiId: 'abcdef', StageName: 'dev' });
    expect(api.api).toBe(imported);
    expect(stack.resolve(api.url)['Fn::Join'][1][0]).toBe('wss://abcdef.execute-api.');
  });

  test('takes an API of another stack', () => {
    const stack = testStack();
    const other = new Stack(stack.node.root as App, 'Other');
    new WebSocketApi(other, 'Api', { api: ApiSource.fromApi(new apigatewayv2.WebSocketApi(stack, 'Given')), routes: { a: Route.toFunction(testFunction(other)) } });

    expect(only(Template.fromStack(other), 'AWS::ApiGatewayV2::Route').Properties.ApiId).toEqual({ 'Fn::ImportValue': expect.any(String) });
  });

  test('needs no routes, because the API may have some', () => {
    const stack = testStack();
    const imported = apigatewayv2.WebSocketApi.fromWebSocketApiAttributes(stack, 'Imported', { webSocketId: 'abcdef' });
    new WebSocketApi(stack, 'Api', { api: ApiSource.fromApi(imported) });

    expect(() => (stack.node.root as App).synth()).not.toThrow();
  });
});

function created(props: apigatewayv2.WebSocketApiProps) {
  const stack = testStack();
  new WebSocketApi(stack, 'Api', { api: ApiSource.fromProps(props), routes: { a: Route.toFunction(testFunction(stack)) } });
  return only(Template.fromStack(stack), 'AWS::ApiGatewayV2::Api').Properties;
}
