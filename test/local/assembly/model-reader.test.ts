import { resolve } from 'node:path';
import { CfnOutput, CfnParameter, Duration, Fn, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { CfnApi, CfnRoute, CfnStage, WebSocketApi as WebSocketL2, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { CfnUser, ManagedPolicy, Role, User } from 'aws-cdk-lib/aws-iam';
import { Code, Function, FunctionProps, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { Permissions, Route, WebSocketApi } from '../../../src';
import { readModel } from '../../../src/local/assembly/model-reader';
import { ECHO } from '../../test-stack';
import { assemblyOf, newFolder, synthesize, synthesizeStack } from '../assembly-folder';

/** Without it, handlers are not in their assets, which is told. */
const BUNDLED = { 'aws:cdk:bundling-stacks': ['**'] };

function addFunction(scope: Construct, id: string, props: Partial<FunctionProps> = {}): Function {
  return new Function(scope, id, { code: Code.fromAsset(newFolder({ 'index.js': id })), handler: 'index.main', runtime: Runtime.NODEJS_24_X, ...props });
}

/** What the policies of a function say of `@connections`. */
function connectionGrants(model: ReturnType<typeof readModel>, name: RegExp) {
  const fn = [...model.functions.values()].find((one) => name.test(one.path))!;
  return fn.role!.statements!.filter(({ actions }) => actions?.includes('execute-api:ManageConnections')).flatMap(({ resources }) => resources);
}

describe('an API of our construct', () => {
  test('is read with its routes, stage, functions and tables', () => {
    const model = readModel(synthesizeStack((stack) => {
      const table = new Table(stack, 'Table', { partitionKey: { name: 'id', type: AttributeType.STRING } });
      new WebSocketApi(stack, 'Api', {
        routes: {
          $connect: Route.toHandler(ECHO),
          $default: Route.toHandler(ECHO, { returnResponse: true, timeout: Duration.seconds(5) }),
        },
        defaultFunctionProps: { environment: { TABLE: table.tableName }, permissions: [Permissions.grant(table, 'grantReadData')] },
      });
    }, BUNDLED), { env: { AWS_ENDPOINT_URL_DYNAMODB: 'http://localhost:8000' } });

    const [api] = model.apis;
    expect(api).toMatchObject({ path: 'Stack/Api/Api', region: 'eu-west-1', account: '111111111111', partition: 'aws', urlSuffix: 'amazonaws.com', mappings: [] });
    expect(api.id).toMatch(/^[a-z0-9]{10}$/);
    expect(api.stages).toMatchObject([{ name: 'dev', variables: {}, accessLog: { format: expect.stringContaining('$context.requestId') } }]);
    expect([...api.routes.values()].map(({ key, response, authorization }) => [key, response, authorization.type])).toEqual([
      ['$connect', false, 'NONE'], ['$default', true, 'NONE'],
    ]);
    const fn = [...model.functions.values()].find(({ path }) => path === 'Stack/Api/Route $default/Function')!;
    expect(fn).toMatchObject({
      runtime: 'nodejs24.x',
      timeoutSeconds: 5,
      memoryMB: 1024,
      environment: {
        TABLE: model.tables[0].input.TableName,
        WEBSOCKET_CALLBACK_URL: `https://${api.id}.execute-api.eu-west-1.amazonaws.com/dev`,
      },
    });
    expect(connectionGrants(model, /\$default/)).toEqual([`arn:aws:execute-api:eu-west-1:111111111111:${api.id}/dev/*/@connections/*`]);
    expect(model.tables).toMatchObject([{ path: 'Stack/Table', region: 'eu-west-1' }]);
    expect([model.unresolved, model.warnings]).toEqual([[], []]);
  });

  test('is the same at every start', () => {
    const folder = synthesizeStack((stack) => { new WebSocketApi(stack, 'Api', { routes: { a: Route.toHandler(ECHO) } }); });

    expect(readModel(folder)).toEqual(readModel(folder));
  });

  test('tells where the source of a handler is', () => {
    const define = (stack: Stack) => { new WebSocketApi(stack, 'Api', { routes: { a: Route.toHandler(ECHO) } }); };
    const sources = (context: { [key: string]: unknown }) => (
      [...readModel(synthesizeStack(define, context)).functions.values()].flatMap(({ source }) => source?.file ?? [])
    );

    expect(sources({ 'aws:cdk:enable-asset-metadata': true })).toEqual([resolve('test/fixtures/echo.ts')]);
    expect(sources({})).toEqual([]);
  });

  test('may have routes of functions of another stack, with policies there', () => {
    const model = readModel(synthesize((app) => {
      const api = new WebSocketApi(new Stack(app, 'ApiStack'), 'Api', { routes: { a: Route.toHandler(ECHO) } });
      const routes = new Stack(app, 'RouteStack');
      api.addRoutes(routes, { b: Route.toFunction(addFunction(routes, 'Function')) });
      const functions = new Stack(app, 'FunctionStack');
      api.addRoutes(new Stack(app, 'OtherRouteStack'), { c: Route.toFunction(addFunction(functions, 'Other')) });
    }, BUNDLED));

    const [api] = model.apis;
    const grant = [`arn:aws:execute-api:us-east-1:123456789012:${api.id}/dev/*/@connections/*`];
    expect([...api.routes.keys()].sort()).toEqual(['a', 'b', 'c']);
    expect(connectionGrants(model, /^RouteStack\/Function/)).toEqual(grant);
    expect(connectionGrants(model, /^FunctionStack\/Other/)).toEqual(grant);
    expect([model.unresolved, model.warnings]).toEqual([[], []]);
  });

  test('may be in stages and nested stacks, each with its own id', () => {
    const model = readModel(synthesize((app) => {
      for (const name of ['dev', 'prod']) {
        const stack = new Stack(new Stage(app, name), 'Stack');
        new WebSocketApi(stack, 'Api', { routes: { a: Route.toHandler(ECHO) } });
        new WebSocketApi(new NestedStack(stack, 'Nested'), 'Api', { routes: { a: Route.toHandler(ECHO) } });
      }
    }, BUNDLED));

    expect(model.apis.map(({ path, stages }) => `${path} ${stages[0].name}`)).toEqual([
      'dev/Stack/Api/Api dev', 'dev/Stack/Nested/Api/Api dev', 'prod/Stack/Api/Api prod', 'prod/Stack/Nested/Api/Api prod',
    ]);
    expect(new Set(model.apis.map(({ id }) => id)).size).toBe(4);
    expect(model.functions.size).toBe(8);
    expect([model.unresolved, model.warnings]).toEqual([[], []]);
  });
});

test('an API of the L2 constructs is read', () => {
  const model = readModel(synthesizeStack((stack) => {
    const api = new WebSocketL2(stack, 'Api', {
      connectRouteOptions: { integration: new WebSocketLambdaIntegration('Connect', addFunction(stack, 'Connect')) },
      routeSelectionExpression: '$request.body.kind',
    });
    new WebSocketStage(stack, 'Stage', { webSocketApi: api, stageName: 'v1', throttle: { rateLimit: 10, burstLimit: 5 } });
  }));

  expect(model.apis).toMatchObject([{ routeSelectionExpression: '$request.body.kind', stages: [{ name: 'v1', defaultThrottle: { ratePerSecond: 10, burst: 5 } }] }]);
  expect(model.apis[0].routes.get('$connect')!.integration!.target.uri).toContain(`/functions/${[...model.functions.keys()][0]}/invocations`);
});

test('an API of L1 constructs is read', () => {
  const model = readModel(synthesizeStack((stack) => {
    const api = new CfnApi(stack, 'Api', { name: 'mine', protocolType: 'WEBSOCKET', disableExecuteApiEndpoint: true });
    new CfnRoute(stack, 'Route', { apiId: api.ref, routeKey: 'a' });
    new CfnStage(stack, 'Stage', { apiId: api.attrApiId, stageName: 'v1', stageVariables: { a: 'b' } });
    new CfnApi(stack, 'Http', { name: 'http', protocolType: 'HTTP' });
  }));

  expect(model.apis).toMatchObject([{
    name: 'mine', routeSelectionExpression: '$request.body.action', apiKeySelectionExpression: '$request.header.x-api-key', disableExecuteApiEndpoint: true,
  }]);
  expect([...model.apis[0].routes.values()]).toEqual([
    { key: 'a', authorization: { type: 'NONE' }, apiKeyRequired: false, requestModels: new Map(), response: false },
  ]);
  expect(model.apis[0].stages).toEqual([{ name: 'v1', variables: { a: 'b' }, defaultThrottle: {}, routeThrottles: new Map() }]);
});

describe('what cannot be known', () => {
  const define = (stack: Stack) => {
    const parameter = new CfnParameter(stack, 'Key', { type: 'String' });
    const imported = Fn.importValue('Elsewhere');
    addFunction(stack, 'NotServed', { environment: { OTHER: Fn.importValue('Unused') } });
    const served = addFunction(stack, 'Served', { environment: { KEY: parameter.valueAsString, HOST: `https://${imported}/` } });
    new WebSocketApi(stack, 'Api', { routes: { a: Route.toFunction(served) } });
    new CfnOutput(stack, 'Output', { value: Fn.importValue('UnusedToo') });
  };

  test('is told with where it is used, if something that is served uses it', () => {
    expect(readModel(synthesizeStack(define)).unresolved).toEqual([
      { name: 'Stack.Key', usedBy: ['Stack/Served: Environment.Variables.KEY'], placeholder: 'unresolved:Stack.Key' },
      { name: 'Elsewhere', usedBy: ['Stack/Served: Environment.Variables.HOST'], placeholder: 'unresolved:Elsewhere' },
    ]);
  });

  test('is taken from the environment', () => {
    const model = readModel(synthesizeStack(define), { env: { 'Elsewhere': 'example.com', 'Stack.Key': 'secret' } });

    expect(model.unresolved).toEqual([]);
    expect([...model.functions.values()].find(({ path }) => path === 'Stack/Served')!.environment).toMatchObject({ KEY: 'secret', HOST: 'https://example.com/' });
  });

  test('of whether something is there is told too', () => {
    const model = readModel(assemblyOf({
      Stack: {
        Parameters: { P: { Type: 'String' } },
        Conditions: { C: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'P' }, 'no'] }] } },
        Resources: { Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'WEBSOCKET' }, Condition: 'C' } },
      },
    }));

    expect(model.unresolved).toMatchObject([{ name: 'Stack.P', usedBy: ['Stack/Api: Condition'] }]);
  });

  test('of what is left out is told, too', () => {
    const api = { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'WEBSOCKET' } };
    const template = (conditional: object, other: object) => ({
      Parameters: { Env: { Type: 'String' } },
      Conditions: { IsDev: { 'Fn::Equals': [{ Ref: 'Env' }, 'dev'] } },
      Resources: { Conditional: { ...conditional, Condition: 'IsDev' }, ...other },
    });
    const stage = { Type: 'AWS::ApiGatewayV2::Stage', Properties: { ApiId: { Ref: 'Api' }, StageName: 'dev' } };
    const folder = assemblyOf({ Stack: template(api, {}) });

    expect(readModel(assemblyOf({ Stack: template(stage, { Api: api }) })).unresolved).toMatchObject([{ name: 'Stack.Env', usedBy: ['Stack/Conditional: Condition'] }]);
    expect(readModel(assemblyOf({ Stack: template({ Type: 'AWS::SNS::Topic' }, { Api: api }) })).unresolved).toEqual([]);
    expect(() => readModel(folder)).toThrow(
      `there is no WebSocket API in \`${folder}\`: it has the stack \`Stack\`; whether there is one depends on values that are not known here: give \`Stack.Env\` in the env file`,
    );
    expect(readModel(folder, { env: { 'Stack.Env': 'dev' } }).apis).toHaveLength(1);
  });
});

test('roles and users are read, though no API calls them', () => {
  const model = readModel(synthesizeStack((stack) => {
    const api = new WebSocketApi(stack, 'Api', { routes: { a: Route.toFunction(addFunction(stack, 'Function')) } });
    const user = new User(stack, 'User', { managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('AmazonAPIGatewayInvokeFullAccess')] });
    (user.node.defaultChild as CfnUser).userName = 'client';
    api.grantConnect(user);
    api.grantConnect(Role.fromRoleName(stack, 'Imported', 'imported'));
  }));

  expect(model.principals.find(({ name }) => name === 'client')).toMatchObject({
    arn: 'arn:aws:iam::111111111111:user/client',
    path: 'Stack/User',
    statements: [
      { effect: 'Allow', actions: ['execute-api:Invoke'], resources: [expect.stringMatching(/\/dev\/\$connect$/)] },
      { actions: ['execute-api:Invoke', 'execute-api:ManageConnections'] },
    ],
  });
});

describe('the region of a stack that has none', () => {
  const folder = assemblyOf({ Stack: { Resources: { Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'WEBSOCKET' } } } } }, 'aws://unknown-account/unknown-region');
  const regionOf = (env: { [name: string]: string } = {}) => readModel(folder, { env }).apis[0].region;
  const before = { ...process.env };

  beforeEach(() => {
    delete process.env.AWS_REGION;
    delete process.env.AWS_DEFAULT_REGION;
  });

  afterAll(() => {
    process.env = before;
  });

  test('is that of the environment', () => {
    process.env.AWS_DEFAULT_REGION = 'eu-west-2';
    expect(regionOf()).toBe('eu-west-2');
    expect(regionOf({ AWS_REGION: 'eu-west-3' })).toBe('eu-west-3');
  });

  test('is one that is assumed, where nothing tells', () => {
    expect(regionOf()).toBe('us-east-1');
  });
});

describe('an assembly without a WebSocket API', () => {
  test('is an error that lists its stacks', () => {
    const folder = assemblyOf({ A: {}, B: { Resources: { Http: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'HTTP' } } } } });

    expect(() => readModel(folder)).toThrow(`there is no WebSocket API in \`${folder}\`: it has the stacks \`A\`, \`B\`; define one, and run \`cdk synth\``);
  });

  test('that adds to one elsewhere is an error that names it', () => {
    const folder = assemblyOf({ A: { Resources: { Route: { Type: 'AWS::ApiGatewayV2::Route', Properties: { ApiId: 'abc', RouteKey: 'a' } } } } });

    expect(() => readModel(folder)).toThrow('it has the stack `A` (and parts of the API `abc` that belongs to another app)');
  });

  test('that is empty is an error', () => {
    expect(() => readModel(assemblyOf({}))).toThrow('it has no stacks');
  });
});
