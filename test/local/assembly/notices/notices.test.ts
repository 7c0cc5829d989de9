import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Duration, Stack } from 'aws-cdk-lib';
import { CfnUsagePlan } from 'aws-cdk-lib/aws-apigateway';
import { CfnApi, Period, UsagePlan, UsagePlanProps, WebSocketApi as WebSocketL2, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { CfnFunction, Code, Function, FunctionProps, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { ApiKeys, Authorization, Route, WebSocketApi } from '../../../../src';
import { readModel } from '../../../../src/local/assembly/model-reader';
import { ECHO } from '../../../test-stack';
import { assemblyOf, newFolder, synthesizeStack } from '../../assembly-folder';
import { mockApi } from '../mock-api';

const NOTHING_GIVEN: { [name: string]: string } = {};

function addFunction(stack: Stack, id: string, props: Partial<FunctionProps> = {}): Function {
  return new Function(stack, id, { code: Code.fromAsset(newFolder({ 'index.js': id })), handler: 'index.main', runtime: Runtime.NODEJS_24_X, ...props });
}

/** What is said of an app whose only route leads to the function `Fn`. */
function said(define: (stack: Stack, fn: Function) => void, env = NOTHING_GIVEN, props: Partial<FunctionProps> = {}): readonly string[] {
  return readModel(synthesizeStack((stack) => {
    const fn = addFunction(stack, 'Fn', props);
    new WebSocketApi(stack, 'Api', { routes: { a: Route.toFunction(fn) } });
    define(stack, fn);
  }), { env }).warnings;
}

describe('a table', () => {
  const table = (stack: Stack, fn: Function) => {
    new Table(stack, 'Table', { partitionKey: { name: 'id', type: AttributeType.STRING } }).grantReadData(fn);
  };

  test('and no DynamoDB is said, with what to type', () => {
    expect(said(table)).toEqual(['the app has the table `Stack/Table`, but no DynamoDB to keep it in: install dynalite, which the gateway then starts '
      + '(`npm install --save-dev dynalite`, or `npx -p cdk-websocket-api -p dynalite cdk-websocket-api local`), or set `AWS_ENDPOINT_URL_DYNAMODB` '
      + 'in the environment or the env file to one on this machine; the table is created there']);
  });

  test('that nothing here uses needs none', () => {
    expect(said((stack) => { new Table(stack, 'Table', { partitionKey: { name: 'id', type: AttributeType.STRING } }); })).toEqual([]);
  });

  test.each(['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_DYNAMODB'])('and `%s` is in order', (name) => {
    expect(said(table, { [name]: 'http://localhost:8000' })).toEqual([]);
  });
});

test('services that functions may call, and that nothing here answers, are said once', () => {
  const define = (stack: Stack, fn: Function) => {
    new Queue(stack, 'Queue').grantSendMessages(fn);
    new Bucket(stack, 'Bucket').grantRead(fn);
  };

  expect(said(define)).toEqual(['the app calls S3, SQS, but no endpoint on this machine is given for them, so these calls fail here: '
    + 'set `AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL_SQS`']);
  expect(said(define, { AWS_ENDPOINT_URL_SQS: 'http://localhost:9324' })).toEqual([expect.stringMatching(/^the app calls S3, .* set `AWS_ENDPOINT_URL_S3`$/)]);
});

describe('functions that no route leads to', () => {
  test('are said once, with what calls them on AWS', () => {
    expect(said((stack) => {
      addFunction(stack, 'Worker').addEventSource(new SqsEventSource(new Queue(stack, 'Queue')));
      new Rule(stack, 'Rule', { schedule: Schedule.rate(Duration.minutes(5)), targets: [new LambdaFunction(addFunction(stack, 'Nightly'))] });
      addFunction(stack, 'Alone');
    })).toEqual(['no route leads to `Stack/Worker` (behind a queue or stream), `Stack/Nightly` (behind a rule or schedule), `Stack/Alone`: nothing calls them here, but `cdk-websocket-api invoke <function>` does']);
  });

  test('are not those that only a deployment calls', () => {
    expect(said((stack) => { new Bucket(stack, 'Bucket', { autoDeleteObjects: true, removalPolicy: 'destroy' as never }); })).toEqual([]);
  });
});

describe('the id of a user pool that a function checks tokens with', () => {
  const define = (stack: Stack) => {
    const pool = new UserPool(stack, 'Pool');
    const client = pool.addClient('Client');
    const authorizer = addFunction(stack, 'Auth', { environment: { POOL: pool.userPoolId, CLIENT: client.userPoolClientId } });
    new WebSocketApi(stack, 'Other', { routes: { $connect: Route.toHandler(ECHO, {}) }, authorization: Authorization.fromFunction(authorizer) });
  };
  const folder = () => synthesizeStack(define, { 'aws:cdk:bundling-stacks': ['**'] });

  test('is said to be made up, with the name of the real one', () => {
    const { warnings } = readModel(folder());

    expect(warnings).toEqual([
      expect.stringMatching(/^the id of the user pool `Stack\/Pool` is made up here \(`Stack\/Auth` in `POOL`\): tokens that the gateway makes \(`token\(\)`, see the guide\) fit it; to use real ones, give the real one in the env file, as `Stack\.Pool\w+=…`$/),
      expect.stringMatching(/^the id of the client `Stack\/Pool\/Client` is made up here \(`Stack\/Auth` in `CLIENT`\): .* as `Stack\.PoolClient\w+=…`$/),
    ]);
  });

  test('is what the env file says, by either name', () => {
    const assembly = folder();
    const [, name] = /as `(Stack\.Pool\w+)=/.exec(readModel(assembly).warnings[0])!;
    const model = readModel(assembly, { env: { [name]: 'eu-west-1_REAL', CLIENT: 'real' } });

    expect(model.warnings).toEqual([]);
    expect([...model.functions.values()].find(({ path }) => path === 'Stack/Auth')!.environment.POOL).toBe('eu-west-1_REAL');
  });
});

test('a name in the env file that matches nothing is said', () => {
  const props = { environment: { TABLE: 'x' } };

  expect(said(() => undefined, { TABEL: 'y', AWS_PROFILE: 'me', NO_PROXY: 'example.com', https_proxy: 'http://127.0.0.1:8080' }, props)).toEqual([
    'the env file has a value for `TABEL`, which nothing here uses: no function has a variable with that name, and no unknown value is called that',
  ]);
  expect(said(() => undefined, { TABLE: 'y' }, props)).toEqual([]);
});

test('an assembly that was made without bundling is said', () => {
  const folder = synthesizeStack((stack) => { new WebSocketApi(stack, 'Api', { routes: { a: Route.toHandler(ECHO), b: Route.toHandler(ECHO) } }); });

  expect(readModel(folder).warnings).toEqual(['`Stack/Api/Route a/Function` and `Stack/Api/Route b/Function` have no file `index` in the asset, '
    + 'so no call succeeds: if the assembly was made without bundling (`aws:cdk:bundling-stacks`, or by `cdk ls`), run `cdk synth`']);
});

test.each([
  ['provided.al2023', 'bootstrap', 'bootstrap'],
  ['java25', 'com.acme.Say::handleRequest', 'com/acme/Say.class'],
  ['dotnet10', 'Chat::Chat.Say::Handle', 'Chat.dll'],
])('so is it of handlers that are compiled, until they are: %s', (runtime, handler, file) => {
  const source = newFolder();
  const warnings = () => readModel(synthesizeStack((stack) => {
    const fn = new Function(stack, 'Fn', { code: Code.fromAsset(source), handler, runtime: new Runtime(runtime) });
    new WebSocketApi(stack, 'Api', { routes: { a: Route.toFunction(fn) } });
  })).warnings;
  writeFileSync(join(source, 'source.txt'), '');

  expect(warnings()).toEqual([expect.stringContaining(`\`Stack/Fn\` has no file \`${file}\` in the asset, so no call succeeds`)]);
  mkdirSync(dirname(join(source, file)), { recursive: true });
  writeFileSync(join(source, file), '');
  expect(warnings()).toEqual([]);
});

describe('what AWS refuses is said:', () => {
  test.each<[string, { [name: string]: string }, RegExp]>([
    ['reserved variables', { LAMBDA_TASK_ROOT: '/', _HANDLER: 'x' }, /^`Stack\/Fn` sets `LAMBDA_TASK_ROOT` and `_HANDLER`, which Lambda reserves: it refuses the function$/],
    ['variables whose names it does not take', { A: '1', B_2: '2' }, /^`Stack\/Fn` sets `A`: Lambda takes names of two or more letters/],
    ['an environment of 5 KB', { BIG: 'x'.repeat(5000) }, /^`Stack\/Fn` has 5003 bytes of environment variables: Lambda takes 4096 and refuses/],
  ])('%s', (_, variables, message) => {
    expect(said((_stack, fn) => (fn.node.defaultChild as CfnFunction).addPropertyOverride('Environment.Variables', variables)))
      .toEqual([expect.stringMatching(message)]);
  });

  test.each([['Timeout', 901, 'has a timeout of 901 s: Lambda takes 1 to 900'], ['MemorySize', 64, 'has 64 MB of memory: Lambda takes 128 to 10240']])(
    'a function with the %s %d', (property, value, message) => {
      expect(said((_, fn) => (fn.node.defaultChild as CfnFunction).addPropertyOverride(property, value))).toEqual([`\`Stack/Fn\` ${message}`]);
    },
  );

  test('an API without its own endpoint and without a domain', () => {
    const folder = synthesizeStack((stack) => {
      const api = new WebSocketL2(stack, 'Api');
      (api.node.defaultChild as CfnApi).disableExecuteApiEndpoint = true;
      new WebSocketStage(stack, 'Stage', { webSocketApi: api, stageName: 'dev', autoDeploy: true });
    });

    expect(readModel(folder).warnings).toEqual(['`Stack/Api` has its own endpoint disabled and no custom domain, so no client can reach it on AWS: add a domain, or leave the endpoint']);
  });

  const saidOfMock = (integration: object, response: object = {}) => {
    const { Resources } = mockApi() as { Resources: Record<string, { Type: string; Properties: object }> };
    Object.assign(Resources.Integration.Properties, integration);
    Object.assign(Resources.IntegrationResponse.Properties, response);
    return readModel(assemblyOf({ Stack: { Resources } })).warnings;
  };
  test.each<[string, object, object, string]>([
    ['a mock without a template', { RequestTemplates: {} }, {}, 'is a mock without a request template, so it fails: add one that makes `{"statusCode": 200}`'],
    ['a request template that nothing selects', { TemplateSelectionExpression: 'ok' }, {}, 'has the request template `200`, which nothing selects: the selection expression makes `ok`'],
    ['a response template that nothing selects', {}, { TemplateSelectionExpression: '\\$default' }, 'has the response template `200`, which nothing selects: the selection expression makes `$default`'],
    ['a response key that is no regular expression', {}, { IntegrationResponseKey: '/[/' }, 'has the response key `/[/`, which is not a regular expression: write one between slashes, or `$default`'],
    ['a time that API Gateway does not wait', { TimeoutInMillis: 60_000 }, {}, 'has a timeout of 60000 ms: API Gateway takes 50 to 29000'],
  ])('%s', (_, integration, response, message) => {
    expect(saidOfMock(integration, response)).toEqual([`\`Stack/Integration\` ${message}`]);
  });

  test('but not templates that the request selects', () => {
    expect(saidOfMock({ TemplateSelectionExpression: '$request.body.kind' }, { TemplateSelectionExpression: '${request.body.kind}' })).toEqual([]);
  });
});

test('two APIs of one name are told apart by their paths', () => {
  const folder = assemblyOf({ One: mockApi(), Two: mockApi() });

  expect(readModel(folder).apis.map(({ name }) => name)).toEqual(['Chat (One/Api)', 'Chat (Two/Api)']);
});

describe('a usage plan', () => {
  const planOf = (props: UsagePlanProps) => (stack: Stack) => {
    const api = new WebSocketApi(stack, 'Keys', { routes: { $connect: Route.toMock() }, apiKeys: ApiKeys.create({ names: [] }) });
    const plan = new UsagePlan(stack, 'Plan', props);
    plan.addApiStage({ api: api.api, stage: api.stage });
    return plan;
  };

  test('with a quota, or throttles of single routes, is said: nothing here enforces them', () => {
    expect(said((stack) => {
      const plan = planOf({ quota: { limit: 5, period: Period.DAY } })(stack).node.defaultChild as CfnUsagePlan;
      plan.addPropertyOverride('ApiStages.0.Throttle', { $connect: { RateLimit: 1, BurstLimit: 1 } });
    })).toEqual(['the usage plan `Stack/Plan` has a quota and throttles of single routes, which nothing here enforces: of a plan, its own throttle counts, for handshakes']);
  });

  test('with a throttle alone, or for other APIs, is not', () => {
    expect(said((stack) => {
      planOf({ throttle: { rateLimit: 5 } })(stack);
      new CfnUsagePlan(stack, 'Rest', { quota: { limit: 5, period: 'DAY' }, apiStages: [{ apiId: 'another', stage: 'dev' }] });
    })).toEqual([]);
  });
});
