import { App, CfnOutput, CfnParameter, CfnResource, Fn, Lazy, Stack, Token, Tokenization } from 'aws-cdk-lib';
import { joinedText } from '../src/joined-text';

function stackWithResource(app = new App(), env?: { region: string; account: string }) {
  const stack = new Stack(app, 'Stack', { env });
  const resource = new CfnResource(stack, 'Resource', { type: 'Test::Resource' });
  const arn = stack.formatArn({ service: 'execute-api', resource: resource.ref, resourceName: 'dev/*' });
  return { app, stack, resource, arn };
}

describe('a joined text', () => {
  test.each([undefined, { region: 'eu-west-1', account: '111111111111' }])('is the same in the template: environment %p', (env) => {
    const { stack, arn, resource } = stackWithResource(undefined, env);
    const url = `https://${resource.ref}.${stack.region}.${stack.urlSuffix}/${resource.getAtt('Name')}`;

    for (const text of [arn, url, `${resource.ref}/dev`]) {
      const joined = joinedText(stack, text);
      expect(Tokenization.reverseString(joined).tokens).toHaveLength(1);
      expect(stack.resolve(joined)).toEqual(stack.resolve(text));
      expect(stack.resolve(`a/${joined}/b`)).toEqual(stack.resolve(`a/${text}/b`));
      expect(stack.resolve(stack.toJsonString({ joined }))).toEqual(stack.resolve(stack.toJsonString({ joined: text })));
    }
  });

  test('is the same token each time, so CDK can tell that two statements are equal', () => {
    const { stack, arn } = stackWithResource();

    expect(joinedText(stack, arn)).toBe(joinedText(stack, arn));
    expect(joinedText(stack, joinedText(stack, arn))).toBe(joinedText(stack, arn));
  });

  test('follows a logical id that changes later', () => {
    const { stack, arn, resource } = stackWithResource();
    const joined = joinedText(stack, arn);

    expect(JSON.stringify(stack.resolve(joined))).toContain('{"Ref":"Resource"}');
    resource.overrideLogicalId('Other');
    expect(JSON.stringify(stack.resolve(joined))).toContain('{"Ref":"Other"}');
  });

  test('is imported by another stack as any reference is', () => {
    const { app, stack, arn } = stackWithResource();
    const other = new Stack(app, 'Other');
    new CfnOutput(other, 'Output', { value: joinedText(stack, arn) });
    new CfnOutput(stack, 'Output', { value: joinedText(stack, arn) });

    const assembly = app.synth();

    expect(assembly.getStackByName('Other').template.Outputs.Output.Value['Fn::Join'][1])
      .toContainEqual({ 'Fn::ImportValue': expect.stringContaining('ExportsOutputRefResource') });
    expect(assembly.getStackByName('Stack').template.Outputs.Output.Value).toEqual(stack.resolve(arn));
  });
});

describe('a text stays as it is', () => {
  const { app, stack, resource } = stackWithResource();
  const never = () => { throw new Error('resolved too early'); };

  test.each([
    ['without tokens', 'https://example.com/dev'],
    ['that is one token', resource.ref],
    ['with a value that is known only later', `https://${Lazy.string({ produce: never })}/dev`],
    ['with another function of CloudFormation', `https://${Fn.importValue('name')}/dev`],
    ['about a resource of another stack', `https://${new CfnParameter(new Stack(app, 'Other'), 'Parameter').valueAsString}/dev`],
    ['with a number', `https://example.com/${Token.asNumber({ Ref: 'Number' })}`],
  ])('%s', (_, text) => {
    expect(joinedText(stack, text)).toBe(text);
  });
});
