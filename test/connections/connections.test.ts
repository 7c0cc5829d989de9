import { App, Duration, Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { WebSocketMockIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { Authorization, ConnectionTable, ConnectionTableOptions, GroupName, HandshakeValue, Route, WebSocketApi, WebSocketApiProps } from '../../src';
import { ECHO, testApp, testFunction, testStack, warnings } from '../test-stack';

const ROOM = GroupName.fromMessage('$.room', { prefix: 'room:' });
const NAMED = Authorization.fromHandler(ECHO);
const JWT = Authorization.jwt({ issuer: 'https://login.example.com', audience: ['chat'], claims: ['custom:team'] });

describe('an API with connections', () => {
  test('has a table whose keys stay as they are, and that goes with the stack', () => {
    const { template } = apiOf();

    template.hasResource('AWS::DynamoDB::Table', {
      Properties: {
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }, { AttributeName: 'sk', KeyType: 'RANGE' }],
        BillingMode: 'PAY_PER_REQUEST',
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
        GlobalSecondaryIndexes: Match.absent(),
      },
      DeletionPolicy: 'Delete',
    });
    template.hasResourceProperties('AWS::DynamoDB::Table', { PointInTimeRecoverySpecification: Match.absent(), SSESpecification: Match.absent() });
    expect(settingsOf(template)).toEqual({ groups: [], values: [], timeToLive: 7200 });
  });

  test('has two functions that may do what they are for, and nothing else', () => {
    const { template } = apiOf();
    const [table] = Object.keys(template.findResources('AWS::DynamoDB::Table'));
    const broadcaster = Object.keys(template.findResources('AWS::Lambda::Function')).find((id) => id.includes('Broadcaster'))!;
    const own = [
      { Action: 'execute-api:ManageConnections', Effect: 'Allow', Resource: expect.anything() },
      { Action: ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query', 'BatchWriteItem'].map((action) => `dynamodb:${action}`), Effect: 'Allow', Resource: { 'Fn::GetAtt': [table, 'Arn'] } },
    ];

    expect(statementsOf(template, 'connections')).toEqual([...own, { Action: 'lambda:InvokeFunction', Effect: 'Allow', Resource: { 'Fn::GetAtt': [broadcaster, 'Arn'] } }]);
    expect(statementsOf(template, 'broadcaster')).toEqual(own);
    template.hasResourceProperties('AWS::Lambda::Function', { Handler: 'connections.handler', Timeout: 29, Description: 'Keeps the table of connections, and serves routes of groups' });
  });

  test('permits its functions to use the key of the table', () => {
    const { template } = apiOf({}, (stack) => ({ encryptionKey: new Key(stack, 'Key') }));
    const policies = Object.values(template.findResources('AWS::IAM::Policy')).map(({ Properties }) => Properties)
      .filter(({ PolicyDocument }) => JSON.stringify(PolicyDocument).includes('kms:Decrypt')).map(({ Roles }) => Roles[0].Ref);

    expect(policies).toEqual(expect.arrayContaining([expect.stringContaining('Broadcaster'), expect.stringContaining('Connections')]));
  });

  test('closes a connection with its token, if the authorization says so', () => {
    const jwt = { issuer: 'https://login.example.com', audience: ['chat'] };

    expect(settingsOf(apiOf({ authorization: Authorization.jwt({ ...jwt, closeOnExpiry: true }) }).template).closeOnExpiry).toBe(true);
    expect(settingsOf(apiOf({ authorization: Authorization.jwt(jwt) }).template)).not.toHaveProperty('closeOnExpiry');
  });

  test('keeps the table as it is told to', () => {
    const { template } = apiOf({}, (stack) => ({ encryptionKey: new Key(stack, 'Key'), pointInTimeRecovery: true, removalPolicy: RemovalPolicy.RETAIN, timeToLive: Duration.minutes(5), maxPostsPerSecond: 50 }));

    template.hasResource('AWS::DynamoDB::Table', {
      Properties: { SSESpecification: { SSEType: 'KMS' }, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } },
      DeletionPolicy: 'Retain',
    });
    expect(settingsOf(template).timeToLive).toBe(300);
    expect(variablesOf(template, 'broadcaster').MAX_POSTS_PER_SECOND).toBe('50');
  });

  test('serves $connect and $disconnect, and the app sees no such routes', () => {
    const { api, template } = apiOf({ routes: { a: Route.toHandler(ECHO) } });

    expect(routeKeys(template)).toEqual(['$connect', '$disconnect', 'a']);
    expect(api.routes).toEqual(['a']);
    expect(api.getFunction('$connect')).toBeUndefined();
  });

  test('needs no route of the app, and restricts who may connect all the same', () => {
    const { template } = apiOf({ routes: undefined, authorization: NAMED });

    template.hasResourceProperties('AWS::ApiGatewayV2::Route', { RouteKey: '$connect', AuthorizationType: 'CUSTOM' });
  });

  test('stands before $connect and $disconnect of the app', () => {
    const { api, template } = apiOf({ routes: { $connect: Route.toHandler(ECHO), $disconnect: Route.toHandler(ECHO) } });

    expect(api.routes).toEqual(['$connect', '$disconnect']);
    expect(api.getFunction('$connect')?.node.path).toBe('Stack/Api/Route $connect/Function');
    expect(Object.keys(variablesOf(template, 'connections'))).toEqual(expect.arrayContaining(['CONNECT_HANDLER', 'DISCONNECT_HANDLER']));
    template.resourceCountIs('AWS::ApiGatewayV2::Integration', 1);
  });

  test('has its function where $connect is added', () => {
    const { app, api } = apiOf({}, undefined, false);
    const other = new Stack(app, 'Other');
    api.addRoutes(other, { $connect: Route.toHandler(ECHO) });
    const template = Template.fromStack(other);

    expect(routeKeys(template)).toEqual(['$connect']);
    expect(Object.keys(variablesOf(template, 'connections'))).toContain('CONNECTION_TABLE');
    expect(routeKeys(Template.fromStack(Stack.of(api)))).toEqual(['$disconnect', 'a']);
  });

  test.each(['$connect', '$disconnect'])('cannot have an integration on %s', (key) => {
    expect(() => apiOf({ routes: { [key]: Route.toIntegration(new WebSocketMockIntegration('Mock')) } })).toThrow(
      `route \`"${key}"\` leads to an integration, but \`connections\` needs a function of this library there`);
  });

  test('serves the routes of groups with one function, wherever the routes are in the map', () => {
    const routes = {
      z: Route.joinGroup(ROOM, { announce: true, returnResponse: true }),
      y: Route.leaveGroup(ROOM),
      x: Route.sendToGroup(ROOM, { echo: false, members: false }),
      w: Route.sendToUser('$.to'),
      v: Route.sendToAll({ echo: false }),
      u: Route.listGroup(GroupName.of('lobby'), { members: false }),
      t: Route.sendToGroup(GroupName.fromHandshake(HandshakeValue.authorizer('tenant'), { prefix: 'tenant:' })),
      s: Route.leaveGroup(GroupName.fromHandshake(HandshakeValue.context('apiId'))),
      r: Route.joinGroup(GroupName.fromMessage('$.rooms[0]["a name"]', { prefix: 'room:' })),
    };
    const user = { user: HandshakeValue.authorizer('sub'), groups: [GroupName.of('all'), GroupName.fromHandshake(HandshakeValue.authorizer('team'))] };
    const { template } = apiOf({ routes, authorization: NAMED }, () => user);
    const room = { path: ['room'], prefix: 'room:' };
    const tenant = { place: 'authorizer', name: 'tenant' };

    expect(JSON.parse(variablesOf(template, 'connections').ROUTES)).toEqual({
      z: { action: 'joinGroup', group: room, announce: true, returnResponse: true },
      y: { action: 'leaveGroup', group: room },
      x: { action: 'sendToGroup', group: room, echo: false, members: false },
      w: { action: 'sendToUser', user: ['to'] },
      v: { action: 'sendToAll', echo: false },
      u: { action: 'listGroup', group: { of: 'lobby' }, members: false },
      t: { action: 'sendToGroup', group: { value: tenant, prefix: 'tenant:' } },
      s: { action: 'leaveGroup', group: { value: { place: 'context', name: 'apiId' }, prefix: '' } },
      r: { action: 'joinGroup', group: { path: ['rooms', 0, 'a name'], prefix: 'room:' } },
    });
    expect(settingsOf(template)).toEqual({
      user: { place: 'authorizer', name: 'sub' },
      groups: [{ of: 'all' }, { value: { place: 'authorizer', name: 'team' }, prefix: '' }],
      values: [tenant, { place: 'context', name: 'apiId' }],
      timeToLive: 7200,
    });
    const reversed = apiOf({ routes: Object.fromEntries(Object.entries(routes).reverse()), authorization: NAMED }, () => user).template;
    expect(variablesOf(reversed, 'connections')).toEqual(variablesOf(template, 'connections'));
  });

  test('serves the same routes in whatever order they were added', () => {
    const { api, stack } = apiOf({}, undefined, false);
    ['c', 'a', 'b'].forEach((key) => api.addRoutes(api, { [key === 'a' ? 'z' : key]: Route.joinGroup(ROOM) }));

    expect(Object.keys(JSON.parse(variablesOf(Template.fromStack(stack), 'connections').ROUTES))).toEqual(['b', 'c', 'z']);
  });

  test('may have integrations on routes of messages', () => {
    expect(() => apiOf({ routes: { a: Route.toIntegration(new WebSocketMockIntegration('Mock')) } })).not.toThrow();
  });

  test('has a route of a group in another stack served there', () => {
    const { app, api } = apiOf({}, undefined, false);
    const other = new Stack(app, 'Other');
    api.addRoutes(other, { join: Route.joinGroup(ROOM) });

    expect(variablesOf(Template.fromStack(other), 'connections').ROUTES).toBe('{"join":{"action":"joinGroup","group":{"path":["room"],"prefix":"room:"}}}');
    expect(variablesOf(Template.fromStack(Stack.of(api)), 'connections').ROUTES).toBeUndefined();
  });

  test('says where more routes of groups can be than one function can be told of', () => {
    const { app, api } = apiOf({}, undefined, false);
    const routes = (prefix: string) => Object.fromEntries(Array.from({ length: 35 }, (_, index) => [`${prefix}${index}`, Route.joinGroup(ROOM)]));
    api.addRoutes(api, routes('a'));
    api.addRoutes(new Construct(Stack.of(api), 'More'), routes('b'));
    expect(() => app.synth()).not.toThrow();

    const tooMany = apiOf({}, undefined, false);
    tooMany.api.addRoutes(tooMany.api, { ...routes('a'), ...routes('b') });
    expect(() => tooMany.app.synth()).toThrow('what the 70 routes that lead to groups are told has');
  });
});

describe('an API without connections whose clients send their token as a subprotocol', () => {
  const authorization = Authorization.jwt({ issuer: 'https://login.example.com', audience: ['chat'], token: HandshakeValue.subprotocol() });

  test('has a function that chooses the subprotocol, on $connect alone', () => {
    const { template } = apiOf({ authorization, connections: undefined });

    expect(routeKeys(template)).toEqual(['$connect', 'a']);
    expect(variablesOf(template, 'connections').TOKEN_IN_SUBPROTOCOL).toBe('true');
    template.hasResourceProperties('AWS::Lambda::Function', { Handler: 'connections.handler', Description: 'Stands before $connect' });
    expect(variablesOf(apiOf().template, 'connections')).not.toHaveProperty('TOKEN_IN_SUBPROTOCOL');
  });

  test('may invoke the function of the app behind it', () => {
    const { template } = apiOf({ authorization, connections: undefined, routes: { $connect: Route.toHandler(ECHO) } });
    const behind = Object.keys(template.findResources('AWS::Lambda::Function')).find((id) => id.includes('RouteconnectFunction'))!;

    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: [{ Action: 'lambda:InvokeFunction', Effect: 'Allow', Resource: { 'Fn::GetAtt': [behind, 'Arn'] } }] },
    });
  });

  test('cannot have a route of a group', () => {
    expect(() => apiOf({ authorization, connections: undefined, routes: { a: Route.joinGroup(ROOM) } }))
      .toThrow('route `"a"` leads to `Route.joinGroup()`, but the API keeps no table of its connections');
  });
});

describe('the broadcaster', () => {
  test('is invoked once, and not late', () => {
    const { template } = apiOf();

    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 });
  });

  test('is in the environment of route functions, which may invoke it, as may functions that exist', () => {
    const stack = testStack();
    const fn = testFunction(stack);
    const api = new WebSocketApi(stack, 'Api', { connections: ConnectionTable.create(), routes: { a: Route.toHandler(ECHO), b: Route.toFunction(fn) } });
    const arn = stack.resolve(api.broadcaster!.functionArn);
    const made = Template.fromStack(stack);

    made.hasResourceProperties('AWS::Lambda::Function', { Handler: 'index.main', Environment: { Variables: { WEBSOCKET_BROADCASTER: arn } } });
    const allowed = { Action: 'lambda:InvokeFunction', Effect: 'Allow', Resource: arn };
    made.hasResourceProperties('AWS::IAM::Role', { Policies: Match.arrayWith([Match.objectLike({ PolicyDocument: { Statement: Match.arrayWith([allowed]), Version: '2012-10-17' } })]) });
    made.hasResourceProperties('AWS::IAM::Policy', { PolicyDocument: { Statement: Match.arrayWith([allowed]) }, Roles: [stack.resolve(fn.role!.roleName)] });
  });

  test('may be invoked by whom the app permits', () => {
    const { api, stack } = apiOf({}, undefined, false);
    const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('scheduler.amazonaws.com') });
    api.grantBroadcast(role);

    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: [{ Action: 'lambda:InvokeFunction', Effect: 'Allow', Resource: stack.resolve(api.broadcaster!.functionArn) }] },
      Roles: [stack.resolve(role.roleName)],
    });
  });

  test('is not there without connections', () => {
    const stack = testStack();
    const api = new WebSocketApi(stack, 'Api', { routes: { a: Route.toHandler(ECHO) } });

    expect(api.broadcaster).toBeUndefined();
    expect(() => api.grantBroadcast(new Role(stack, 'Role', { assumedBy: new ServicePrincipal('scheduler.amazonaws.com') })))
      .toThrow('`Stack/Api` has no broadcaster: write `connections: ConnectionTable.create()` in its props');
  });
});

describe('wrong values are errors at the line that passed them', () => {
  test.each<[string, () => unknown, string]>([
    ['no connections', () => new WebSocketApi(testStack(), 'Api', { routes: { a: Route.joinGroup(ROOM) } }), 'route `"a"` leads to `Route.joinGroup()`, but the API keeps no table of its connections: write `connections: ConnectionTable.create()`'],
    ['a path that is none', () => GroupName.fromMessage('room', { prefix: 'x' }), '`path` of `GroupName.fromMessage()` is `"room"`, which is no JSON path to one value of a message: write `"$.room"`'],
    ['a path to everything', () => GroupName.fromMessage('$', { prefix: 'x' }), 'is `"$"`, which is no JSON path'],
    ['a path to many values', () => GroupName.fromMessage('$..room', { prefix: 'x' }), 'which is no JSON path'],
    ['a wildcard', () => GroupName.fromMessage('$.*', { prefix: 'x' }), 'which is no JSON path'],
    ['a path that starts with another character', () => GroupName.fromMessage('x.room', { prefix: 'x' }), 'is `"x.room"`, which is no JSON path'],
    ['a path that is a token', () => GroupName.fromMessage(Lazy.string({ produce: () => '$.room' }), { prefix: 'x' }), '`path` of `GroupName.fromMessage()` is a token'],
    ['null for a prefix', () => GroupName.fromMessage('$.room', { prefix: null } as any), '`GroupName.fromMessage()` needs a `prefix`'],
    ['a misspelt prefix of a message', () => GroupName.fromMessage('$.room', { prefx: 'x' } as any), '`GroupName.fromMessage()` has no option `prefx`'],
    ['a misspelt prefix of a handshake', () => GroupName.fromHandshake(HandshakeValue.header('Room'), { prefx: 'x' } as any), '`GroupName.fromHandshake()` has no option `prefx`'],
    ['an empty prefix of a handshake', () => GroupName.fromHandshake(HandshakeValue.header('Room'), { prefix: '' }), '`prefix` of `GroupName.fromHandshake()` is empty'],
    ['the name of a group for a group', () => Route.joinGroup('lobby' as any), 'write `GroupName.of("lobby")`'],
    ['a number for a group', () => Route.joinGroup(5 as any), '`group` of `Route.joinGroup()` is the number `5`, but takes'],
    ['a long life', () => ConnectionTable.create({ timeToLive: Duration.seconds(86_401) }), '`timeToLive` of `ConnectionTable.create()` is `86401` seconds'],
    ['half a second of life', () => ConnectionTable.create({ timeToLive: Duration.millis(60_500) }), '`timeToLive` of `ConnectionTable.create()` is `60.5` seconds'],
    ['a path that does not end', () => Route.sendToUser('$.to['), '`path` of `Route.sendToUser()` is `"$.to["`'],
    ['no prefix', () => GroupName.fromMessage('$.room', {} as any), '`GroupName.fromMessage()` needs a `prefix`'],
    ['no options', () => (GroupName as any).fromMessage('$.room'), '`GroupName.fromMessage()` needs a `prefix`'],
    ['an empty prefix', () => GroupName.fromMessage('$.room', { prefix: '' }), '`prefix` of `GroupName.fromMessage()` is empty'],
    ['a long prefix', () => GroupName.fromMessage('$.room', { prefix: 'é'.repeat(129) }), 'has 258 bytes: the name of a group has at most 256'],
    ['a prefix that leaves no room', () => GroupName.fromMessage('$.room', { prefix: 'x'.repeat(256) }), '`prefix` of `GroupName.fromMessage()` has 256 bytes, and so has the longest name of a group'],
    ['a name for a path', () => Route.sendToUser('to'), 'which is no JSON path to one value of a message: write `"$.to"`'],
    ['a path of another language', () => Route.sendToUser('$request.body.to'), 'which is no JSON path to one value of a message: write `"$.to"`'],
    ['what another group route takes', () => Route.leaveGroup(ROOM, { announce: true } as any), '`Route.leaveGroup()` has no option `announce`: it is for `Route.joinGroup()`'],
    ['an empty group', () => GroupName.of(''), '`name` of `GroupName.of()` is empty'],
    ['a subprotocol', () => GroupName.fromHandshake(HandshakeValue.subprotocol()), '`GroupName.fromHandshake()` cannot have `HandshakeValue.subprotocol()`, which holds a token'],
    ['a user in a subprotocol', () => ConnectionTable.create({ user: HandshakeValue.subprotocol() }), '`user` of `ConnectionTable.create()` cannot have'],
    ['a text for a group', () => Route.joinGroup('$.room' as any), 'write `GroupName.fromMessage("$.room", { prefix: \'room:\' })`'],
    ['a group of a message at the handshake', () => ConnectionTable.create({ groups: [ROOM] }), '`groups` of `ConnectionTable.create()` cannot have `GroupName.fromMessage()`'],
    ['a short life', () => ConnectionTable.create({ timeToLive: Duration.seconds(59) }), '`timeToLive` of `ConnectionTable.create()` is `59` seconds'],
    ['a pace of zero', () => ConnectionTable.create({ maxPostsPerSecond: 0 }), '`maxPostsPerSecond` of `ConnectionTable.create()` is `0`'],
    ['a pace of many', () => ConnectionTable.create({ maxPostsPerSecond: 10_001 }), 'it takes a whole number from 1 to 10 000'],
    ['a group on $connect', () => apiOf({ routes: { $connect: Route.joinGroup(ROOM) } }), 'route `"$connect"` cannot lead to `Route.joinGroup()`, which answers messages: name the groups'],
    ['a group on $disconnect', () => apiOf({ routes: { $disconnect: Route.leaveGroup(ROOM) } }), 'a connection that goes leaves its groups by itself'],
    ['a user where there is none', () => apiOf({ routes: { a: Route.sendToUser('$.to') } }), 'route `"a"` leads to `Route.sendToUser()`, but connections have no user'],
    ['what no authorizer answers', () => apiOf({}, () => ({ user: HandshakeValue.authorizer('sub') })), '`user` of `ConnectionTable.create()` has `HandshakeValue.authorizer("sub")`, but `Stack/Api` has no authorizer'],
    ['a claim that is not in the context', () => apiOf({ authorization: JWT }, () => ({ user: HandshakeValue.authorizer('tenant') })), '`user` of `ConnectionTable.create()` has `HandshakeValue.authorizer("tenant")`, but the authorizer of `Stack/Api` answers with `principalId`, `sub`, `iss`, `exp`, `scope`, `client_id`, `custom_team` alone: name the claim'],
    ['a claim of a route that is not in the context', () => apiOf({ authorization: JWT, routes: { a: Route.sendToGroup(GroupName.fromHandshake(HandshakeValue.authorizer('team'))) } }), 'route `"a"` has `HandshakeValue.authorizer("team")`, but the authorizer'],
    ['what IAM does not answer', () => apiOf({ authorization: Authorization.iam(), routes: { a: Route.joinGroup(GroupName.fromHandshake(HandshakeValue.authorizer('sub'))) } }), 'route `"a"` has `HandshakeValue.authorizer("sub")`'],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(message);
  });
});

describe('values that are just right pass', () => {
  test.each<[string, () => unknown]>([
    ['the shortest life', () => ConnectionTable.create({ timeToLive: Duration.minutes(1) })],
    ['the longest life', () => ConnectionTable.create({ timeToLive: Duration.days(1) })],
    ['the slowest pace', () => ConnectionTable.create({ maxPostsPerSecond: 1 })],
    ['the fastest pace', () => ConnectionTable.create({ maxPostsPerSecond: 10_000 })],
    ['the longest group', () => GroupName.of('é'.repeat(128))],
    ['a name that holds a token', () => GroupName.of('é'.repeat(128) + Lazy.string({ produce: () => '' }))],
  ])('%s', (_, make) => {
    expect(make).not.toThrow();
  });
});

test.each(['sub', 'principalId', 'custom_team'])('a claim that is in the context says who a client is: %s', (key) => {
  expect(settingsOf(apiOf({ authorization: JWT }, () => ({ user: HandshakeValue.authorizer(key) })).template).user).toEqual({ place: 'authorizer', name: key });
});

test('an error names the line that called, however deep in the library it is thrown', () => {
  const stack = testStack();
  const limit = Error.stackTraceLimit;
  let error: Error | undefined;
  try {
    Error.stackTraceLimit = 10; // As Node.js has it, and jest has not.
    new WebSocketApi(stack, 'Api', { connections: ConnectionTable.create(), routes: { a: Route.joinGroup(GroupName.fromHandshake(HandshakeValue.authorizer('sub'))) } });
  } catch (one) {
    error = one as Error;
  } finally {
    Error.stackTraceLimit = limit;
  }

  expect(error?.stack).toContain('connections.test.ts');
});

describe('warnings', () => {
  test.each<[string, Partial<WebSocketApiProps>, ConnectionTableOptions, string[]]>([
    ['the client\'s own word for who it is', {}, { user: HandshakeValue.queryString('name') }, ['`user` of `ConnectionTable.create()` has `HandshakeValue.queryString("name")`, which is the client\'s own word', '[ack: cdk-websocket-api:clientsOwnWord]']],
    ['the client\'s own word for its groups', {}, { groups: [GroupName.fromHandshake(HandshakeValue.header('Room'))] }, ['`groups` of `ConnectionTable.create()` has `HandshakeValue.header("Room")`']],
    ['the client\'s own word for a group of a route', { routes: { a: Route.joinGroup(GroupName.fromHandshake(HandshakeValue.header('Room'))) } }, {}, ['route `"a"` has `HandshakeValue.header("Room")`']],
    ['everybody', { routes: { a: Route.sendToAll() } }, {}, ['route `"a"` leads to `Route.sendToAll()`, and the API has no `authorization`: every stranger could write to everybody', '[ack: cdk-websocket-api:openToStrangers]']],
    ['every user', { routes: { a: Route.sendToUser('$.to') } }, { user: HandshakeValue.context('identity.sourceIp') }, ['route `"a"` leads to `Route.sendToUser()`, and the API has no `authorization`: every stranger could write to every user']],
    ['nothing', { routes: { a: Route.sendToAll(), b: Route.sendToUser('$.to') }, authorization: NAMED }, { user: HandshakeValue.authorizer('sub') }, []],
    ['nothing of a group', { routes: { a: Route.joinGroup(ROOM) } }, {}, []],
  ])('are about %s', (_, props, options, texts) => {
    const { app } = apiOf(props, () => options, false);

    const found = warnings(app);
    expect(found).toHaveLength(Math.min(texts.length, 1));
    texts.forEach((text) => expect(found[0]).toContain(text));
  });
});

function apiOf(props: Partial<WebSocketApiProps> = {}, options: (stack: Stack) => ConnectionTableOptions = () => ({}), synthesize = true) {
  const app: App = testApp();
  const stack = testStack({}, app);
  const api = new WebSocketApi(stack, 'Api', { connections: ConnectionTable.create(options(stack)), routes: { a: Route.toHandler(ECHO) }, ...props });
  return { app, stack, api, template: synthesize ? Template.fromStack(stack) : undefined as unknown as Template };
}

function routeKeys(template: Template): string[] {
  return Object.values(template.findResources('AWS::ApiGatewayV2::Route')).map(({ Properties }) => Properties.RouteKey).sort();
}

function variablesOf(template: Template, name: string): { [variable: string]: any } {
  const [fn] = Object.values(template.findResources('AWS::Lambda::Function', { Properties: { Handler: `${name}.handler` } }));
  return fn.Properties.Environment.Variables;
}

/** What the role of a function may do besides tracing. */
function statementsOf(template: Template, name: string): unknown[] {
  const [fn] = Object.values(template.findResources('AWS::Lambda::Function', { Properties: { Handler: `${name}.handler` } }));
  const { Policies } = template.findResources('AWS::IAM::Role')[fn.Properties.Role['Fn::GetAtt'][0]].Properties;
  return Policies.flatMap(({ PolicyDocument }: any) => PolicyDocument.Statement).filter(({ Action }: any) => !String(Action).startsWith('xray:'));
}

function settingsOf(template: Template): any {
  return JSON.parse(variablesOf(template, 'connections').CONNECTION_SETTINGS);
}
