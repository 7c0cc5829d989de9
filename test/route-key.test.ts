import { Route, WebSocketApi } from '../src';
import { testFunction, testStack } from './test-stack';

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
    expect(() => apiWith('a', 'a ')).toThrow('route key `"a"` is there already: an API has one route for a key (white space around it does not count)');
  });

  test('are refused when they were added before', () => {
    const stack = testStack();
    const api = new WebSocketApi(stack, 'Api', { routes: { a: Route.toFunction(testFunction(stack)) } });

    expect(() => api.addRoutes(stack, { ' a': Route.toFunction(testFunction(stack, 'Other')) })).toThrow('route key `"a"` is there already');
    expect(api.routes).toEqual(['a']);
  });

  test('are refused when they are more than API Gateway allows', () => {
    const keys = Array.from({ length: 301 }, (_, index) => `route${index}`);

    expect(() => apiWith(...keys)).toThrow('the API would have 301 routes: API Gateway allows 300');
  });
});

function apiWith(...keys: string[]) {
  const stack = testStack();
  const fn = testFunction(stack);
  return new WebSocketApi(stack, 'Api', { routes: Object.fromEntries(keys.map((key) => [key, Route.toFunction(fn)])) });
}
