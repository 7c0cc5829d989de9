import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Route, WebSocketApi } from '../../src';
import { testApp, testFunction, testStack } from '../test-stack';

describe('route keys', () => {
  test('are trimmed', () => {
    expect(apiWith('  $connect ', 'sendMessage\n').routes).toEqual(['$connect', 'sendMessage']);
  });

  test.each([
    ['a slash', 'chat/send'],
    ['unicode', 'wysyłaj ✉'],
    ['a dollar sign inside', 'US$'],
    ['128 characters', 'x'.repeat(128)],
    ['names that JavaScript objects have', 'constructor'],
  ])('may have %s', (_, key) => {
    expect(apiWith(key).routes).toEqual([key]);
  });

  test.each([
    ['empty', '', 'route key `""` is empty: write the value that selects the route, or one of $connect, $disconnect, $default'],
    ['blank', ' \t', 'route key `" \\t"` is empty: write the value that selects the route, or one of $connect, $disconnect, $default'],
    ['unknown with a dollar sign', '$foo', 'route key `"$foo"` is unknown: of keys that start with `$`, there are $connect, $disconnect, $default'],
    ['longer than 128 characters', 'x'.repeat(129), `route key \`"${'x'.repeat(129)}"\` has 129 characters: API Gateway allows 128`],
  ])('are refused when they are %s', (_, key, message) => {
    expect(() => apiWith(key)).toThrow(new Error(message));
  });

  test('are refused when they are there twice after trimming, in one map', () => {
    expect(() => apiWith('a', 'a ')).toThrow('route key `"a"` exists already: an API has one route for each key (white space around it does not count)');
  });

  test('are refused when they were added before', () => {
    const stack = testStack();
    const api = new WebSocketApi(stack, 'Api', { routes: { a: Route.toFunction(testFunction(stack)) } });

    expect(() => api.addRoutes(stack, { ' a': Route.toFunction(testFunction(stack, 'Other')) })).toThrow('route key `"a"` exists already');
    expect(api.routes).toEqual(['a']);
  });

  test('are refused when they are more than API Gateway allows', () => {
    expect(() => apiWith(...manyKeys(301))).toThrow(new Error('the API would have 301 routes: API Gateway allows 300; '
      + 'send several kinds of message to one route and tell them apart in its function, or make a second API; '
      + 'an API whose quota AWS has raised needs the context value `"cdk-websocket-api:maxRoutes"`'));
  });

  test.each([400, '400'])('may be as many as the context says that API Gateway allows: %j', (maxRoutes) => {
    const stack = testStack({}, testApp({ 'cdk-websocket-api:maxRoutes': maxRoutes }));

    expect(apiIn(stack, ...manyKeys(400)).routes).toHaveLength(400);
    expect(() => apiIn(stack, ...manyKeys(401))).toThrow('the API would have 401 routes: API Gateway allows 400');
  });
});

function apiWith(...keys: string[]) {
  return apiIn(testStack(), ...keys);
}

function apiIn(stack: Stack, ...keys: string[]) {
  const scope = new Construct(stack, `Scope${stack.node.children.length}`);
  const fn = testFunction(scope);
  return new WebSocketApi(scope, 'Api', { routes: Object.fromEntries(keys.map((key) => [key, Route.toFunction(fn)])) });
}

function manyKeys(count: number) {
  return Array.from({ length: count }, (_, index) => `route${index}`);
}
