// Resource types that the emulator does not know. They are left out of the synthesized assembly, each by its name.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const VALIDATED = 'CloudFormation\'s own validator (test/strict.test.ts)';

/**
 * What is left out, and what else shows that it is right. `instead` is what a reference to such a resource becomes, `when` limits a row
 * to some resources of a type that the emulator knows, and `example` has the properties of one.
 */
export const LEFT_OUT = [
  { type: 'AWS::ApiGatewayV2::RouteResponse', proof: `${VALIDATED}; the comparison with the L2s (test/parity.test.ts)` },
  { type: 'AWS::ApiGatewayV2::IntegrationResponse', proof: `${VALIDATED}; test/services; the local gateway answers by them` },
  {
    type: 'AWS::ApiGatewayV2::Model',
    proof: `${VALIDATED}; test/messages; the local gateway validates by them`,
    instead: ({ Properties }) => Properties.Name,
  },
  { type: 'AWS::Logs::QueryDefinition', proof: `${VALIDATED}; test/monitoring` },
  {
    type: 'AWS::CloudWatch::Alarm',
    name: 'AWS::CloudWatch::Alarm with metric math',
    when: ({ Properties }) => Properties.Metrics !== undefined,
    proof: `${VALIDATED}; test/monitoring`,
    example: { Metrics: [{ Id: 'one', Expression: '1 + 1' }], ComparisonOperator: 'GreaterThanThreshold', EvaluationPeriods: 1, Threshold: 1 },
    instead: (_, id) => ({ 'Fn::Sub': `arn:\${AWS::Partition}:cloudwatch:\${AWS::Region}:\${AWS::AccountId}:alarm:${id}` }),
  },
];

/** What is changed, because the emulator has a fault of its own. */
export const ADAPTED = [
  {
    name: 'the policy of the log role\'s function',
    reason: 'the emulator names a role without its path where it looks for a permission, and has no `iam:PolicyARN`',
    where: (resource, id) => resource.Type === 'AWS::IAM::Role' && id.startsWith('CustomApiGatewayAccountLogRole'),
    adapt(resource) {
      const adapted = JSON.parse(JSON.stringify(resource).replaceAll(':role/cdk-websocket-api/', ':role/'));
      const statements = adapted.Properties.Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
      delete statements.find(({ Condition }) => Condition?.ArnEquals?.['iam:PolicyARN']).Condition;
      return adapted;
    },
  },
];

/** What the emulator does not read, although it knows the type. */
export const IGNORED = [
  { name: '`TimeToLiveSpecification` of AWS::DynamoDB::Table', proof: `${VALIDATED}; test/connections` },
];

/** Where an assembly says what was left out of it. */
const RECORD = 'left-out.json';

/** Removes these resources from each template of an assembly. Fails if something else needs one. */
export function leaveOut(assembly) {
  const record = [];
  for (const file of readdirSync(assembly).filter((name) => name.endsWith('.template.json'))) {
    const template = JSON.parse(readFileSync(join(assembly, file), 'utf8'));
    const gone = new Map();
    for (const [id, resource] of Object.entries(template.Resources)) {
      const row = LEFT_OUT.find(({ type, when = () => true }) => type === resource.Type && when(resource));
      if (row) {
        gone.set(id, row.instead?.(resource, id));
        record.push({ id, name: row.name ?? row.type });
        delete template.Resources[id];
      }
      const fault = ADAPTED.find(({ where }) => where(resource, id));
      if (fault) {
        record.push({ id, name: fault.name, adapted: true });
        template.Resources[id] = fault.adapt(resource);
      }
    }
    writeFileSync(join(assembly, file), JSON.stringify(without(template, gone), undefined, 1));
  }
  writeFileSync(join(assembly, RECORD), JSON.stringify(record));
}

/** @returns what was left out or adapted: logical ids, and names of rows */
export function leftOutOf(assembly) {
  return JSON.parse(readFileSync(join(assembly, RECORD), 'utf8'));
}

/** @param gone what references become, by logical id */
function without(value, gone) {
  if (Array.isArray(value)) { return value.map((one) => without(one, gone)); }
  if (typeof value !== 'object' || value === null) { return value; }
  const referred = value.Ref ?? value['Fn::GetAtt']?.[0];
  if (gone.has(referred)) {
    if (gone.get(referred) === undefined) { throw new Error(`${referred} is left out for the emulator, but something refers to it`); }
    return gone.get(referred);
  }
  return Object.fromEntries(Object.entries(value)
    .map(([key, inner]) => [key, key === 'DependsOn' ? [inner].flat().filter((id) => !gone.has(id)) : without(inner, gone)]));
}
