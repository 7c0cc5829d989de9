import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Route, WebSocketApi } from '../../../../src';
import { readModel } from '../../../../src/local/assembly/model-reader';
import { functionArns } from '../../../../src/local/definition/functions-in-use';
import { newFolder, synthesizeStack } from '../../assembly-folder';

const make = (stack: Stack, id: string) => (
  new Function(stack, id, { code: Code.fromAsset(newFolder({ 'index.js': '1' })), handler: 'index.main', runtime: Runtime.NODEJS_24_X })
);

function read(define: (route: Function, worker: Function, other: Function) => void) {
  const model = readModel(synthesizeStack((stack) => {
    const [route, worker, other] = ['Route', 'Worker', 'Other'].map((id) => make(stack, id));
    define(route, worker, other);
    new WebSocketApi(stack, 'Api', { routes: { a: Route.toFunction(route) } });
  }));
  return { workers: model.workers!.map(({ path }) => path), used: functionArns(model).length, warnings: model.warnings };
}

test('a function that a handler may invoke is in use, and one that this may invoke', () => {
  const { workers, used, warnings } = read((route, worker, other) => {
    worker.grantInvoke(route);
    other.grantInvoke(worker);
  });

  expect([workers, used]).toEqual([['Stack/Worker', 'Stack/Other'], 3]);
  expect(warnings.join()).not.toContain('no route leads to');
});

test('a function that nothing may invoke is not', () => {
  const { workers, used, warnings } = read((route, worker) => { worker.grantInvoke(route); });

  expect([workers, used]).toEqual([['Stack/Worker'], 2]);
  expect(warnings).toContainEqual(expect.stringMatching(/^no route leads to `Stack\/Other`/));
});

test('two that invoke each other are found once', () => {
  expect(read((route, worker) => {
    worker.grantInvoke(route);
    route.grantInvoke(worker);
  }).workers).toEqual(['Stack/Worker']);
});

test('a role that may invoke everything makes nothing a worker', () => {
  expect(read((route) => route.addToRolePolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: ['*'] }))).workers).toEqual([]);
});
