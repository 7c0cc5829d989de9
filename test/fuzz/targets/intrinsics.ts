import fc from 'fast-check';
import { recordOf } from './text';
import { StackTemplate } from '../../../src/local/assembly/assembly';
import { GivenValues } from '../../../src/local/assembly/given-values';
import { Intrinsics } from '../../../src/local/assembly/template/intrinsics';
import { Resources } from '../../../src/local/assembly/template/resource';
import { recordsOf } from '../../../src/local/definition/json-value';
import { Target } from '../engine';

const NAMES = ['A', 'B', 'AWS::Region', 'AWS::NoValue', 'AWS::StackId', 'constructor', '__proto__', ''];
const name = fc.constantFrom(...NAMES);
const TYPES = ['AWS::Lambda::Function', 'AWS::IAM::Role', 'AWS::SSM::Parameter', 'AWS::ApiGatewayV2::Api', 'AWS::SQS::Queue', 'Custom::X', 'Custom::CrossRegionExportReader', 'AWS::CloudFormation::Stack', 'X'];

/** Values with functions in them. */
export const intrinsicValue: fc.Arbitrary<any> = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, fc.string(), name, fc.integer(), fc.boolean(), fc.array(tie('value'), { maxLength: 3 }), fc.dictionary(fc.string(), tie('value'), { maxKeys: 2 }), tie('call')),
  call: fc.oneof(
    fc.record({ Ref: name }),
    fc.record({ 'Fn::GetAtt': fc.oneof(fc.tuple(name, fc.constantFrom('Arn', 'Outputs.A', 'Value', 'constructor')), fc.constantFrom('A.Arn', 'A', '')) }),
    fc.record({ 'Fn::Sub': fc.oneof(fc.constantFrom('${A}', '${A.Arn}', '${!A}', '${', '${AWS::Region}-${x}'), fc.tuple(fc.constant('${x}${__proto__}'), fc.record({ x: tie('value') }))) }),
    fc.record({ 'Fn::If': fc.tuple(name, tie('value'), tie('value')) }),
    ...['Fn::Join', 'Fn::Select', 'Fn::Split', 'Fn::FindInMap', 'Fn::Base64', 'Fn::GetAZs', 'Fn::Length', 'Fn::ToJsonString', 'Fn::ImportValue', 'Fn::GetStackOutput', 'Fn::Cidr', 'Fn::Not'].map((key) => (
      fc.record({ [key]: fc.oneof(fc.tuple(fc.oneof(fc.integer({ min: -1, max: 3 }), fc.string()), tie('value')), tie('value')) }))),
    fc.constantFrom('{{resolve:ssm:/a}}', '{{resolve:secretsmanager:x}}', '{{resolve:ssm:/a:1}}x'),
  ),
})).value;
const condition = fc.oneof(intrinsicValue, ...['Fn::And', 'Fn::Or', 'Fn::Not', 'Fn::Equals'].map((key) => fc.record({ [key]: fc.array(fc.oneof(intrinsicValue, fc.record({ Condition: name })), { maxLength: 3 }) })));
const named = <T>(value: fc.Arbitrary<T>) => fc.dictionary(name, value, { maxKeys: 3 });

export const resource = fc.record({ Type: fc.constantFrom(...TYPES), Condition: name, Properties: fc.dictionary(fc.constantFrom('Name', 'Value', 'Path', 'FunctionName'), intrinsicValue) }, { requiredKeys: ['Type'] });

/** A template with intrinsic functions, two stacks of it. */
export const intrinsics: Target = {
  inputs: fc.record({
    value: intrinsicValue,
    resources: named(resource),
    conditions: named(condition),
    mappings: fc.dictionary(name, fc.dictionary(name, fc.dictionary(name, fc.string())), { maxKeys: 2 }),
    parameters: named(fc.record({ Type: fc.constantFrom('String', 'CommaDelimitedList', 'Number', 'AWS::SSM::Parameter::Value<String>', 'List<Number>'), Default: fc.oneof(fc.string(), fc.integer()) }, { requiredKeys: [] })),
    outputs: named(fc.record({ Value: intrinsicValue, Export: fc.record({ Name: intrinsicValue }), Condition: name }, { requiredKeys: ['Value'] })),
  }),
  run({ value, resources, conditions, mappings, parameters, outputs }) {
    const stack = (id: string): StackTemplate => ({
      id,
      name: id,
      account: '111111111111',
      region: 'eu-west-1',
      parameters: recordsOf(parameters),
      mappings: recordOf(mappings),
      conditions: recordOf(conditions),
      resources: recordsOf(resources),
      outputs: recordsOf(outputs),
      givenParameters: {},
      nested: new Map(),
      pathOf: (logicalId) => `${id}/${logicalId}`,
      sourceOf: () => undefined,
      assetAt: () => undefined,
    });
    const stacks = [stack('A'), stack('B')];
    const evaluator = new Intrinsics(stacks, new GivenValues());
    const resolved = evaluator.resolve(stacks[0], value).value;
    if (typeof resolved === 'function') { throw new TypeError('it finds what every object has'); }
    for (const one of new Resources(stacks, evaluator).all) { void [one.ref, one.properties, one.attribute('Arn'), one.missing()]; }
  },
};
