import { NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { escapeId, idIn } from '../../src/routes/construct-id';
import { testApp } from '../test-stack';

describe('a construct as an id in another place', () => {
  const app = testApp();
  const stack = new Stack(app, 'Stack');
  const other = new Stack(app, 'Other', { stackName: 'named' });
  const inStage = (id: string, stackName?: string) => {
    const stage = new Stage(app, id);
    return [new Stack(stage, 'Apis'), new Stack(stage, 'Functions', { stackName })].map((one) => new Construct(one, 'Function'));
  };

  test('is its path in its stack', () => {
    expect(idIn(stack, new Construct(new Construct(stack, 'Feature'), 'Function'))).toBe('Feature%2FFunction');
  });

  test('has the name of its stack where that is another one', () => {
    expect(idIn(stack, new Construct(other, 'Function'))).toBe('named%2FFunction');
  });

  test('is the path of a stack itself', () => {
    expect(idIn(stack, stack)).toBe('Stack');
    expect(idIn(stack, other)).toBe('named%2FOther');
  });

  test('does not tell nested stacks from the stack that they are deployed with', () => {
    const nested = new NestedStack(new NestedStack(stack, 'Outer'), 'Inner');
    const fn = new Construct(nested, 'Function');

    expect(idIn(stack, fn)).toBe('Outer%2FInner%2FFunction');
    expect(idIn(nested, new Construct(stack, 'Plain'))).toBe('Plain');
  });

  test('does not tell the stages of a pipeline apart', () => {
    const ids = ['beta', 'prod'].map((id) => {
      const [api, fn] = inStage(id);
      return idIn(api, fn);
    });

    expect(ids).toEqual(['Functions%2FFunction', 'Functions%2FFunction']);
  });

  test('keeps a name of a stack that does not start with its stage', () => {
    const [api, fn] = inStage('gamma', 'my-gamma-functions');

    expect(idIn(api, fn)).toBe('my-gamma-functions%2FFunction');
  });
});

test('two texts never become one id', () => {
  expect(['a/b', 'a%2Fb', 'a-b', 'a/b/c%'].map(escapeId)).toEqual(['a%2Fb', 'a%252Fb', 'a-b', 'a%2Fb%2Fc%25']);
});
