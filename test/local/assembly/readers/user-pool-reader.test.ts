import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Route, WebSocketApi } from '../../../../src';
import { readModel } from '../../../../src/local/assembly/model-reader';
import { newFolder, synthesizeStack } from '../../assembly-folder';

function folder() {
  let id = '';
  const assembly = synthesizeStack((stack) => {
    const pool = new UserPool(stack, 'Pool');
    pool.addClient('Web');
    id = stack.getLogicalId(pool.node.defaultChild as any);
    const fn = new Function(stack, 'Fn', { code: Code.fromAsset(newFolder({ 'index.js': '1' })), handler: 'index.main', runtime: Runtime.NODEJS_24_X });
    new WebSocketApi(stack, 'Api', { routes: { a: Route.toFunction(fn) } });
  });
  return { assembly, name: `Stack.${id}` };
}

test('a user pool has its clients, and the host that AWS answers at', () => {
  expect(readModel(folder().assembly).userPools).toEqual([{
    path: 'Stack/Pool',
    id: expect.stringMatching(/^eu-west-1_\w{10}$/),
    host: 'cognito-idp.eu-west-1.amazonaws.com',
    clients: [{ path: 'Stack/Pool/Web', id: expect.any(String) }],
  }]);
});

test('one whose real id is given is left to AWS', () => {
  const { assembly, name } = folder();

  expect(readModel(assembly, { env: { [name]: 'eu-west-1_AbCdEf123' } }).userPools).toEqual([]);
});
