import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Aspects, CfnResource, IPropertyInjector, PropertyInjectors, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnTable, Table, TableEncryption, TableProps } from 'aws-cdk-lib/aws-dynamodb';
import { Effect, ManagedPolicy, PermissionsBoundary, PolicyDocument, PolicyStatement, Role, RoleProps } from 'aws-cdk-lib/aws-iam';
import { Function, FunctionProps } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, LogGroupProps, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Authorization, ConnectionTable, GroupName, HandshakeValue, Route, WebSocketApi } from '../../src';
import { shippedCode } from '../../src/handlers/shipped-function';
import { ECHO, testApp } from '../test-stack';

/** What the library deploys, by the handlers of its functions. */
const SHIPPED = ['asynchronous', 'broadcaster', 'connections', 'jwt-authorizer'].map((name) => `${name}.handler`);

const CUSTOM_RESOURCE = /CustomResourceProvider/;

/** An API with every function that the library deploys. */
function apiWith(prepare: (stack: Stack) => void, context: { [name: string]: unknown } = {}) {
  const app = testApp(context);
  const stack = new Stack(app, 'Stack');
  prepare(stack);
  new WebSocketApi(stack, 'Api', {
    connections: ConnectionTable.create(),
    authorization: Authorization.jwt({ issuer: 'https://login.example.com', audience: ['chat'], token: HandshakeValue.subprotocol() }),
    routes: {
      $connect: Route.toHandler(ECHO),
      join: Route.joinGroup(GroupName.of('lobby')),
      slow: Route.toHandler(ECHO, { asynchronous: true }),
    },
  });
  const assembly = app.synth();
  const [{ messages }] = assembly.stacks;
  const template = Template.fromStack(stack);
  return { assembly, template, texts: messages.map(({ entry }) => String(entry.data)), ...resourcesOf(template) };
}

function resourcesOf(template: Template) {
  const all: Array<[id: string, resource: any]> = Object.entries(template.toJSON().Resources);
  const of = (type: string) => all.filter(([, { Type }]) => Type === type);
  const functions = of('AWS::Lambda::Function').map(([, { Properties }]) => Properties);
  return {
    of,
    shipped: SHIPPED.map((handler) => functions.find(({ Handler }) => Handler === handler)),
    customResource: functions.find(({ Handler }) => Handler === '__entrypoint__.handler'),
    roles: of('AWS::IAM::Role').map(([id, { Properties }]) => ({ id, ...Properties })),
  };
}

function inject<T>(type: string, change: (props: T) => T): IPropertyInjector {
  return { constructUniqueId: type, inject: change };
}

function injected<T>(type: string, change: (props: T) => T) {
  return (stack: Stack) => PropertyInjectors.of(stack).add(inject(type, change));
}

const role = (stack: Stack, mutable: boolean) => Role.fromRoleArn(stack, 'Given', 'arn:aws:iam::111111111111:role/given', { mutable });

function givenRole(mutable: boolean) {
  return (stack: Stack) => {
    const given = role(stack, mutable);
    PropertyInjectors.of(stack).add(inject<FunctionProps>(Function.PROPERTY_INJECTION_ID, (props) => ({ ...props, role: given })));
  };
}

describe('functions that the library deploys', () => {
  test('have what an organisation injects into functions, beside what they need', () => {
    const { shipped } = apiWith(injected<FunctionProps>(Function.PROPERTY_INJECTION_ID, (props) => (
      { reservedConcurrentExecutions: 7, ...props, environment: { OWNER: 'platform' } }
    )));

    expect(shipped).toEqual(SHIPPED.map(() => expect.objectContaining({ ReservedConcurrentExecutions: 7 })));
    const variables = shipped.map(({ Environment }) => Object.keys(Environment.Variables));
    const own = ['ROUTES', 'CONNECTION_TABLE', 'CONNECTION_SETTINGS', 'TOKENS'];
    expect(variables).toEqual(own.map((name) => expect.arrayContaining([name, 'OWNER'])));
  });

  test('have what an organisation injects into roles, beside what they need', () => {
    const guardrail = () => new PolicyDocument({ statements: [new PolicyStatement({ effect: Effect.DENY, actions: ['iam:*'], resources: ['*'] })] });
    const { roles } = apiWith(injected<RoleProps>(Role.PROPERTY_INJECTION_ID, (props) => (
      { ...props, inlinePolicies: { Guardrail: guardrail() } }
    )));

    const made = roles.filter(({ id }) => !CUSTOM_RESOURCE.test(id));
    expect(made).toHaveLength(6);
    made.forEach(({ Policies: [guard] }) => expect(guard.PolicyDocument.Statement).toEqual([{ Effect: 'Deny', Action: 'iam:*', Resource: '*' }]));
    const own = (pattern: RegExp) => {
      const [, policy] = made.find(({ id }) => pattern.test(id)).Policies;
      return policy.PolicyDocument.Statement.map(({ Action }: any) => Action);
    };
    expect(own(/Broadcaster/)).toEqual(expect.arrayContaining(['execute-api:ManageConnections', expect.arrayContaining(['dynamodb:Query'])]));
    expect(own(/Forwarder/)).toEqual(['lambda:InvokeFunction']);
  });

  test('attach nothing to an injected role that must not be changed, and say all that it has to allow', () => {
    const { of, texts } = apiWith(givenRole(false));

    expect(of('AWS::IAM::Policy')).toEqual([]);
    const toldOf = (path: string) => texts.filter((text) => text.includes(`of function \`Stack/Api/${path}\` must not be changed`)).join('\n');
    expect(toldOf('Broadcaster')).toMatch(/`execute-api:ManageConnections`; `dynamodb:GetItem`.*`lambda:InvokeFunction`/s);
    expect(toldOf('Connections/Function')).toMatch(/`execute-api:ManageConnections`; `dynamodb:GetItem`.*`lambda:InvokeFunction`/s);
    expect(toldOf('Asynchronous/Forwarder/Function')).toContain('make sure that it allows `lambda:InvokeFunction`');
    expect(texts.join('\n')).not.toContain('Token[');
  });

  test('have what they need in an injected role of all functions, none of which waits for a policy that names it', () => {
    const { of } = apiWith(givenRole(true));

    // A function waits for the policy of its role. That this makes no circle, `Template.fromStack()` checks.
    const statements = of('AWS::IAM::Policy').flatMap(([, { Properties: { Roles, PolicyDocument: { Statement } } }]) => (
      Statement.map(({ Action }: any) => ({ Roles, Action }))
    ));
    expect(statements).toEqual(expect.arrayContaining(['execute-api:ManageConnections', 'lambda:InvokeFunction', expect.arrayContaining(['dynamodb:Query'])]
      .map((Action) => ({ Roles: ['given'], Action }))));
  });

  test('leave their roles out where the app does, and report what these have to allow', () => {
    const { assembly, of, texts } = apiWith((stack) => Role.customizeRoles(stack));

    expect([...of('AWS::IAM::Role'), ...of('AWS::IAM::Policy')]).toEqual([]);
    const { roles } = JSON.parse(readFileSync(join(assembly.directory, 'iam-policy-report.json'), 'utf8'));
    const allowed = (path: string) => {
      const found = roles.find(({ roleConstructPath }: any) => roleConstructPath === `Stack/${path}`);
      return found.identityPolicyStatements.flatMap(({ Action }: any) => Action);
    };
    expect(allowed('Api/Broadcaster/ServiceRole')).toEqual(expect.arrayContaining(['execute-api:ManageConnections', 'dynamodb:Query', 'lambda:InvokeFunction']));
    expect(allowed('Api/Connections/Function/ServiceRole')).toEqual(expect.arrayContaining(['execute-api:ManageConnections', 'dynamodb:Query', 'lambda:InvokeFunction']));
    expect(allowed('Api/Asynchronous/Forwarder/Function/ServiceRole')).toEqual(['lambda:InvokeFunction']);
    expect(allowed('Custom::ApiGatewayAccountLogRoleCustomResourceProvider/Role')).toContain('iam:PassRole');
    expect(texts).toEqual(Array(7).fill(expect.stringContaining('You must provide a precreated role name')));
  });

  test('have their roles under the permissions boundary of the app, the custom resource too', () => {
    const boundary = 'arn:aws:iam::111111111111:policy/boundary';
    const { roles } = apiWith((stack) => PermissionsBoundary.of(stack).apply(ManagedPolicy.fromManagedPolicyArn(stack, 'Boundary', boundary)));

    expect(roles.map(({ PermissionsBoundary: found }) => found)).toEqual(Array(7).fill(boundary));
  });

  test('have the tags of the app, and so have their roles and the table', () => {
    const { shipped, roles, of } = apiWith((stack) => Tags.of(stack).add('team', 'chat'));

    const tagged = [...shipped, ...roles.filter(({ id }) => !CUSTOM_RESOURCE.test(id)), of('AWS::DynamoDB::Table')[0][1].Properties];
    expect(tagged.map(({ Tags: tags }) => tags)).toEqual(Array(SHIPPED.length + 6 + 1).fill([{ Key: 'team', Value: 'chat' }]));
  });

  test('are encrypted with the key that an Aspect sets, the custom resource too', () => {
    const { shipped, customResource, of } = apiWith((stack) => Aspects.of(stack).add({
      visit(node) {
        if (node instanceof CfnTable) { node.sseSpecification = { sseEnabled: true, sseType: 'KMS', kmsMasterKeyId: 'key' }; }
        if (CfnResource.isCfnResource(node) && node.cfnResourceType === 'AWS::Lambda::Function') { node.addPropertyOverride('KmsKeyArn', 'key'); }
      },
    }));

    expect([...shipped, customResource].map(({ KmsKeyArn }) => KmsKeyArn)).toEqual(Array(SHIPPED.length + 1).fill('key'));
    expect(of('AWS::DynamoDB::Table')[0][1].Properties.SSESpecification).toEqual({ SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: 'key' });
  });
});

describe('what an organisation injects as its default', () => {
  test('is how the table of connections is kept, and the functions may use its key', () => {
    const { of } = apiWith(injected<TableProps>(Table.PROPERTY_INJECTION_ID, (props) => ({
      encryption: TableEncryption.CUSTOMER_MANAGED,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
      ...props,
    })));

    const [[, table]] = of('AWS::DynamoDB::Table');
    expect(table).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: { SSESpecification: { SSEType: 'KMS' }, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true }, DeletionProtectionEnabled: true },
    });
    const [[key]] = of('AWS::KMS::Key');
    const users = of('AWS::IAM::Policy').filter(([, { Properties }]) => JSON.stringify(Properties.PolicyDocument).includes(key)).map(([id]) => id);
    expect(users).toEqual([expect.stringMatching(/^ApiBroadcasterServiceRole/), expect.stringMatching(/^ApiConnectionsFunctionServiceRole/)]);
  });

  test('is how log groups are kept: that of the access log, and those of functions', () => {
    const { of } = apiWith(
      injected<LogGroupProps>(LogGroup.PROPERTY_INJECTION_ID, (props) => (
        { retention: RetentionDays.ONE_WEEK, removalPolicy: RemovalPolicy.DESTROY, ...props }
      )),
      { '@aws-cdk/aws-lambda:useCdkManagedLogGroup': true },
    );

    const kept = of('AWS::Logs::LogGroup').map(([, { DeletionPolicy, Properties }]) => [DeletionPolicy, Properties.RetentionInDays]);
    expect(kept).toEqual(Array(7).fill(['Delete', 7]));
  });
});

test('an app in one file, which has left the functions of the library behind, is told how to bundle it', () => {
  expect(() => shippedCode('account-log-role', '/dist/lib/shipped')).toThrow('`/dist/lib/shipped/account-log-role`, which `cdk-websocket-api` deploys, is not there: '
    + 'if you bundle your app into one file, leave the library out of it, for it reads its own folder; with esbuild, that is `--external:cdk-websocket-api`');
});
