import { Stack } from 'aws-cdk-lib';
import { CfnEventInvokeConfig, Code, Function, FunctionProps, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import { Route, WebSocketApi } from '../../../../src';
import { readModel } from '../../../../src/local/assembly/model-reader';
import { newFolder, synthesizeStack } from '../../assembly-folder';

function read(props: (stack: Stack) => Partial<FunctionProps>, more: (fn: Function) => void = () => undefined) {
  const model = readModel(synthesizeStack((stack) => {
    const fn = new Function(stack, 'Fn', { code: Code.fromAsset(newFolder({ 'index.js': '1' })), handler: 'index.main', runtime: Runtime.NODEJS_24_X, ...props(stack) });
    more(fn);
    new WebSocketApi(stack, 'Api', { routes: { a: Route.toFunction(fn) } });
  }));
  return { fn: [...model.functions.values()].find(({ path }) => path === 'Stack/Fn')!, warnings: model.warnings };
}

test('a function has what is set for its asynchronous invocations', () => {
  const { fn } = read(() => ({ retryAttempts: 0, maxEventAge: Duration.minutes(5) }));

  expect(fn.asynchronous).toEqual([{ maxRetries: 0, maxAgeSeconds: 300 }]);
});

test('an alias has its own', () => {
  const { fn } = read(() => ({}), (made) => {
    new CfnEventInvokeConfig(made.stack, 'Config', { functionName: made.functionName, qualifier: 'live', maximumRetryAttempts: 1 });
  });

  expect(fn.asynchronous).toEqual([{ qualifier: 'live', maxRetries: 1 }]);
});

test('a function without settings has none', () => {
  expect(read(() => ({})).fn).not.toHaveProperty('asynchronous');
});

test('destinations and dead letters are said not to be sent', () => {
  const { warnings } = read((stack) => ({ onFailure: new SqsDestination(new Queue(stack, 'Failed')), deadLetterQueue: new Queue(stack, 'Dead') }));

  expect(warnings).toContainEqual(expect.stringMatching(
    /^`Stack\/Fn` sends what becomes of its asynchronous invocations on failure to `arn:aws:sqs:.*` and as dead letters to `arn:aws:sqs:.*`: nothing is sent there here/,
  ));
});
