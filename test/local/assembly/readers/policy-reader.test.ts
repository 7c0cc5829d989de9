import { readAssembly } from '../../../../src/local/assembly/assembly';
import { Findings } from '../../../../src/local/assembly/findings';
import { Principals } from '../../../../src/local/assembly/readers/policy-reader';
import { Intrinsics } from '../../../../src/local/assembly/template/intrinsics';
import { Resources } from '../../../../src/local/assembly/template/resource';
import { assemblyOf } from '../../assembly-folder';

interface Templates { [logicalId: string]: { Type: string; Properties?: object } }

function read(resources: Templates, others: { [stack: string]: object } = {}, environment?: string) {
  const stacks = readAssembly(assemblyOf({ Stack: { Resources: resources }, ...others }, environment));
  const findings = new Findings();
  const principals = new Principals(new Resources(stacks, new Intrinsics(stacks)), findings);
  const statementsOf = (path: string) => principals.all.find((one) => one.path === path)!.statements!;
  const actionsOf = (path: string) => statementsOf(path).map(({ actions, notActions }) => String(actions ?? notActions));
  return { principals, findings, actionsOf };
}

function document(Action: string) {
  return { Version: '2012-10-17', Statement: { Effect: 'Allow', Action, Resource: '*' } };
}

function policy(type: string, action: string, properties: object) {
  return { Type: `AWS::IAM::${type}`, Properties: { PolicyDocument: document(action), ...properties } };
}

const ROLE = { Type: 'AWS::IAM::Role' };

describe('what a role may do', () => {
  test('is in itself', () => {
    const { actionsOf } = read({ Role: { ...ROLE, Properties: { Policies: [{ PolicyName: 'p', PolicyDocument: document('a:A') }] } } });

    expect(actionsOf('Stack/Role')).toEqual(['a:A']);
  });

  test('is in policies that name it', () => {
    const { actionsOf } = read({
      Role: ROLE,
      Policy: policy('Policy', 'a:A', { Roles: [{ Ref: 'Role' }] }),
      Managed: policy('ManagedPolicy', 'a:B', { Roles: [{ Ref: 'Role' }] }),
      Inline: policy('RolePolicy', 'a:C', { RoleName: { Ref: 'Role' }, PolicyName: 'p' }),
      Other: policy('Policy', 'a:D', { Roles: ['other'] }),
    });

    expect(actionsOf('Stack/Role')).toEqual(['a:A', 'a:B', 'a:C']);
  });

  test('is in policies of other stacks', () => {
    const { actionsOf } = read({ Role: { ...ROLE, Properties: { RoleName: 'mine' } } }, {
      Other: { Resources: { Policy: policy('Policy', 'a:A', { Roles: [{ 'Fn::ImportValue': 'Name' }] }), ByName: policy('Policy', 'a:B', { Roles: ['mine'] }) } },
      Producer: { Outputs: { O: { Value: 'mine', Export: { Name: 'Name' } } } },
    });

    expect(actionsOf('Stack/Role')).toEqual(['a:A', 'a:B']);
  });

  test('is in managed policies of the app, once', () => {
    const { actionsOf } = read({
      Role: { ...ROLE, Properties: { ManagedPolicyArns: [{ Ref: 'One' }, { Ref: 'Both' }] } },
      One: policy('ManagedPolicy', 'a:A', {}),
      Both: policy('ManagedPolicy', 'a:B', { Roles: [{ Ref: 'Role' }] }),
    });

    expect(actionsOf('Stack/Role').sort()).toEqual(['a:A', 'a:B']);
  });

  test.each([
    ['AdministratorAccess', ['*']],
    ['PowerUserAccess', ['iam:*,organizations:*,account:*']],
    ['AmazonAPIGatewayInvokeFullAccess', ['execute-api:Invoke,execute-api:ManageConnections']],
    ['service-role/AWSLambdaRole', ['lambda:InvokeFunction']],
    ['service-role/AWSLambdaBasicExecutionRole', []],
  ])('is known of %s', (name, actions) => {
    const { actionsOf, findings, principals } = read({ Role: { ...ROLE, Properties: { ManagedPolicyArns: [`arn:aws:iam::aws:policy/${name}`] } } });
    principals.use('arn:aws:iam::111111111111:role/Stack-Role', 'Stack/Function');

    expect(actionsOf('Stack/Role')).toEqual(actions);
    expect(findings.warnings).toEqual([]);
  });

  test('is of the partition of its region', () => {
    const { principals } = read({
      Role: { ...ROLE, Properties: { ManagedPolicyArns: ['arn:aws-cn:iam::aws:policy/AmazonAPIGatewayInvokeFullAccess'] } },
    }, {}, 'aws://111111111111/cn-north-1');

    expect(principals.all[0]).toMatchObject({ arn: 'arn:aws-cn:iam::111111111111:role/Stack-Role', statements: [{ resources: ['arn:aws-cn:execute-api:*:*:*'] }] });
  });

  test('is not known of a managed policy that is not in the app, which is said where it matters', () => {
    const { principals, findings } = read({ Role: { ...ROLE, Properties: { ManagedPolicyArns: ['arn:aws:iam::1:policy/foreign'] } } });
    expect(findings.warnings).toEqual([]);
    principals.use('arn:aws:iam::111111111111:role/Stack-Role', 'Stack/Function');

    expect(findings.warnings).toEqual([
      '`Stack/Role` has the managed policy `arn:aws:iam::1:policy/foreign`, which is not in the app: its statements are not known here, so it allows nothing',
    ]);
  });

  test('is not known of all of the policies of AWS, which is said where a service is called', () => {
    const policies = ['AmazonDynamoDBReadOnlyAccess', 'AmazonBedrockFullAccess'].map((name) => `arn:aws:iam::aws:policy/${name}`);
    const { principals, findings } = read({ Role: { ...ROLE, Properties: { ManagedPolicyArns: policies } } });
    principals.use('arn:aws:iam::111111111111:role/Stack-Role', 'Stack/Integration');
    expect(findings.warnings).toEqual([]);
    principals.useForServices('arn:aws:iam::111111111111:role/Stack-Role');

    expect(findings.warnings).toEqual([
      '`Stack/Role` has the managed policy `arn:aws:iam::aws:policy/AmazonBedrockFullAccess`, which is not known here, so it allows nothing',
    ]);
  });

  test('is nothing where a policy makes no sense, which is said', () => {
    const { actionsOf, findings } = read({ Role: { ...ROLE, Properties: { Policies: [{ PolicyName: 'p', PolicyDocument: {} }] } } });

    expect(actionsOf('Stack/Role')).toEqual([]);
    expect(findings.warnings).toEqual([expect.stringMatching(/^a policy in `Stack\/Role` allows nothing here: a policy document has no `Statement`/)]);
  });
});

test('a user may do what its groups may', () => {
  const { actionsOf, principals } = read({
    User: { Type: 'AWS::IAM::User', Properties: { Groups: [{ Ref: 'One' }] } },
    One: { Type: 'AWS::IAM::Group' },
    Other: { Type: 'AWS::IAM::Group' },
    Addition: { Type: 'AWS::IAM::UserToGroupAddition', Properties: { GroupName: { Ref: 'Other' }, Users: [{ Ref: 'User' }] } },
    OfUser: policy('UserPolicy', 'a:A', { UserName: { Ref: 'User' }, PolicyName: 'p' }),
    OfOne: policy('Policy', 'a:B', { Groups: [{ Ref: 'One' }] }),
    OfOther: policy('GroupPolicy', 'a:C', { GroupName: { Ref: 'Other' }, PolicyName: 'p' }),
  });

  expect(actionsOf('Stack/User')).toEqual(['a:A', 'a:B', 'a:C']);
  expect(principals.all).toHaveLength(1);
});

test('who is not in the app may do everything, which is said', () => {
  const { principals, findings } = read({});
  principals.use('arn:aws:iam::1:role/foreign', 'Stack/Function');

  expect(principals.find('arn:aws:iam::1:role/foreign')).toEqual({ arn: 'arn:aws:iam::1:role/foreign', name: 'foreign', path: 'arn:aws:iam::1:role/foreign' });
  expect(findings.warnings).toEqual([expect.stringContaining('so it may do everything')]);
});
