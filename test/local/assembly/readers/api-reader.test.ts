import { WebSocketMockIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { AccessLog, Route, WebSocketApi, CustomDomain, Dns } from '../../../../src';
import { readModel } from '../../../../src/local/assembly/model-reader';
import { Model } from '../../../../src/local/definition/model';
import { assemblyOf, synthesizeStack } from '../../assembly-folder';

interface Resources { [logicalId: string]: { Type: string; Properties?: object } }

function part(type: string, Properties: object, api: unknown = { Ref: 'Api' }) {
  return { Type: `AWS::ApiGatewayV2::${type}`, Properties: { ApiId: api, ...Properties } };
}

const API: Resources = {
  Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'api', ProtocolType: 'WEBSOCKET' } },
  Stage: part('Stage', { StageName: 'dev' }),
};

function read(resources: Resources, more: object = {}): Model {
  return readModel(assemblyOf({ Stack: { Resources: { ...API, ...resources }, ...more } }));
}

function functionUri(name: string) {
  return { 'Fn::Sub': `arn:aws:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/arn:aws:lambda:\${AWS::Region}:\${AWS::AccountId}:function:${name}/invocations` };
}

const FUNCTION = {
  Type: 'AWS::Lambda::Function',
  Properties: { FunctionName: 'fn', Code: { ZipFile: '' }, Runtime: 'nodejs24.x', Handler: 'index.main', Role: 'arn:aws:iam::111111111111:role/r' },
};

describe('an integration', () => {
  const route = part('Route', { RouteKey: 'a', Target: { 'Fn::Join': ['/', ['integrations', { Ref: 'Integration' }]] } });

  test('has what API Gateway has by default', () => {
    const model = read({ Route: route, Integration: part('Integration', { IntegrationType: 'AWS_PROXY', IntegrationUri: 'x' }) });

    expect(model.apis[0].routes.get('a')!.integration).toEqual({
      type: 'AWS_PROXY',
      path: 'Stack/Integration',
      target: { kind: 'endpoint', uri: 'x' },
      method: 'POST',
      requestTemplates: {},
      requestParameters: {},
      passthroughBehavior: 'WHEN_NO_MATCH',
      timeoutMillis: 29000,
      responses: [],
    });
  });

  test('has all that it is given, and its responses', () => {
    const model = read({
      Route: route,
      Integration: part('Integration', {
        IntegrationType: 'AWS',
        IntegrationUri: 'arn:aws:apigateway:eu-west-1:sqs:action/SendMessage',
        IntegrationMethod: 'GET',
        CredentialsArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
        RequestTemplates: { key: '{}' },
        TemplateSelectionExpression: 'key',
        RequestParameters: { 'integration.request.header.A': '\'1\'', 'integration.request.header.B': 2 },
        PassthroughBehavior: 'NEVER',
        TimeoutInMillis: '1000',
      }),
      Response: part('IntegrationResponse', {
        IntegrationId: { Ref: 'Integration' },
        IntegrationResponseKey: '/2\\d\\d/',
        TemplateSelectionExpression: 'key',
        ResponseTemplates: { key: 'x' },
        ResponseParameters: { a: 'b' },
      }),
      Plain: part('IntegrationResponse', { IntegrationId: { Ref: 'Integration' } }),
      Other: part('IntegrationResponse', { IntegrationId: 'other', IntegrationResponseKey: '$default' }),
      Role: { Type: 'AWS::IAM::Role' },
    });

    expect(model.apis[0].routes.get('a')!.integration).toEqual({
      type: 'AWS',
      path: 'Stack/Integration',
      target: { kind: 'service', uri: 'arn:aws:apigateway:eu-west-1:sqs:action/SendMessage' },
      method: 'GET',
      credentials: 'arn:aws:iam::111111111111:role/Stack-Role',
      requestTemplates: { key: '{}' },
      templateSelectionExpression: 'key',
      requestParameters: { 'integration.request.header.A': '\'1\'', 'integration.request.header.B': '2' },
      passthroughBehavior: 'NEVER',
      timeoutMillis: 1000,
      responses: [
        { key: '/2\\d\\d/', templateSelectionExpression: 'key', templates: { key: 'x' }, parameters: { a: 'b' } },
        { key: '$default', templates: {}, parameters: {} },
      ],
    });
    expect(model.warnings).toEqual([expect.stringMatching(/^the app calls SQS, /)]);
  });

  test('of a function that is not in the app is a warning that names route and function', () => {
    const { warnings } = read({ Route: route, Integration: part('Integration', { IntegrationType: 'AWS_PROXY', IntegrationUri: functionUri('foreign') }) });

    expect(warnings).toEqual(['route `a` of `Stack/Route` calls `arn:aws:lambda:eu-west-1:111111111111:function:foreign`, which is not in the app: it fails here']);
  });

  test('may find its function by a stage variable, in each stage', () => {
    const model = read({
      Route: route,
      Integration: part('Integration', { IntegrationType: 'AWS_PROXY', IntegrationUri: functionUri('${!stageVariables.fn}') }),
      Stage: part('Stage', { StageName: 'dev', StageVariables: { fn: 'fn' } }),
      Other: part('Stage', { StageName: 'prod', StageVariables: { fn: 'foreign' } }),
      Function: FUNCTION,
    });

    expect(model.apis[0].routes.get('a')!.integration!.target.uri).toContain('function:${stageVariables.fn}/invocations');
    expect(model.warnings).toEqual([expect.stringContaining('not known here, so it may do everything'), expect.stringContaining('function:foreign`, which is not in')]);
  });

  test('that is not in the app is a warning', () => {
    const model = read({ Route: part('Route', { RouteKey: 'a', Target: 'integrations/abc' }) });

    expect(model.apis[0].routes.get('a')!.integration).toBeUndefined();
    expect(model.warnings).toEqual(['route `a` of `Stack/Route` leads to `integrations/abc`, which is not in the app: it fails here']);
  });

  test('whose role or function is not known is told once, as such', () => {
    const model = read({
      Route: route,
      Integration: part('Integration', {
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: { 'Fn::Sub': ['x/functions/${Arn}/invocations', { Arn: { 'Fn::ImportValue': 'Function' } }] },
        CredentialsArn: { 'Fn::ImportValue': 'Role' },
      }),
    });

    expect(model.warnings).toEqual([]);
    expect(model.unresolved.map(({ name, usedBy }) => [name, ...usedBy])).toEqual([
      ['Function', 'Stack/Integration: IntegrationUri'], ['Role', 'Stack/Integration: CredentialsArn'],
    ]);
  });

  test('with a role of another app may do everything, which is said', () => {
    const { warnings } = read({
      Route: route,
      Integration: part('Integration', { IntegrationType: 'AWS', IntegrationUri: 'x', CredentialsArn: 'arn:aws:iam::1:role/foreign' }),
    });

    expect(warnings).toEqual([
      '`Stack/Integration` has the role `arn:aws:iam::1:role/foreign`, which is not in the app: its policies are not known here, so it may do everything',
    ]);
  });

  test('of the mock kind needs nothing', () => {
    const model = readModel(synthesizeStack((stack) => {
      new WebSocketApi(stack, 'Api', { routes: { ping: Route.toIntegration(new WebSocketMockIntegration('Mock'), { returnResponse: true }) } });
    }));

    expect(model.apis[0].routes.get('ping')).toMatchObject({ integration: { type: 'MOCK', target: { uri: '' } }, response: true });
  });
});

describe('a route', () => {
  test('has the models that are named, and those say what they are', () => {
    const model = read({
      Route: part('Route', { RouteKey: 'a', ModelSelectionExpression: '$request.body.kind', RequestModels: { one: 'One', text: 'Text', none: 'None' }, ApiKeyRequired: true }),
      One: part('Model', { Name: 'One', Schema: { type: 'object' } }),
      Text: part('Model', { Name: 'Text', Schema: '{"type":"string"}' }),
      Bad: part('Model', { Name: 'Bad', Schema: '{' }),
    });

    expect(model.apis[0].routes.get('a')).toMatchObject({
      apiKeyRequired: true,
      modelSelectionExpression: '$request.body.kind',
      requestModels: new Map<string, unknown>([['one', { type: 'object' }], ['text', { type: 'string' }]]),
    });
    expect([...model.apis[0].models!.keys()]).toEqual(['One', 'Text', 'Bad']);
    expect(model.warnings).toEqual([
      'the schema of `Stack/Bad` is not JSON: no message is checked against it',
      'route `a` of `Stack/Route` names the model `None`, which is not in the app: it checks no message here',
    ]);
  });

  test.each([['a reference', { Ref: 'One' }], ['the id', { 'Fn::GetAtt': ['One', 'ModelId'] }]])('says that %s is not the name of a model', (_, given) => {
    const model = read({
      Route: part('Route', { RouteKey: 'a', RequestModels: { $default: given } }),
      One: part('Model', { Name: 'One', Schema: { type: 'object' } }),
    });

    expect(model.warnings).toEqual(['route `a` of `Stack/Route` names the model `Stack/One` by its id: give its name `One` in `RequestModels`. It checks no message here']);
  });

  test('answers where it has a response with the key `$default`', () => {
    const model = read({
      A: part('Route', { RouteKey: 'a' }),
      B: part('Route', { RouteKey: 'b' }),
      Response: part('RouteResponse', { RouteId: { Ref: 'A' }, RouteResponseKey: '$default' }),
      Other: part('RouteResponse', { RouteId: { Ref: 'B' }, RouteResponseKey: 'other' }),
    });

    expect([...model.apis[0].routes.values()].map(({ response }) => response)).toEqual([true, false]);
  });
});

describe('authorization', () => {
  const connect = (properties: object) => part('Route', { RouteKey: '$connect', ...properties });

  test('by IAM is read', () => {
    expect(read({ Route: connect({ AuthorizationType: 'AWS_IAM' }) }).apis[0].routes.get('$connect')!.authorization).toEqual({ type: 'AWS_IAM' });
  });

  test('by a function is read', () => {
    const model = read({
      Route: connect({ AuthorizationType: 'CUSTOM', AuthorizerId: { Ref: 'Authorizer' } }),
      Authorizer: part('Authorizer', { Name: 'mine', AuthorizerType: 'REQUEST', AuthorizerUri: functionUri('fn'), IdentitySource: ['route.request.header.A'] }),
      Function: FUNCTION,
    });

    expect(model.apis[0].routes.get('$connect')!.authorization).toEqual({
      type: 'CUSTOM', id: expect.any(String), name: 'mine', functionArn: 'arn:aws:lambda:eu-west-1:111111111111:function:fn', identitySource: ['route.request.header.A'],
    });
  });

  test('by a function may be called with a role', () => {
    const model = read({
      Route: connect({ AuthorizationType: 'CUSTOM', AuthorizerId: { Ref: 'Authorizer' } }),
      Authorizer: part('Authorizer', { Name: 'mine', AuthorizerUri: functionUri('fn'), AuthorizerCredentialsArn: 'arn:aws:iam::1:role/foreign' }),
      Function: FUNCTION,
    });

    expect(model.apis[0].routes.get('$connect')!.authorization).toMatchObject({ credentials: 'arn:aws:iam::1:role/foreign' });
    expect(model.warnings).toContainEqual(expect.stringMatching(/^`Stack\/Authorizer` has the role `arn:aws:iam::1:role\/foreign`, which is not in the app/));
  });

  test('by a function that is not in the app is a warning', () => {
    const { warnings } = read({
      Route: connect({ AuthorizationType: 'CUSTOM', AuthorizerId: { Ref: 'Authorizer' } }),
      Authorizer: part('Authorizer', { Name: 'mine', AuthorizerUri: functionUri('foreign') }),
    });

    expect(warnings).toEqual([expect.stringMatching(/^authorizer `mine` calls `arn:.*foreign`, which is not in the app: it fails here$/)]);
  });

  test('by an authorizer that is not in the app lets nobody in', () => {
    const model = read({ Route: connect({ AuthorizationType: 'CUSTOM', AuthorizerId: 'abc' }) });

    expect(model.apis[0].routes.get('$connect')!.authorization).toEqual({ type: 'CUSTOM', id: 'abc', name: 'abc', functionArn: '', identitySource: [] });
    expect(model.warnings).toEqual(['route `$connect` of `Stack/Route` has the authorizer `abc`, which is not in the app: nobody can connect here']);
  });
});

describe('a stage', () => {
  test('has its variables, throttles and access log', () => {
    const model = read({
      Stage: part('Stage', {
        StageName: 'v1',
        StageVariables: { a: 1 },
        DefaultRouteSettings: { ThrottlingRateLimit: '10.5' },
        RouteSettings: { a: { ThrottlingBurstLimit: 5 }, b: { DataTraceEnabled: true } },
        AccessLogSettings: { DestinationArn: 'arn', Format: '$context.requestId' },
      }),
    });

    expect(model.apis[0].stages).toEqual([{
      name: 'v1',
      variables: { a: '1' },
      defaultThrottle: { ratePerSecond: 10.5 },
      routeThrottles: new Map([['a', { burst: 5 }]]),
      accessLog: { destinationArn: 'arn', format: '$context.requestId' },
    }]);
  });

  test('has no access log where it is disabled', () => {
    const model = readModel(synthesizeStack((stack) => {
      new WebSocketApi(stack, 'Api', { accessLog: AccessLog.disabled(), routes: { a: Route.toIntegration(new WebSocketMockIntegration('Mock')) } });
    }));

    expect(model.apis[0].stages[0].accessLog).toBeUndefined();
  });

  test('has an access log that names what WebSocket APIs do not have: it is told', () => {
    const { warnings } = read({
      Stage: part('Stage', {
        StageName: 'v1', AccessLogSettings: { DestinationArn: 'arn', Format: '$context.requestId $context.httpMethod $context.authorizer.name' },
      }),
    });

    expect(warnings).toEqual(['the access log of `Stack/Stage` names `$context.httpMethod`, which WebSocket APIs do not have: it shows `-`']);
  });

  test('is missed', () => {
    const { apis, warnings } = readModel(assemblyOf({ Stack: { Resources: { Api: API.Api } } }));

    expect(apis[0].stages).toEqual([]);
    expect(warnings).toEqual(['`Stack/Api` has no stage, so no client can reach it: add one']);
  });
});

test('a route that is there twice is told', () => {
  const { warnings } = read({ One: part('Route', { RouteKey: 'a' }), Two: part('Route', { RouteKey: 'a' }), Three: part('Route', { RouteKey: 'b' }) });

  expect(warnings).toEqual(['`Stack/Api` has several routes `a`, which API Gateway refuses: the last is served here']);
});

test('domains are mapped', () => {
  const model = readModel(synthesizeStack((stack) => {
    const certificate = Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:eu-west-1:111111111111:certificate/a');
    new WebSocketApi(stack, 'Api', {
      routes: { a: Route.toIntegration(new WebSocketMockIntegration('Mock')) },
      customDomain: CustomDomain.fromName('ws.example.com', { path: 'v1/chat', dns: Dns.external(), certificate }),
    });
  }));

  expect(model.apis[0].mappings).toEqual([{ domainName: 'ws.example.com', path: 'v1/chat', stageName: 'dev' }]);
});

describe('what is added to an API that is not in the app', () => {
  test('is not served, which is said once for the API', () => {
    const model = read({ A: part('Route', { RouteKey: 'a' }, 'abc'), B: part('Route', { RouteKey: 'b' }, 'abc'), C: part('Integration', {}, 'abc') });

    expect([...model.apis[0].routes.keys()]).toEqual([]);
    expect(model.warnings).toEqual(['`Stack/A` belongs to the API `abc`, which is not in the app: what the app adds to it (the routes `a`, `b`) is not served here']);
  });

  test('may be a stage alone', () => {
    expect(read({ Other: part('Stage', { StageName: 'v1' }, 'abc') }).warnings).toEqual([
      '`Stack/Other` belongs to the API `abc`, which is not in the app: what the app adds to it is not served here',
    ]);
  });

  test('may be one that the environment does not name', () => {
    expect(read({ A: part('Route', { RouteKey: 'a' }, { 'Fn::ImportValue': 'Api' }) }).unresolved).toMatchObject([{ name: 'Api', usedBy: ['Stack/A: ApiId'] }]);
  });

  test('is nothing to us where it is an HTTP API', () => {
    expect(read({
      A: part('Route', { RouteKey: 'GET /a' }, 'http1'),
      B: part('Stage', { StageName: '$default' }, 'http2'),
      C: part('Integration', { PayloadFormatVersion: '2.0' }, 'http3'),
    }).warnings).toEqual([]);
  });
});
