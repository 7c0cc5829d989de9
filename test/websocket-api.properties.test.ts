import { readFileSync } from 'node:fs';
import { Template } from 'aws-cdk-lib/assertions';
import * as fc from 'fast-check';
import { Route, RouteOptions, WebSocketApi, WebSocketApiProps } from '../src';
import { validate } from './cloudformation-validator';
import { ECHO, testFunction, testStack } from './test-stack';

/* Any app that API Gateway takes becomes a template that CloudFormation takes; anything else is refused, and leaves nothing behind. */

/** More for a long search: `FC_RUNS=1000 npx jest test/websocket-api.properties.test.ts`. */
const SEARCH = process.env.FC_RUNS ? { numRuns: Number(process.env.FC_RUNS) } : { numRuns: 20, seed: 18 };

const PREDEFINED = ['$connect', '$disconnect', '$default'];

/** A value that selects a route: any text that is not empty, of at most 128 characters. */
const selector = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
  // Names that could end up as one logical id, or as one property.
  fc.constantFrom('a b', 'ab', 'a-b', 'a_b', 'a/b', 'a%2Fb', 'A', 'a', '__proto__', 'constructor', 'toString', 'Resource', 'Default', '${Token[TOKEN.1]}', '1', '01', 'é', 'e\u0301', 'x'.repeat(128)),
).filter((key) => key.trim().length > 0 && key.trim().length <= 128 && !key.trim().startsWith('$'));

const legalKeys = fc.tuple(
  fc.subarray(PREDEFINED),
  fc.uniqueArray(selector, { minLength: 1, maxLength: 6, selector: (key) => key.trim() }),
).map(([predefined, own]) => [...predefined, ...own]);

const legalOptions: fc.Arbitrary<RouteOptions> = fc.record({
  operationName: fc.string({ minLength: 1, maxLength: 64 }),
  throttle: fc.record({ rateLimit: fc.integer({ min: 1, max: 10_000 }), burstLimit: fc.integer({ min: 1, max: 5_000 }) }),
}, { requiredKeys: [] });

describe('any routes that API Gateway takes', () => {
  test('become one valid template, with one route for each key', () => {
    fc.assert(fc.property(legalKeys, fc.array(fc.tuple(fc.constantFrom('handler', 'function', 'mock'), legalOptions), { minLength: 9, maxLength: 9 }), (keys, targets) => {
      const stack = testStack({ env: { account: '111111111111', region: 'eu-west-1' } });
      const fn = testFunction(stack);
      new WebSocketApi(stack, 'Api', { routes: routesFrom(keys.map((key, index) => [key, routeOf(fn, ...targets[index])])) });
      const template = Template.fromStack(stack).toJSON();

      const written = Object.values<any>(template.Resources).filter(({ Type }) => Type === 'AWS::ApiGatewayV2::Route').map(({ Properties }) => Properties.RouteKey);
      expect(written.sort()).toEqual(keys.map((key) => key.trim()).sort());
      // W3005: CDK has functions wait for their roles beside referring to them.
      expect(validate(template).filter(({ ruleId }) => ruleId !== 'W3005')).toEqual([]);
    }), SEARCH);
  });

  test('are the same template in any order', () => {
    fc.assert(fc.property(legalKeys, (keys) => {
      expect(templateOf([...keys].reverse())).toEqual(templateOf(keys));
    }), SEARCH);
  });
});

describe('what is not legal', () => {
  const options = optionsOf('WebSocketApiProps').filter((name) => name !== 'disableExecuteApiEndpoint');

  // And one that is misspelt.
  test.each([...options, 'defaultFunctionsProps'])('in the option %s is an error in plain words, and nothing is half built', (name) => {
    fc.assert(fc.property(nothingThatWeMake().filter((value) => name !== 'defaultFunctionProps' || !isMap(value)), (value) => {
      const stack = testStack();
      const before = stack.node.findAll().length;
      const error = errorOf(() => new WebSocketApi(stack, 'Api', { routes: { $default: Route.toHandler(ECHO) }, [name]: value } as WebSocketApiProps));

      expect(error).toMatch(IN_HOUSE_VOICE);
      expect(error).toContain(name === 'routes' ? 'route' : name);
      expect(stack.node.findAll()).toHaveLength(before);
    }), SEARCH);
  });

  test('as a route key is an error that quotes it, and nothing is half built', () => {
    const illegal = fc.oneof(
      fc.constantFrom('', ' ', '\t\n', '$connnect', '$', '$$', ' $Default '),
      fc.string({ minLength: 129, maxLength: 300 }).filter((key) => key.trim().length > 128),
    );
    fc.assert(fc.property(illegal, (key) => {
      const stack = testStack();
      const before = stack.node.findAll().length;
      const error = errorOf(() => new WebSocketApi(stack, 'Api', { routes: routesFrom([['ok', Route.toHandler(ECHO)], [key, Route.toHandler(ECHO)]]) }));

      expect(error).toMatch(IN_HOUSE_VOICE);
      expect(error).toMatch(/^route key `"/);
      expect(stack.node.findAll()).toHaveLength(before);
    }), SEARCH);
  });

  test('as a handler is an error in plain words', () => {
    fc.assert(fc.property(fc.oneof(fc.anything(), fc.string()).filter((value) => typeof value !== 'string' || !/^test\//.test(value)), (handler) => {
      const stack = testStack();
      const before = stack.node.findAll().length;

      expect(errorOf(() => new WebSocketApi(stack, 'Api', { routes: { $default: Route.toHandler(handler as string) } }))).toMatch(IN_HOUSE_VOICE);
      expect(stack.node.findAll()).toHaveLength(before);
    }), SEARCH);
  });
});

/** Errors start in lower case, or with what they quote, and say something more than the name of the class. */
const IN_HOUSE_VOICE = /^[a-z`][^\n]{15,}/;

/** Whatever a caller without a compiler may pass; what has no entry (nothing, an empty map) is legal. */
function nothingThatWeMake() {
  return fc.oneof(fc.anything(), fc.object({ maxDepth: 1 }), fc.constantFrom(new Map(), new Date(0), () => 1, Symbol.iterator, 10n, NaN))
    .filter((value) => value !== undefined && value !== null && !(typeof value === 'object' && Object.keys(value).every((key) => (value as any)[key] === undefined)));
}

function errorOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(Error);
    return (error as Error).message;
  }
  throw new Error('nothing was refused');
}

/** A map with any key, `__proto__` too. */
function routesFrom(entries: [string, Route][]): { [key: string]: Route } {
  return Object.fromEntries(entries);
}

function routeOf(fn: Parameters<typeof Route.toFunction>[0], target: string, options: RouteOptions): Route {
  switch (target) {
    case 'handler': return Route.toHandler(ECHO, options);
    case 'function': return Route.toFunction(fn, options);
    default: return Route.toMock();
  }
}

function templateOf(keys: string[]): unknown {
  const stack = testStack();
  const fn = testFunction(stack);
  new WebSocketApi(stack, 'Api', { routes: routesFrom(keys.map((key) => [key, routeOf(fn, key.length % 2 === 0 ? 'function' : 'mock', {})])) });
  return Template.fromStack(stack).toJSON().Resources;
}

/** An option that nobody knows is none of ours: another version of the library may know it. */
function isMap(value: unknown): boolean {
  return typeof value === 'object' && [Object.prototype, null].includes(Object.getPrototypeOf(value));
}

/** The options of an interface, from the public API. */
function optionsOf(name: string): string[] {
  const { types } = JSON.parse(readFileSync('test/api-baseline.json', 'utf8'));
  return types[`cdk-websocket-api.${name}`].properties.map((property: { name: string }) => property.name);
}
