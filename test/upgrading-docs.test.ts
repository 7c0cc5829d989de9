import { createHash } from 'node:crypto';
import { App, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { AccessLog, ApiSource, Authorization, Permissions, Route, StageSource, WebSocketApi, WebSocketApiProps } from '../src';
import { ECHO, testFunction } from './test-stack';

/* What docs/upgrading.md says, chapter by chapter. The code is bundled, as a user's is. */

interface Resource {
  readonly Type: string;
  readonly Properties?: { readonly [name: string]: unknown };
}

type Resources = { readonly [logicalId: string]: Resource };

/** CDK's authorizer puts the path of the app into the logical id of its permission. */
const AUTHORIZER_PERMISSION = /^ApiRouteconnect\w+AuthorizerPermission|^ApiRouteconnect\w+Authorizer\w{8}Permission/;

describe('names', () => {
  test('of API and log group are all that derives from the construct path', () => {
    expect(changes(plain(new Stack(new App(), 'One')), plain(new Stack(new App(), 'Two')))).toEqual([
      'AWS::ApiGatewayV2::Api Name', 'AWS::Logs::LogGroup LogGroupName',
    ]);
  });

  test('that are written out do not change with the construct path', () => {
    expect(changes(plain(new Stack(new App(), 'One'), named), plain(new Stack(new App(), 'Two'), named))).toEqual([]);
  });
});

describe('a route that moves to another stack', () => {
  const core = (app: App) => new Stack(app, 'Core');
  const before = routesIn(core(new App()), ['$default', 'order'])!;
  const app = new App();
  const coreAfter = core(app);
  const api = new WebSocketApi(coreAfter, 'Api', { routes: routes(['$default']) });
  const orders = new Stack(app, 'Orders');
  api.addRoutes(orders, routes(['order']));

  test('leaves the other resources as they were, and takes its own with it', () => {
    const left = Object.values(without(before, resources(coreAfter))).map(({ Type }) => Type).sort();

    expect(changes(before, resources(coreAfter)).filter((change) => !change.startsWith('- '))).toEqual([]);
    expect(left).toEqual([
      'AWS::ApiGatewayV2::Integration', 'AWS::ApiGatewayV2::Route', 'AWS::IAM::Role', 'AWS::Lambda::Function', 'AWS::Lambda::Permission',
    ]);
    expect(Object.values(resources(orders)).map(({ Type }) => Type).sort()).toEqual(left);
  });

  test('is deployed after it has left its old stack', () => {
    expect(orders.dependencies).toEqual([coreAfter]);
    expect(coreAfter.dependencies).toEqual([]);
  });

  test('leaves its function where it is, if the function has a stack of its own', () => {
    const functionAfter = (moved: boolean) => {
      const root = new App();
      const functions = new Stack(root, 'Functions');
      const order = Route.toFunction(testFunction(functions));
      const chat = new WebSocketApi(core(root), 'Api', { routes: { ...routes(['$default']), ...moved ? {} : { order } } });
      if (moved) { chat.addRoutes(new Stack(root, 'Orders'), { order }); }
      return resources(functions).Function76856677;
    };

    expect(functionAfter(true)).toMatchObject({ Type: 'AWS::Lambda::Function' });
    expect(functionAfter(true)).toEqual(functionAfter(false));
  });
});

describe('a construct that is renamed', () => {
  test('changes every logical id', () => {
    const [before, after] = ['Api', 'Chat'].map((id) => apiOnly(plain(new Stack(new App(), 'Stack'), {}, id)));

    expect(Object.keys(before).filter((id) => id in after)).toEqual([]);
  });

  test('changes nothing else once its names are written out, so that `cdk refactor` recognises every resource', () => {
    const before = plain(new Stack(new App(), 'Stack'), named);
    const after = plain(new Stack(new App(), 'Stack'), named, 'Chat');

    expect(digests(after)).toEqual(digests(before));
  });

  test('is not recognised while its names derive from its path', () => {
    const [before, after] = ['Api', 'Chat'].map((id) => plain(new Stack(new App(), 'Stack'), {}, id));

    expect(digests(after)).not.toEqual(digests(before));
  });

  test('has policies of grants that are not recognised, because CDK names them after their logical ids', () => {
    const [before, after] = ['Api', 'Chat'].map((id) => granted(new Stack(new App(), 'Stack'), id));
    const known = digests(before);

    expect(digests(after).filter((digest) => !known.includes(digest))).toEqual([expect.stringMatching(/^AWS::IAM::Policy /)]);
  });
});

describe('an app that is wrapped in a `cdk.Stage`', () => {
  const wrapped = (props: { stackName?: string }) => new Stack(new Stage(new App(), 'Prod'), 'Chat', props);

  test('is another stack, and the stage of its API has another name', () => {
    expect(wrapped({}).stackName).toBe('Prod-Chat');
    expect(changes(plain(new Stack(new App(), 'Chat')), plain(wrapped({ stackName: 'Chat' })))).toEqual(expect.arrayContaining([
      'AWS::ApiGatewayV2::Stage StageName', 'AWS::Logs::LogGroup LogGroupName',
    ]));
  });

  test('is as it was with the old names of stack and stage', () => {
    const before = plain(new Stack(new App(), 'Chat'));
    const after = plain(wrapped({ stackName: 'Chat' }), (_) => ({ stage: StageSource.fromOptions({ stageName: 'dev' }) }));

    expect(changes(before, after)).toEqual([]);
  });
});

describe('a stack that is renamed', () => {
  test('is as it was if its `stackName` stays', () => {
    expect(changes(plain(new Stack(new App(), 'Chat')), plain(new Stack(new App(), 'Renamed', { stackName: 'Chat' })))).toEqual([]);
  });

  test('is another stack if only its id was its name', () => {
    expect(new Stack(new App(), 'Renamed').stackName).not.toBe(new Stack(new App(), 'Chat').stackName);
  });
});

type Props = Partial<WebSocketApiProps> | ((stack: Stack) => Partial<WebSocketApiProps>);

/** The names of the page's example. */
function named(stack: Stack): Partial<WebSocketApiProps> {
  return {
    api: ApiSource.fromProps({ apiName: 'chat' }),
    stage: StageSource.fromOptions({ stageName: 'live' }),
    accessLog: AccessLog.json({ logGroup: new LogGroup(stack, 'AccessLog', { logGroupName: '/aws/vendedlogs/apis/chat' }) }),
  };
}

/** The resources of an API with an authorizer and routes. */
function plain(stack: Stack, props: Props = {}, id = 'Api'): Resources {
  new WebSocketApi(stack, id, {
    routes: routes(['$connect', '$default', 'order']),
    authorization: Authorization.fromHandler(ECHO),
    ...typeof props === 'function' ? props(stack) : props,
  });
  return resources(stack);
}

function granted(stack: Stack, id: string): Resources {
  const table = new Table(stack, 'Table', { partitionKey: { name: 'id', type: AttributeType.STRING } });
  new WebSocketApi(stack, id, { ...named(stack), routes: { $default: Route.toHandler(ECHO, { permissions: [Permissions.grant(table, 'grantReadData')] }) } });
  return resources(stack);
}

function routesIn(scope: Construct, keys: string[]): Resources {
  new WebSocketApi(scope, 'Api', { routes: routes(keys) });
  return resources(Stack.of(scope));
}

function routes(keys: string[]): { [key: string]: Route } {
  return Object.fromEntries(keys.map((key) => [key, Route.toHandler(ECHO)]));
}

function resources(stack: Stack): Resources {
  return Template.fromStack(stack).toJSON().Resources;
}

/** What belongs to the API, and not to the stack, as the custom resource does. */
function apiOnly(all: Resources): Resources {
  return Object.fromEntries(Object.entries(all).filter(([id]) => !id.startsWith('Custom')));
}

function without(before: Resources, after: Resources): Resources {
  return Object.fromEntries(Object.entries(before).filter(([id]) => !(id in after)));
}

/** What CloudFormation would do, with the properties that change. The page says what becomes of the authorizer's permission. */
function changes(before: Resources, after: Resources): string[] {
  const unlike = (one: unknown, other: unknown) => JSON.stringify(one) !== JSON.stringify(other);
  return [
    ...Object.entries(without(before, after)).map(([id]) => `- ${id}`),
    ...Object.entries(without(after, before)).map(([id]) => `+ ${id}`),
    ...Object.entries(before).filter(([id]) => id in after).flatMap(([id, { Type, Properties = {} }]) => (
      Object.keys({ ...Properties, ...after[id].Properties })
        .filter((name) => unlike(Properties[name], after[id].Properties?.[name]))
        .map((name) => `${Type} ${name}`)
    )),
  ].filter((change) => !AUTHORIZER_PERMISSION.test(change.slice(2)));
}

/** Each resource by its type and its properties, with what it refers to in place of logical ids: so `cdk refactor` recognises it. */
function digests(all: Resources): string[] {
  const digest = (id: string): string => {
    const { Type, Properties } = all[id];
    return `${Type} ${createHash('sha256').update(JSON.stringify(Properties ?? {}, refer)).digest('hex')}`;
  };
  const refer = (key: string, value: any) => {
    if (key === 'Ref' && value in all) { return digest(value); }
    if (key === 'Fn::GetAtt' && value[0] in all) { return [digest(value[0]), ...value.slice(1)]; }
    return value;
  };
  return Object.keys(all).map(digest).sort();
}
