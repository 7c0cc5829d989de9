import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { defineContractApp } from './contract-app';

// What nobody sees before somebody deploys the app.

let resources: Array<[string, any]>;
beforeAll(() => {
  resources = Object.entries(templateOf().Resources);
});

function templateOf(without: string[] = []) {
  // Nothing is bundled: no code is looked at here.
  const stack = new Stack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'Stack', { env: { account: '123456789012', region: 'eu-west-1' } });
  defineContractApp(stack, { nowhere: 'https://nowhere.example.com/', accessLog: true, customDomain: false, without });
  return Template.fromStack(stack).toJSON();
}

const ofType = (type: string) => resources.filter(([, { Type }]) => Type === type);

test('nothing of the app on AWS stays when it is torn down', () => {
  expect(resources.filter(([, { DeletionPolicy = 'Delete' }]) => DeletionPolicy !== 'Delete')).toEqual([]);
});

test('every function writes to the log group of the app: Lambda makes none that would stay', () => {
  const [[log]] = ofType('AWS::Logs::LogGroup');

  for (const [, { Properties }] of ofType('AWS::Lambda::Function')) { expect(Properties.LoggingConfig).toEqual({ LogGroup: { Ref: log } }); }
});

test('the settings of the account stay as they are', () => {
  expect(resources.filter(([, { Type }]) => /^Custom::|^AWS::ApiGateway::Account$/.test(Type))).toEqual([]);
});

test('the policy of a function that many APIs invoke is within the 20 KB of Lambda', () => {
  const permissions = ofType('AWS::Lambda::Permission').map(([, { Properties: { FunctionName } }]) => JSON.stringify(FunctionName));
  const most = Math.max(...permissions.map((name) => permissions.filter((other) => other === name).length));

  // A statement with its condition has some 450 characters.
  expect(most).toBeLessThan(20_480 / 450);
});

test('the policies of a role are within the 10 KB of IAM', () => {
  const lengths = ofType('AWS::IAM::Role').map(([role, { Properties: { Policies = [] } }]) => {
    const attached = ofType('AWS::IAM::Policy').filter(([, { Properties: { Roles } }]) => JSON.stringify(Roles).includes(`"${role}"`));
    const documents = [...Policies, ...attached.map(([, { Properties }]) => Properties)].map(({ PolicyDocument }) => PolicyDocument);
    return JSON.stringify(documents).length;
  });

  expect(Math.max(...lengths)).toBeLessThan(10_240);
});

test('any of its APIs can be left out', () => {
  const without = ['arrays', 'strict', 'keys', 'custom', 'plain', 'impatient', 'main'];
  const { Resources, Outputs } = templateOf(without);

  expect(Object.values<any>(Resources).filter(({ Type }) => Type === 'AWS::ApiGatewayV2::Api')).toHaveLength(ofType('AWS::ApiGatewayV2::Api').length - without.length);
  expect(Object.keys(Outputs)).toEqual(expect.not.arrayContaining(['Urlarrays', 'Urlplain']));
  expect(() => templateOf(['nonsense'])).toThrow(/^there is no API `nonsense` to leave out: there are main, bare, .*, plain$/);
});
