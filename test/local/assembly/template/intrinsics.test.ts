import { readAssembly } from '../../../../src/local/assembly/assembly';
import { GivenValues } from '../../../../src/local/assembly/given-values';
import { Intrinsics, Resolved } from '../../../../src/local/assembly/template/intrinsics';
import { assemblyOf, newFolder } from '../../assembly-folder';

interface Situation {
  readonly template?: object;
  readonly others?: { [stack: string]: object };
  readonly env?: { [name: string]: string };
  readonly environment?: string;
}

/** What a value becomes in the stack `Stack`. */
function resolve(value: unknown, { template = {}, others = {}, env = {}, environment }: Situation = {}): Resolved {
  const stacks = readAssembly(assemblyOf({ Stack: template, ...others }, environment));
  return new Intrinsics(stacks, new GivenValues(env)).resolve(stacks.find(({ name }) => name === 'Stack')!, value);
}

function valueOf(value: unknown, situation?: Situation): unknown {
  return resolve(value, situation).value;
}

function ofType(Type: string, Properties: object = {}): Situation {
  return { template: { Resources: { R: { Type, Properties } } } };
}

describe('what has nothing to resolve', () => {
  test('stays as it is', () => {
    const value = { a: [1, true, null, 'text', { Ref: 'x', more: 1 }], b: {} };

    expect(resolve(value)).toEqual({ value, missing: [] });
  });

  test('may have names that objects have by themselves', () => {
    expect(valueOf(JSON.parse('{ "__proto__": { "constructor": "x" } }'))).toEqual(JSON.parse('{ "__proto__": { "constructor": "x" } }'));
    expect(resolve({ Ref: 'constructor' }).missing).toEqual([{ name: 'Stack.constructor', at: '' }]);
    expect(resolve({ 'Fn::constructor': [] }).missing).toEqual([{ name: 'Stack.Fn::constructor', at: '' }]);
    expect(resolve({ 'Fn::FindInMap': ['constructor', 'name', 'x'] }).missing).toHaveLength(1);
  });
});

describe('pseudo-parameters', () => {
  test.each([
    ['AWS::AccountId', '111111111111'],
    ['AWS::NotificationARNs', []],
    ['AWS::Partition', 'aws'],
    ['AWS::Region', 'eu-west-1'],
    ['AWS::StackId', expect.stringMatching(/^arn:aws:cloudformation:eu-west-1:111111111111:stack\/Stack\/[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/)],
    ['AWS::StackName', 'Stack'],
    ['AWS::URLSuffix', 'amazonaws.com'],
  ])('%s is known', (name, value) => {
    expect(resolve({ Ref: name })).toEqual({ value, missing: [] });
  });

  test.each([
    ['cn-north-1', 'aws-cn amazonaws.com.cn'],
    ['us-gov-west-1', 'aws-us-gov amazonaws.com'],
    ['us-iso-east-1', 'aws-iso c2s.ic.gov'],
    ['us-isob-east-1', 'aws-iso-b sc2s.sgov.gov'],
  ])('those of %s are those of its partition', (region, expected) => {
    expect(valueOf({ 'Fn::Sub': '${AWS::Partition} ${AWS::URLSuffix}' }, { environment: `aws://111111111111/${region}` })).toBe(expected);
  });

  test('AWS::NoValue leaves no trace, in objects and lists', () => {
    expect(valueOf({ a: { Ref: 'AWS::NoValue' }, b: [{ Ref: 'AWS::NoValue' }, 1] })).toEqual({ b: [1] });
  });
});

describe('functions', () => {
  test.each<[string, unknown, unknown]>([
    ['Join', { 'Fn::Join': ['-', ['a', 1, true, { Ref: 'AWS::Region' }, { Ref: 'AWS::NoValue' }]] }, 'a-1-true-eu-west-1'],
    ['Join of a list that is made', { 'Fn::Join': ['+', { 'Fn::Split': [',', 'a,b'] }] }, 'a+b'],
    ['Select', { 'Fn::Select': ['1', ['a', 'b']] }, 'b'],
    ['Split', { 'Fn::Split': ['/', 'a/b'] }, ['a', 'b']],
    ['Sub', { 'Fn::Sub': '${AWS::Region}/${!Literal}/$x' }, 'eu-west-1/${Literal}/$x'],
    ['Sub with variables', { 'Fn::Sub': ['${A}-${AWS::StackName}', { A: { 'Fn::Join': ['', ['x', 'y']] } }] }, 'xy-Stack'],
    ['Sub of a list', { 'Fn::Sub': ['${A}', { A: ['x', 'y'] }] }, 'x,y'],
    ['Base64', { 'Fn::Base64': 'text' }, 'dGV4dA=='],
    ['GetAZs', { 'Fn::GetAZs': '' }, ['eu-west-1a', 'eu-west-1b', 'eu-west-1c']],
    ['GetAZs of a region', { 'Fn::Select': [0, { 'Fn::GetAZs': { Ref: 'AWS::Region' } }] }, 'eu-west-1a'],
    ['Length', { 'Fn::Length': [1, 2, 3] }, 3],
    ['ToJsonString', { 'Fn::ToJsonString': { region: { Ref: 'AWS::Region' } } }, '{"region":"eu-west-1"}'],
  ])('%s', (_, value, expected) => {
    expect(resolve(value)).toEqual({ value: expected, missing: [] });
  });

  test('FindInMap', () => {
    const template = { Mappings: { Ports: { 'eu-west-1': { http: 80 } } } };

    expect(valueOf({ 'Fn::FindInMap': ['Ports', { Ref: 'AWS::Region' }, 'http'] }, { template })).toBe(80);
    expect(valueOf({ 'Fn::FindInMap': ['Ports', 'mars-1', 'http', { DefaultValue: 8080 }] }, { template })).toBe(8080);
    expect(resolve({ 'Fn::FindInMap': ['Ports', 'mars-1', 'http'] }, { template }).missing).toEqual([{ name: 'Stack.Fn::FindInMap.Ports.mars-1.http', at: '' }]);
  });

  test.each([
    ['Fn::Transform', { Name: 'AWS::Include', Parameters: {} }, 'Fn::Transform.AWS::Include'],
    ['Fn::Cidr', ['10.0.0.0/16', 2], 'Fn::Cidr.10.0.0.0/16.2'],
    ['Fn::Select', [5, ['a']], 'Fn::Select.5.a'],
    ['Fn::Select', 'a', 'Fn::Select.a'],
    ['Fn::Join', 5, 'Fn::Join.5'],
    ['Fn::Split', [], 'Fn::Split'],
    ['Fn::Length', 'text', 'Fn::Length.text'],
  ])('%s of %j is not known: it makes no sense, or is not ours to run', (name, argument, called) => {
    expect(resolve({ a: { [name]: argument } })).toEqual({ value: { a: `unresolved:Stack.${called}` }, missing: [{ name: `Stack.${called}`, at: 'a' }] });
  });

  test.each([{ 'Fn::Sub': 5 }, { 'Fn::Sub': [] }, { 'Fn::If': 5 }, { 'Fn::GetAtt': 5 }, { 'Fn::ImportValue': {} }, { Ref: {} }])('%j harms nothing', (value) => {
    expect(() => resolve(value)).not.toThrow();
  });
});

describe('conditions', () => {
  const template = {
    Parameters: { Env: { Type: 'String', Default: 'prod' }, Unknown: { Type: 'String' } },
    Conditions: {
      IsProd: { 'Fn::Equals': [{ Ref: 'Env' }, 'prod'] },
      IsDev: { 'Fn::Not': [{ Condition: 'IsProd' }] },
      Both: { 'Fn::And': [{ Condition: 'IsProd' }, { Condition: 'IsDev' }] },
      Either: { 'Fn::Or': [{ Condition: 'IsProd' }, { Condition: 'IsDev' }] },
      OfUnknown: { 'Fn::Equals': [{ Ref: 'Unknown' }, 'x'] },
      Circle: { 'Fn::Not': [{ Condition: 'Circle' }] },
      Literal: { 'Fn::If': ['IsProd', 'true', 'false'] },
    },
    Resources: {
      Yes: { Type: 'AWS::SNS::Topic', Condition: 'IsProd' },
      No: { Type: 'AWS::SNS::Topic', Condition: 'IsDev' },
    },
  };

  test.each([
    ['IsProd', 'yes'], ['IsDev', 'no'], ['Both', 'no'], ['Either', 'yes'], ['Literal', 'yes'],
  ])('%s decides what `Fn::If` takes', (condition, expected) => {
    expect(resolve({ 'Fn::If': [condition, 'yes', 'no'] }, { template })).toEqual({ value: expected, missing: [] });
  });

  test('what is not taken is not looked at', () => {
    expect(resolve({ 'Fn::If': ['IsProd', 'x', { Ref: 'Nothing' }] }, { template }).missing).toEqual([]);
  });

  test('what a condition does not know, the value does not know', () => {
    expect(resolve({ 'Fn::If': ['OfUnknown', 'yes', 'no'] }, { template })).toEqual({ value: 'no', missing: [{ name: 'Stack.Unknown', at: '' }] });
  });

  test('one that there is not is not known, and does not hold', () => {
    expect(resolve({ 'Fn::If': ['Nowhere', 'yes', 'no'] }, { template })).toEqual({ value: 'no', missing: [{ name: 'Stack.Nowhere', at: '' }] });
  });

  test('one that needs itself ends', () => {
    expect(resolve({ 'Fn::If': ['Circle', 'yes', 'no'] }, { template }).missing).toEqual([{ name: 'Stack.Circle', at: '' }]);
  });

  test('resources are there only where theirs holds', () => {
    const [stack] = readAssembly(assemblyOf({ Stack: template }));
    const intrinsics = new Intrinsics([stack]);

    expect([...stack.resources.keys()].filter((id) => intrinsics.exists(stack, id))).toEqual(['Yes']);
    expect(resolve({ Ref: 'No' }, { template }).missing).toEqual([{ name: 'Stack.No', at: '' }]);
  });
});

describe('parameters', () => {
  test.each(['constructor', 'toString', '__proto__'])('may be called `%s`', (name) => {
    expect(valueOf({ Ref: name }, { template: { Parameters: { [name]: { Type: 'String', Default: 'a' } } } })).toBe('a');
  });

  const parameter = (Parameter: object, env: { [name: string]: string } = {}) => ({ template: { Parameters: { Parameter } }, env });

  test('have their defaults', () => {
    expect(valueOf({ Ref: 'Parameter' }, parameter({ Type: 'Number', Default: 5 }))).toBe('5');
  });

  test('are lists where their type says so', () => {
    expect(valueOf({ Ref: 'Parameter' }, parameter({ Type: 'CommaDelimitedList', Default: 'a, b' }))).toEqual(['a', 'b']);
    expect(valueOf({ Ref: 'Parameter' }, parameter({ Type: 'List<Number>', Default: '1,2' }))).toEqual(['1', '2']);
  });

  test('are given by name, as `cdk deploy --parameters` does', () => {
    expect(valueOf({ Ref: 'Parameter' }, parameter({ Type: 'String', Default: 'a' }, { 'Stack.Parameter': 'b' }))).toBe('b');
  });

  test('without a value are not known', () => {
    expect(resolve({ X: { Ref: 'Parameter' } }, parameter({ Type: 'String' }))).toEqual({
      value: { X: 'unresolved:Stack.Parameter' }, missing: [{ name: 'Stack.Parameter', at: 'X' }],
    });
  });

  test('that are read from SSM are not known', () => {
    const type = 'AWS::SSM::Parameter::Value<String>';

    expect(resolve({ Ref: 'Parameter' }, parameter({ Type: type, Default: '/a' })).missing).toEqual([{ name: 'Stack.Parameter', at: '' }]);
    expect(valueOf({ Ref: 'Parameter' }, parameter({ Type: type, Default: '/a' }, { 'Stack.Parameter': 'given' }))).toBe('given');
  });

  test('that are read from SSM are known where the app makes them', () => {
    const situation = (type: string) => ({
      template: { Parameters: { P: { Type: type, Default: '/a' } } },
      others: { Other: { Resources: { A: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/a', Value: 'x,y' } } } } },
    });

    expect(valueOf({ Ref: 'P' }, situation('AWS::SSM::Parameter::Value<String>'))).toBe('x,y');
    expect(valueOf({ Ref: 'P' }, situation('AWS::SSM::Parameter::Value<List<String>>'))).toEqual(['x', 'y']);
  });
});

describe('dynamic references', () => {
  test('are not known', () => {
    expect(resolve({ A: { 'Fn::Join': ['', ['x-{{resolve:secretsmanager:', 'Key:SecretString:a::}}']] } })).toEqual({
      value: { A: 'x-unresolved:resolve:secretsmanager:Key:SecretString:a::' },
      missing: [{ name: 'resolve:secretsmanager:Key:SecretString:a::', at: 'A' }],
    });
  });

  test('are given by name', () => {
    expect(valueOf(['{{resolve:ssm:/a:1}}'], { env: { 'resolve:ssm:/a:1': 'given' } })).toEqual(['given']);
  });

  test('are known where the app makes the parameter, also deep in what a function returns', () => {
    const template = {
      Conditions: { Always: { 'Fn::Equals': [1, '1'] } },
      Resources: { A: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/a', Value: 'x' } } },
    };

    expect(resolve({ 'Fn::If': ['Always', { Deep: ['{{resolve:ssm:/a}}', 1] }, 0] }, { template })).toEqual({ value: { Deep: ['x', 1] }, missing: [] });
  });
});

describe('what is not known', () => {
  const value = { Variables: { A: [{ 'Fn::Join': ['', ['a ', { 'Fn::GetAtt': ['Custom', 'Endpoint.Address'] }]] }] } };
  const template = { Resources: { Custom: { Type: 'Custom::Database' }, Other: { Type: 'AWS::RDS::DBInstance' } } };

  test('is told by name and place, and a placeholder stands there', () => {
    expect(resolve(value, { template })).toEqual({
      value: { Variables: { A: ['a unresolved:Stack.Custom.Endpoint.Address'] } },
      missing: [{ name: 'Stack.Custom.Endpoint.Address', at: 'Variables.A[0]' }],
    });
  });

  test('is given by name', () => {
    expect(resolve(value, { template, env: { 'Stack.Custom.Endpoint.Address': 'db' } })).toEqual({ value: { Variables: { A: ['a db'] } }, missing: [] });
  });

  test('is no part of what is cut from it', () => {
    const cut = { 'Fn::Select': [5, { 'Fn::Split': [':', { 'Fn::GetAtt': ['Custom', 'Arn'] }] }] };

    expect(resolve(cut, { template })).toEqual({ value: 'unresolved:Stack.Custom.Arn', missing: [{ name: 'Stack.Custom.Arn', at: '' }] });
    expect(valueOf(cut, { template, env: { 'Stack.Custom.Arn': 'arn:aws:x:y:z:name' } })).toBe('name');
  });

  test.each([
    [{ Ref: 'Custom' }, 'Stack.Custom'],
    [{ Ref: 'Nowhere' }, 'Stack.Nowhere'],
    [{ 'Fn::GetAtt': ['Other', 'Endpoint.Port'] }, 'Stack.Other.Endpoint.Port'],
    [{ 'Fn::GetAtt': 'Other.Endpoint.Port' }, 'Stack.Other.Endpoint.Port'],
    [{ 'Fn::Sub': '${Other.Endpoint.Port}' }, 'Stack.Other.Endpoint.Port'],
    [{ 'Fn::ImportValue': 'Foreign:Export' }, 'Foreign:Export'],
  ])('%j', (reference, name) => {
    expect(resolve(reference, { template }).missing).toEqual([{ name, at: '' }]);
  });

  test('is told again to everybody who needs it', () => {
    const twice = { A: { 'Fn::GetAtt': ['Topic', 'TopicName'] }, B: { 'Fn::GetAtt': ['Topic', 'TopicName'] } };
    const situation = { template: { Resources: { Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: { Ref: 'Nowhere' } } } } } };

    expect(resolve(twice, situation).missing).toEqual([{ name: 'Stack.Nowhere', at: 'A' }, { name: 'Stack.Nowhere', at: 'B' }]);
  });

  test('is what turns in a circle', () => {
    const circle = {
      Resources: {
        A: { Type: 'AWS::SNS::Topic', Properties: { TopicName: { Ref: 'B' } } },
        B: { Type: 'AWS::SNS::Topic', Properties: { TopicName: { Ref: 'A' } } },
      },
      Outputs: { O: { Value: 1, Export: { Name: { 'Fn::ImportValue': 'x' } } } },
    };

    expect(resolve({ Ref: 'A' }, { template: circle }).missing).toEqual([{ name: 'Stack.A', at: '' }]);
    expect(resolve({ 'Fn::ImportValue': 'x' }, { template: circle }).missing).toEqual([{ name: 'x', at: '' }]);
  });
});

describe('physical names', () => {
  test('are those that are given', () => {
    expect(valueOf({ Ref: 'R' }, ofType('AWS::DynamoDB::Table', { TableName: { 'Fn::Sub': '${AWS::StackName}-t' } }))).toBe('Stack-t');
  });

  test('are made of the stack and the logical id otherwise', () => {
    expect(valueOf({ Ref: 'R' }, ofType('AWS::DynamoDB::Table'))).toBe('Stack-R');
    expect(valueOf({ Ref: 'R' }, ofType('AWS::S3::Bucket'))).toBe('stack-r');
    expect(valueOf({ 'Fn::GetAtt': ['R', 'QueueName'] }, ofType('AWS::SQS::Queue', { FifoQueue: true }))).toBe('Stack-R.fifo');
  });

  test('are cut to the length that is allowed, and stay different', () => {
    const long = 'L'.repeat(80);
    const template = { Resources: { [`${long}1`]: { Type: 'AWS::Lambda::Function' }, [`${long}2`]: { Type: 'AWS::Lambda::Function' } } };
    const [one, other] = valueOf([{ Ref: `${long}1` }, { Ref: `${long}2` }], { template }) as string[];

    expect([one.length, other.length]).toEqual([64, 64]);
    expect(one).not.toBe(other);
  });

  test('of a type that is not known are names too', () => {
    expect(resolve({ Ref: 'R' }, ofType('AWS::Some::Thing'))).toEqual({ value: 'Stack-R', missing: [] });
  });
});

describe('what a reference says', () => {
  const tenCharacters = expect.stringMatching(/^[a-z0-9]{10}$/);

  test.each<[string, object, string | undefined, unknown]>([
    ['AWS::ApiGateway::ApiKey', {}, undefined, tenCharacters],
    ['AWS::ApiGateway::UsagePlan', {}, undefined, tenCharacters],
    ['AWS::ApiGatewayV2::Api', {}, undefined, tenCharacters],
    ['AWS::ApiGatewayV2::Api', { ProtocolType: 'WEBSOCKET' }, 'ApiEndpoint', expect.stringMatching(/^wss:\/\/\w{10}\.execute-api\.eu-west-1\.amazonaws\.com$/)],
    ['AWS::ApiGatewayV2::Api', { ProtocolType: 'HTTP' }, 'ApiEndpoint', expect.stringMatching(/^https:\/\/\w{10}\.execute-api/)],
    ['AWS::ApiGatewayV2::DomainName', { DomainName: 'a.b' }, undefined, 'a.b'],
    ['AWS::ApiGatewayV2::DomainName', { DomainName: 'a.b' }, 'RegionalDomainName', expect.stringMatching(/^d-\w{10}\.execute-api\.eu-west-1\.amazonaws\.com$/)],
    ['AWS::ApiGatewayV2::DomainName', { DomainName: 'a.b' }, 'RegionalHostedZoneId', expect.stringMatching(/^Z[A-Z0-9]{10}$/)],
    ['AWS::ApiGatewayV2::Stage', { StageName: 'dev' }, undefined, 'dev'],
    ['AWS::Cognito::UserPool', {}, undefined, expect.stringMatching(/^eu-west-1_\w{10}$/)],
    ['AWS::Cognito::UserPool', {}, 'ProviderName', expect.stringMatching(/^cognito-idp\.eu-west-1\.amazonaws\.com\/eu-west-1_\w{10}$/)],
    ['AWS::Cognito::UserPoolClient', {}, undefined, expect.stringMatching(/^\w{26}$/)],
    ['AWS::DynamoDB::GlobalTable', { TableName: 't' }, 'Arn', 'arn:aws:dynamodb:eu-west-1:111111111111:table/t'],
    ['AWS::DynamoDB::Table', { TableName: 't' }, 'StreamArn', expect.stringMatching(/:table\/t\/stream\//)],
    ['AWS::Events::EventBus', { Name: 'b' }, undefined, 'b'],
    ['AWS::Events::EventBus', { Name: 'b' }, 'Arn', 'arn:aws:events:eu-west-1:111111111111:event-bus/b'],
    ['AWS::IAM::ManagedPolicy', { ManagedPolicyName: 'p', Path: '/x/' }, undefined, 'arn:aws:iam::111111111111:policy/x/p'],
    ['AWS::IAM::Role', { RoleName: 'r' }, undefined, 'r'],
    ['AWS::IAM::Role', { RoleName: 'r', Path: '/x/' }, 'Arn', 'arn:aws:iam::111111111111:role/x/r'],
    ['AWS::IAM::User', { UserName: 'u' }, 'Arn', 'arn:aws:iam::111111111111:user/u'],
    ['AWS::KMS::Key', {}, undefined, expect.stringMatching(/^[0-9a-f-]{36}$/)],
    ['AWS::Kinesis::Stream', { Name: 's' }, 'Arn', 'arn:aws:kinesis:eu-west-1:111111111111:stream/s'],
    ['AWS::KinesisFirehose::DeliveryStream', { DeliveryStreamName: 's' }, 'Arn', 'arn:aws:firehose:eu-west-1:111111111111:deliverystream/s'],
    ['AWS::Lambda::Alias', { FunctionName: 'f', Name: 'live' }, undefined, 'arn:aws:lambda:eu-west-1:111111111111:function:f:live'],
    ['AWS::Lambda::Function', { FunctionName: 'f' }, 'Arn', 'arn:aws:lambda:eu-west-1:111111111111:function:f'],
    ['AWS::Lambda::Version', { FunctionName: 'arn:aws:lambda:a:b:function:f' }, undefined, 'arn:aws:lambda:a:b:function:f:1'],
    ['AWS::Lambda::Version', { FunctionName: 'f' }, 'Version', '1'],
    ['AWS::Logs::LogGroup', { LogGroupName: '/l' }, 'Arn', 'arn:aws:logs:eu-west-1:111111111111:log-group:/l:*'],
    ['AWS::S3::Bucket', { BucketName: 'b' }, 'Arn', 'arn:aws:s3:::b'],
    ['AWS::S3::Bucket', { BucketName: 'b' }, 'RegionalDomainName', 'b.s3.eu-west-1.amazonaws.com'],
    ['AWS::SNS::Topic', { TopicName: 't' }, undefined, 'arn:aws:sns:eu-west-1:111111111111:t'],
    ['AWS::SQS::Queue', { QueueName: 'q' }, undefined, 'https://sqs.eu-west-1.amazonaws.com/111111111111/q'],
    ['AWS::SQS::Queue', { QueueName: 'q' }, 'Arn', 'arn:aws:sqs:eu-west-1:111111111111:q'],
    ['AWS::SSM::Parameter', { Name: '/p', Value: 'v' }, undefined, '/p'],
    ['AWS::SSM::Parameter', { Name: '/p', Value: 'v' }, 'Value', 'v'],
    ['AWS::SecretsManager::Secret', { Name: 's' }, undefined, expect.stringMatching(/^arn:aws:secretsmanager:eu-west-1:111111111111:secret:s-\w{6}$/)],
    ['AWS::StepFunctions::StateMachine', { StateMachineName: 'm' }, undefined, 'arn:aws:states:eu-west-1:111111111111:stateMachine:m'],
    ['AWS::StepFunctions::StateMachine', { StateMachineName: 'm' }, 'Name', 'm'],
  ])('%s %j %s', (type, properties, attribute, expected) => {
    expect(resolve(attribute === undefined ? { Ref: 'R' } : { 'Fn::GetAtt': ['R', attribute] }, ofType(type, properties))).toEqual({ value: expected, missing: [] });
  });

  test('is not known without a property that it needs', () => {
    expect(resolve({ 'Fn::GetAtt': ['R', 'Value'] }, ofType('AWS::SSM::Parameter')).missing).toEqual([{ name: 'Stack.R.Value', at: '' }]);
  });

  test('is the same at every start, and another in another stack, region or account', () => {
    const id = (situation: Situation) => valueOf({ Ref: 'R' }, situation);
    const api = ofType('AWS::ApiGatewayV2::Api');
    const elsewhere = ['aws://111111111111/eu-west-2', 'aws://222222222222/eu-west-1'].map((environment) => id({ ...api, environment }));

    expect(id(api)).toBe(id(api));
    expect(new Set([id(api), ...elsewhere]).size).toBe(3);
  });
});

test('calls that are not known have names that tell them apart, and that an env file can have', () => {
  const { missing } = resolve([{ 'Fn::Cidr': ['10.0.0.0/16', 6, 5] }, { 'Fn::Cidr': ['10.1.0.0/16', 6, 5] }, { 'Fn::Transform': { Name: 'a = b' } }]);

  expect(missing.map(({ name }) => name)).toEqual(['Stack.Fn::Cidr.10.0.0.0/16.6.5', 'Stack.Fn::Cidr.10.1.0.0/16.6.5', 'Stack.Fn::Transform.a_b']);
});

describe('between stacks', () => {
  test('exports are imported, whatever their names are made of', () => {
    const producer = {
      Resources: { Topic: { Type: 'AWS::SNS::Topic' } },
      Outputs: {
        A: { Value: { 'Fn::GetAtt': ['Topic', 'TopicName'] }, Export: { Name: { 'Fn::Sub': '${AWS::StackName}:Topic' } } },
        B: { Value: 'not exported' },
      },
    };

    expect(valueOf({ 'Fn::ImportValue': { 'Fn::Join': ['', ['Producer', ':Topic']] } }, { others: { Producer: producer } })).toBe('Producer-Topic');
  });

  test('outputs of other stacks are found without an export', () => {
    const others = { Producer: { Resources: { Topic: { Type: 'AWS::SNS::Topic' } }, Outputs: { Name: { Value: { 'Fn::GetAtt': ['Topic', 'TopicName'] } } } } };
    const output = (more = {}) => ({ 'Fn::GetStackOutput': { StackName: { 'Fn::Sub': 'Producer' }, OutputName: 'Name', ...more } });

    expect(valueOf(output(), { others })).toBe('Producer-Topic');
    expect(valueOf(output({ Region: 'eu-west-1', RoleArn: { 'Fn::Sub': 'arn:${AWS::Partition}:iam::111111111111:role/reader' } }), { others })).toBe('Producer-Topic');
    for (const elsewhere of [{ Region: 'us-east-1' }, { RoleArn: 'arn:aws:iam::222222222222:role/reader' }, { OutputName: 'Other' }, { StackName: 'Stack' }]) {
      const { StackName = 'Producer', OutputName = 'Name' } = elsewhere as { StackName?: string; OutputName?: string };
      expect(resolve(output(elsewhere), { others }).missing).toEqual([{ name: `${StackName}.${OutputName}`, at: '' }]);
    }
    expect(valueOf(output({ OutputName: 'Other' }), { others, env: { 'Producer.Other': 'x' } })).toBe('x');
  });

  test('an output whose condition does not hold exports nothing', () => {
    const producer = {
      Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } },
      Outputs: { A: { Value: 'x', Export: { Name: 'x' }, Condition: 'Never' } },
    };

    expect(resolve({ 'Fn::ImportValue': 'x' }, { others: { Producer: producer } }).missing).toEqual([{ name: 'x', at: '' }]);
  });

  test('values are brought to other regions by CDK', () => {
    const artifact = (name: string, region: string) => ({
      [name]: { type: 'aws:cloudformation:stack', environment: `aws://111111111111/${region}`, properties: { templateFile: `${name}.json` } },
    });
    const [writer, stack] = readAssembly(newFolder({
      'manifest.json': { artifacts: { ...artifact('Writer', 'us-east-1'), ...artifact('Stack', 'eu-west-1') } },
      'Writer.json': {
        Resources: {
          Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 't' } },
          W: { Type: 'Custom::CrossRegionExportWriter', Properties: { WriterProps: { region: 'eu-west-1', exports: { '/cdk/exports/a': { Ref: 'Topic' } } } } },
        },
      },
      'Stack.json': { Resources: { Reader: { Type: 'Custom::CrossRegionExportReader' } } },
    }));
    const intrinsics = new Intrinsics([writer, stack]);

    expect(intrinsics.resolve(stack, { 'Fn::GetAtt': ['Reader', '/cdk/exports/a'] })).toEqual({ value: 'arn:aws:sns:us-east-1:111111111111:t', missing: [] });
    expect(intrinsics.resolve(stack, { 'Fn::GetAtt': ['Reader', '/cdk/exports/b'] }).missing).toHaveLength(1);
  });

  const nested = (inner: object, Properties: object = {}, more: object = {}) => newFolder({
    'manifest.json': {
      artifacts: { Stack: { type: 'aws:cloudformation:stack', environment: 'aws://111111111111/eu-west-1', properties: { templateFile: 'Stack.json' } } },
    },
    'Stack.json': {
      Resources: {
        Inner: {
          Type: 'AWS::CloudFormation::Stack',
          Properties,
          Metadata: { 'aws:asset:path': 'inner.json', 'aws:asset:property': 'TemplateURL' },
          ...more,
        },
        Topic: { Type: 'AWS::SNS::Topic' },
      },
      Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } },
    },
    'inner.json': inner,
  });

  test('a nested stack has what it is given, and gives what it puts out', () => {
    const inner = {
      Parameters: { Name: { Type: 'String' }, List: { Type: 'CommaDelimitedList' } },
      Outputs: { O: { Value: { 'Fn::Join': ['/', [{ Ref: 'Name' }, { 'Fn::Select': [1, { Ref: 'List' }] }, { Ref: 'AWS::StackName' }]] } } },
    };
    const stacks = readAssembly(nested(inner, { Parameters: { Name: { 'Fn::GetAtt': ['Topic', 'TopicName'] }, List: ['a', 'b'] } }));

    expect(new Intrinsics(stacks).resolve(stacks[0], { 'Fn::GetAtt': ['Inner', 'Outputs.O'] })).toEqual({ value: 'Stack-Topic/b/Stack-Inner', missing: [] });
    expect(new Intrinsics(stacks).resolve(stacks[0], { 'Fn::GetAtt': ['Inner', 'Outputs.P'] }).missing).toHaveLength(1);
    expect(new Intrinsics(stacks).resolve(stacks[0], { Ref: 'Inner' }).value).toMatch(/:stack\/Stack-Inner\//);
  });

  test('a nested stack whose condition does not hold has nothing', () => {
    const [outer, inner] = readAssembly(nested({ Resources: { A: { Type: 'AWS::SNS::Topic' } } }, {}, { Condition: 'Never' }));

    expect(new Intrinsics([outer, inner]).exists(inner, 'A')).toBe(false);
  });

  test('a nested stack that is elsewhere, or that holds itself, ends', () => {
    const self = nested({
      Resources: {
        Again: { Type: 'AWS::CloudFormation::Stack', Metadata: { 'aws:asset:path': 'inner.json', 'aws:asset:property': 'TemplateURL' } },
        Elsewhere: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 'https://example.com/a.json' } },
      },
    });
    const stacks = readAssembly(self);

    expect(stacks.map(({ name }) => name)).toEqual(['Stack', 'Stack-Inner']);
    expect(new Intrinsics(stacks).resolve(stacks[1], { 'Fn::GetAtt': ['Elsewhere', 'Outputs.X'] }).missing).toHaveLength(1);
  });
});
