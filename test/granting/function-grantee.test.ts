import { App, NestedStack, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { IRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias } from 'aws-cdk-lib/aws-kms';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Authorization, Permissions, Route, WebSocketApi } from '../../src';
import { ECHO, testApp, warnings } from '../test-stack';

const ROLE_ARN = 'arn:aws:iam::111111111111:role/given';

/** Roles that CDK must not change. */
const IMMUTABLE: Array<[string, (stack: Stack) => IRole]> = [
  ['imported with mutable: false', (stack) => Role.fromRoleArn(stack, 'Given', ROLE_ARN, { mutable: false })],
  ['created, and without policy updates', (stack) => lambdaRole(stack).withoutPolicyUpdates()],
];

describe.each(IMMUTABLE)('to a role that is %s, nothing is attached, and a warning says what it has to allow', (_, roleIn) => {
  test.each(['the same stack', 'another stack'])('behind Route.toFunction, in %s', (where) => {
    const app = testApp();
    const functions = new Stack(app, 'Functions');
    const fn = functionWith(functions, roleIn(functions));
    const stack = where === 'the same stack' ? functions : new Stack(app, 'Stack');
    const api = new WebSocketApi(stack, 'Api', { routes: { a: Route.toFunction(fn) } });
    api.attachPermissions(Permissions.grant(tableIn(stack), 'grantReadData'), Permissions.fullAccess(tableIn(stack)), Permissions.action('ses:SendEmail', 'arn:aws:ses:eu-west-1:111111111111:identity/a.b'));

    expect(policies(app)).toEqual([]);
    expect(warnings(app)).toEqual([
      expect.stringMatching(/role `\S+` of function `Functions\/Function` must not be changed, so nothing is attached to it: make sure that it allows `execute-api:ManageConnections`/),
      expect.stringContaining(`make sure that it allows what \`grantReadData\` of \`${stack.node.path}/Table\` grants; every action on \`${stack.node.path}/Table\`; \`ses:SendEmail\` on \`arn:aws:ses:eu-west-1:111111111111:identity/a.b\``),
    ]);
  });

  test.each(['the same stack', 'another stack'])('given to Route.toHandler, from %s', (where) => {
    const app = testApp();
    const stack = new Stack(app, 'Stack');
    const role = roleIn(where === 'the same stack' ? stack : new Stack(app, 'Roles'));
    new WebSocketApi(stack, 'Api', { routes: { a: Route.toHandler(ECHO, { role, permissions: [Permissions.service('s3')] }) } });

    expect(policies(app)).toEqual([]);
    expect(warnings(app)).toEqual([expect.stringMatching(/make sure that it allows `execute-api:ManageConnections`; `xray:PutTraceSegments`, `xray:PutTelemetryRecords` on `\*`; `s3:\*` on `\*`/)]);
  });
});

describe('a role of another stack makes no cyclic reference: what the route needs is created beside the route', () => {
  test.each<[string, (app: App) => { stack: Stack; role: IRole }]>([
    ['in another stack', (app) => ({ role: lambdaRole(new Stack(app, 'Roles')), stack: new Stack(app, 'Stack') })],
    ['in the parent stack', (app) => {
      const parent = new Stack(app, 'Parent');
      return { role: lambdaRole(parent), stack: new NestedStack(parent, 'Nested') };
    }],
    ['in a nested stack', (app) => {
      const stack = new Stack(app, 'Stack');
      return { role: lambdaRole(new NestedStack(stack, 'Nested')), stack };
    }],
  ])('%s', (_, make) => {
    const app = testApp();
    const { stack, role } = make(app);
    const table = tableIn(stack);
    new WebSocketApi(stack, 'Api', {
      routes: {
        $connect: Route.toHandler(ECHO, { role, permissions: [Permissions.grant(table, 'grantReadData')] }),
        existing: Route.toFunction(functionWith(stack, role)),
      },
      authorization: Authorization.fromHandler(ECHO, { role }),
    });

    expect(() => app.synth()).not.toThrow();
    const granted = JSON.stringify(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
    expect(granted).toContain('execute-api:ManageConnections');
    expect(granted).toContain('dynamodb:GetItem');
    const elsewhere = JSON.stringify(Template.fromStack(Stack.of(role)).findResources('AWS::IAM::Policy'));
    expect(elsewhere).not.toContain('execute-api');
  });
});

describe('a grant that CDK drops is a warning', () => {
  test.each<[string, (stack: Stack) => Permissions, string]>([
    ['of a method', (stack) => Permissions.grant(Alias.fromAliasName(stack, 'Alias', 'alias/x'), 'grantDecrypt'), 'what `grantDecrypt` of `Stack/Alias` grants'],
    ['of the key of a resource', (stack) => {
      const encryptionKey = Alias.fromAliasName(stack, 'Alias', 'alias/x');
      return Permissions.fullAccess(Bucket.fromBucketAttributes(stack, 'Bucket', { bucketName: 'bucket', encryptionKey }));
    }, 'every action on `Stack/Bucket`'],
  ])('%s', (_, permission, allowed) => {
    const app = testApp();
    const stack = new Stack(app, 'Stack');
    const api = new WebSocketApi(stack, 'Api', { routes: { a: Route.toHandler(ECHO) } });
    api.attachPermissions(permission(stack));

    expect(warnings(app)).toEqual([expect.stringContaining(`is not permitted ${allowed}: CDK drops it`)]);
  });

  test('and one that is made is none', () => {
    const app = testApp();
    const stack = new Stack(app, 'Stack');
    const api = new WebSocketApi(stack, 'Api', { routes: { a: Route.toHandler(ECHO) } });
    api.attachPermissions(Permissions.grant(tableIn(stack), 'grantReadData'), Permissions.fullAccess(tableIn(stack)), Permissions.service('s3'));

    expect(warnings(app)).toEqual([]);
  });
});

function lambdaRole(scope: Stack): Role {
  return new Role(scope, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
}

function functionWith(scope: Stack, role: IRole): Function {
  return new Function(scope, 'Function', { role, code: Code.fromInline('exports.main = async () => ({})'), handler: 'index.main', runtime: Runtime.NODEJS_24_X });
}

function tableIn(scope: Stack): Table {
  return scope.node.tryFindChild('Table') as Table ?? new Table(scope, 'Table', { partitionKey: { name: 'id', type: AttributeType.STRING } });
}

/** All policies of an app, but for those of the library's own functions. */
function policies(app: App): unknown[] {
  return app.synth().stacksRecursively.flatMap(({ template }) => Object.values<any>(template.Resources ?? {}).filter(({ Type }) => Type === 'AWS::IAM::Policy'));
}
