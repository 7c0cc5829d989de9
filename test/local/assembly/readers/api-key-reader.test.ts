import { readModel } from '../../../../src/local/assembly/model-reader';
import { assemblyOf } from '../../assembly-folder';

function read(resources: object) {
  return readModel(assemblyOf({
    Stack: {
      Resources: {
        Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'WEBSOCKET' } },
        Stage: { Type: 'AWS::ApiGatewayV2::Stage', Properties: { ApiId: { Ref: 'Api' }, StageName: 'dev' } },
        Plan: {
          Type: 'AWS::ApiGateway::UsagePlan',
          Properties: {
            ApiStages: [{ ApiId: { Ref: 'Api' }, Stage: { Ref: 'Stage' } }, { ApiId: 'rest', Stage: 'prod' }],
            Throttle: { RateLimit: 5, BurstLimit: '2' },
          },
        },
        Member: { Type: 'AWS::ApiGateway::UsagePlanKey', Properties: { KeyId: { Ref: 'Key' }, KeyType: 'API_KEY', UsagePlanId: { Ref: 'Plan' } } },
        ...resources,
      },
    },
  }));
}

test('a key opens the stages of its usage plan', () => {
  const { apis, apiKeys, warnings } = read({ Key: { Type: 'AWS::ApiGateway::ApiKey', Properties: { Name: 'mine', Enabled: true, Value: 'v'.repeat(20) } } });

  expect([...apiKeys]).toEqual([['v'.repeat(20), {
    id: expect.stringMatching(/^\w{10}$/),
    name: 'mine',
    enabled: true,
    stages: [{ apiId: apis[0].id, stageName: 'dev', throttle: { ratePerSecond: 5, burst: 2 } }],
  }]]);
  expect(warnings).toEqual([]);
});

test('a key without a value gets one, which is the same at every start, and said', () => {
  const key = { Key: { Type: 'AWS::ApiGateway::ApiKey' } };
  const { apiKeys, warnings } = read(key);
  const [[value, { enabled }]] = [...apiKeys];

  expect(value).toMatch(/^\w{40}$/);
  expect(enabled).toBe(false);
  expect([...read(key).apiKeys.keys()]).toEqual([value]);
  expect(warnings).toEqual([`the API key \`Stack/Key\` gets its value at deployment; here it is \`${value}\``]);
});

test('a key without a usage plan opens nothing', () => {
  const { apiKeys, warnings } = read({ Key: { Type: 'AWS::ApiGateway::ApiKey' }, Member: { Type: 'AWS::SNS::Topic' } });

  expect([...apiKeys.values()]).toMatchObject([{ stages: [] }]);
  expect(warnings).toEqual([]);
});

test('a usage plan may have no stages', () => {
  expect([...read({ Key: { Type: 'AWS::ApiGateway::ApiKey' }, Plan: { Type: 'AWS::ApiGateway::UsagePlan' } }).apiKeys.values()]).toMatchObject([{ stages: [] }]);
});
