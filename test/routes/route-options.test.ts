import { App, Duration, Lazy } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ApiKeys, Authorization, FunctionRouteOptions, MessageModel, Route, WebSocketApi, WebSocketApiProps } from '../../src';
import { ECHO, only, testStack, warnings } from '../test-stack';

const MODEL = MessageModel.fromJsonSchema({ type: 'object' });

test.each<[string, FunctionRouteOptions, string]>([
  ['$connect', { model: MODEL }, 'route `"$connect"` cannot have a `model`: it has no message that API Gateway could check; look at the headers and the query string in the handler'],
  ['$disconnect', { model: MODEL }, 'route `"$disconnect"` cannot have a `model`: it has no message that API Gateway could check; set it on the routes of the messages'],
  ['$disconnect', { apiKeyRequired: true }, 'route `"$disconnect"` cannot have `apiKeyRequired`'],
])('route %s is refused %j', (key, options, message) => {
  expect(() => apiWith({ [key]: Route.toHandler(ECHO, options) })).toThrow(message);
});

test.each<[string, FunctionRouteOptions]>([
  ['$connect', { apiKeyRequired: true }],
  ['$connect', { apiKeyRequired: false, returnResponse: false, asynchronous: false }],
  ['$disconnect', { asynchronous: true }],
  ['a', { apiKeyRequired: false, returnResponse: true, model: MODEL }],
  ['$default', { returnResponse: true, model: MODEL }],
  ['a', { throttle: { rateLimit: 0, burstLimit: 0 } }],
  ['a', { throttle: { rateLimit: 0.5, burstLimit: Lazy.number({ produce: () => 1 }) } }],
])('route %s takes %j', (key, options) => {
  expect(() => apiWith({ [key]: Route.toHandler(ECHO, options) })).not.toThrow();
});

test('a model is what API Gateway checks every message of the route against', () => {
  const template = Template.fromStack(apiWith({ a: Route.toHandler(ECHO, { model: MODEL }) }).stack);
  const [[id, model]] = Object.entries(template.findResources('AWS::ApiGatewayV2::Model'));
  const route = only(template, 'AWS::ApiGatewayV2::Route');

  expect(route.Properties).toMatchObject({ ModelSelectionExpression: '$default', RequestModels: { $default: model.Properties.Name } });
  expect(route.DependsOn).toContain(id);
});

test.each<[string, unknown, string]>([
  ['a schema', { type: 'object' }, 'write `MessageModel.fromJsonSchema(schema)`'],
  ['a schema without a type', { properties: {} }, 'write `MessageModel.fromJsonSchema(schema)`'],
])('%s is no model, but is taken by a factory of models', (_, model, message) => {
  expect(() => Route.toHandler(ECHO, { model: model as MessageModel })).toThrow(message);
});

test('what is neither a model nor a schema is refused', () => {
  expect(() => Route.toHandler(ECHO, { model: {} as MessageModel })).toThrow(/ makes$/);
});

describe('a client needs an API key', () => {
  test('on $connect alone, whether the route says so or not', () => {
    const { stack } = apiWith({ $connect: Route.toHandler(ECHO), a: Route.toHandler(ECHO) }, { apiKeys: ApiKeys.create() });
    const required = Object.values(Template.fromStack(stack).findResources('AWS::ApiGatewayV2::Route')).map(({ Properties }) => [Properties.RouteKey, Properties.ApiKeyRequired]);

    expect(required).toEqual([['$connect', true], ['a', undefined]]);
  });

  test('which the route cannot deny', () => {
    expect(() => apiWith({ $connect: Route.toHandler(ECHO, { apiKeyRequired: false }) }, { apiKeys: ApiKeys.create() }))
      .toThrow('route `"$connect"` has `apiKeyRequired: false`, but the API has `apiKeys`');
    expect(() => apiWith({ $connect: Route.toHandler(ECHO, { apiKeyRequired: true }) }, { apiKeys: ApiKeys.create() })).not.toThrow();
  });
});

describe('a function may run longer than API Gateway waits', () => {
  const slow = { timeout: Duration.seconds(30) };

  test('which is said of a route, with what to do about it', () => {
    const found = apiWith({ a: Route.toHandler(ECHO, slow) }).warnings();

    expect(found).toEqual([expect.stringContaining('write `asynchronous: true` and post the answer to the connection, or hand long work to a queue')]);
    expect(found[0]).toMatch(/ \[ack: cdk-websocket-api:integrationTimeout\]$/);
  });

  test('on $connect, which cannot be asynchronous', () => {
    expect(apiWith({ $connect: Route.toHandler(ECHO, slow) }).warnings()).toEqual([expect.stringContaining('hand long work to another function or a queue')]);
  });

  test('and so may that of an authorizer', () => {
    expect(apiWith({ $connect: Route.toHandler(ECHO) }, { authorization: Authorization.fromHandler(ECHO, slow) }).warnings())
      .toEqual([expect.stringContaining('the function of the authorizer may run for 30 seconds, but API Gateway waits 29 seconds at most and then reports an error: hand long work to another function or a queue')]);
  });
});

function apiWith(routes: { [routeKey: string]: Route }, props: WebSocketApiProps = {}) {
  const stack = testStack();
  new WebSocketApi(stack, 'Api', { ...props, routes });
  return { stack, warnings: () => warnings(stack.node.root as App) };
}
