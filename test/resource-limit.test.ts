import { App, CfnResource, NestedStack, Stack } from 'aws-cdk-lib';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { HandlerProps, Route, WebSocketApi } from '../src';
import { ECHO, testApp, testFunction, testStack } from './test-stack';

const LIMIT = '@aws-cdk/core:stackResourceLimit';

describe('a stack with more resources than CloudFormation takes is an error', () => {
  test('that says how many are for the routes of the API, and what to do', () => {
    const stack = testStack();
    new WebSocketApi(stack, 'Api', { routes: handlers('route', 120) });

    expect(failures(stack)).toEqual([
      '[Stack/Api] stack `Stack` has 606 resources, 600 of them for 120 routes of `Stack/Api`: CloudFormation allows 500; ' +
      'add some of the routes in another stack, with `addRoutes(otherStack, …)`, or lead several to one function with `Route.toFunction(fn)`: each of them is then one resource',
    ]);
  });

  test('that says how to do with fewer where each function has a log group of its own', () => {
    const failuresWith = (defaultFunctionProps: (stack: Stack) => HandlerProps) => {
      const stack = testStack({}, testApp({ '@aws-cdk/aws-lambda:useCdkManagedLogGroup': true }));
      new WebSocketApi(stack, 'Api', { routes: handlers('route', 100), defaultFunctionProps: defaultFunctionProps(stack) });
      return failures(stack);
    };

    expect(failuresWith(() => ({}))).toEqual([expect.stringContaining('has 606 resources, 600 of them for 100 routes of `Stack/Api`: CloudFormation allows 500; ' +
      'have functions share a log group, with `logGroup` in `defaultFunctionProps`: they have 100; or add some of the routes in another stack')]);
    expect(failuresWith((stack) => ({ logGroup: new LogGroup(stack, 'Handlers') }))).toEqual([expect.stringContaining('allows 500; add some of the routes')]);
  });

  test('where the other resources are the user\'s own', () => {
    const stack = testStack();
    new WebSocketApi(stack, 'Api', { routes: handlers('route', 1) });
    fill(stack, 490);

    expect(failures(stack)).toEqual([expect.stringContaining('has 501 resources, 5 of them for 1 route of `Stack/Api`')]);
  });

  test('for each API that has routes in it', () => {
    const stack = testStack();
    ['First', 'Second'].forEach((id) => new WebSocketApi(stack, id, { routes: handlers('route', 60) }));

    expect(failures(stack)).toEqual(['First', 'Second'].map((id) => expect.stringContaining(`300 of them for 60 routes of \`Stack/${id}\``)));
  });

  test('where the routes were added in another stack than the API\'s', () => {
    const app = testApp();
    const feature = new Stack(app, 'Feature');
    const api = new WebSocketApi(testStack({}, app), 'Api', { routes: handlers('route', 50) });
    api.addRoutes(feature, handlers('feature', 101));

    expect(failures(feature)).toEqual([expect.stringContaining('stack `Feature` has 505 resources, 505 of them for 101 routes of `Stack/Api`')]);
  });

  test('in a nested stack, whose resources are not those of the stack around it', () => {
    const stack = testStack();
    new WebSocketApi(new NestedStack(stack, 'Nested'), 'Api', { routes: handlers('route', 120) });

    expect(failures(stack)).toEqual([expect.stringContaining('stack `Stack/Nested` has 606 resources')]);
  });

  test('with the limit that the app sets', () => {
    const stack = testStack({}, testApp({ [LIMIT]: 15 }));
    new WebSocketApi(stack, 'Api', { routes: handlers('route', 2) });

    expect(failures(stack)).toEqual([expect.stringContaining('has 16 resources, 10 of them for 2 routes of `Stack/Api`: the context value `"@aws-cdk/core:stackResourceLimit"` allows 15;')]);
  });
});

describe('a stack is no error', () => {
  test('with as many resources as CloudFormation takes', () => {
    const stack = testStack();
    new WebSocketApi(stack, 'Api', { routes: handlers('route', 1) });
    fill(stack, 489);

    expect(failures(stack)).toEqual([]);
    expect(Object.keys(resources(stack))).toHaveLength(500);
  });

  test('where the app sets no limit', () => {
    const stack = testStack({}, testApp({ [LIMIT]: 0 }));
    new WebSocketApi(stack, 'Api', { routes: handlers('route', 120) });

    expect(failures(stack)).toEqual([]);
  });

  test('with 300 routes to one function', () => {
    const stack = testStack();
    const fn = testFunction(stack);
    new WebSocketApi(stack, 'Api', { routes: Object.fromEntries(keys('route', 300).map((key) => [key, Route.toFunction(fn)])) });

    expect(failures(stack)).toEqual([]);
  });

  test('where nested stacks hold what is too much for one', () => {
    const stack = testStack();
    new WebSocketApi(stack, 'Api', { routes: handlers('route', 60) });
    fill(new NestedStack(stack, 'Nested'), 400);

    expect(failures(stack)).toEqual([]);
  });

  test('where what is too much is never written, as a policy with nothing in it', () => {
    class Unwritten extends CfnResource {
      protected shouldSynthesize(): boolean {
        return false;
      }
    }
    const stack = testStack();
    new WebSocketApi(stack, 'Api', { routes: handlers('route', 1) });
    fill(stack, 489);
    new Unwritten(stack, 'Unwritten', { type: 'Test::Unwritten' });

    expect(failures(stack)).toEqual([]);
  });
});

function keys(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`);
}

function handlers(prefix: string, count: number) {
  return Object.fromEntries(keys(prefix, count).map((key) => [key, Route.toHandler(ECHO)]));
}

function fill(scope: Construct, count: number) {
  keys('Resource', count).forEach((id) => new CfnResource(scope, id, { type: 'Test::Resource' }));
}

/** What synthesis says, a line for each construct; none where it passes. */
function failures(stack: Stack): string[] {
  try {
    resources(stack);
    return [];
  } catch (error) {
    return (error as Error).message.split('\n').map((line) => line.trim()).filter((line) => line.startsWith('['));
  }
}

function resources(stack: Stack): object {
  const top = stack.nested ? stack.nestedStackParent! : stack;
  return (stack.node.root as App).synth().getStackByName(top.stackName).template.Resources;
}
