import { readFileSync } from 'node:fs';
import { App, Aspects, CfnResource, IPropertyInjector, PropertyInjectors, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { CfnRole, Effect, PolicyDocument, PolicyStatement, Role, RoleProps } from 'aws-cdk-lib/aws-iam';
import { Function, FunctionProps, Runtime, RuntimeFamily, Tracing } from 'aws-cdk-lib/aws-lambda';
import { sourceProject } from './source-project';
import { Authorization, HandlerRouteProps, Route, WebSocketApi } from '../../src';
import { ECHO, testApp, testFunction, testStack } from '../test-stack';

const DENY = () => new PolicyDocument({ statements: [new PolicyStatement({ effect: Effect.DENY, actions: ['iam:*'], resources: ['*'] })] });
const MANAGE_CONNECTIONS = Match.objectLike({ Action: 'execute-api:ManageConnections' });

function injectorOf<T>(constructUniqueId: string, change: (props: T) => T): IPropertyInjector {
  return { constructUniqueId, inject: change };
}

const functionInjector = (change: (props: FunctionProps) => FunctionProps) => injectorOf(Function.PROPERTY_INJECTION_ID, change);
const roleInjector = (change: (props: RoleProps) => RoleProps) => injectorOf(Role.PROPERTY_INJECTION_ID, change);

function templateWith(injectors: IPropertyInjector[], props: HandlerRouteProps = {}, prepare: (stack: Stack) => void = () => {}): Template {
  const stack = testStack();
  PropertyInjectors.of(stack).add(...injectors);
  prepare(stack);
  new WebSocketApi(stack, 'Api', { routes: { a: Route.toHandler(ECHO, props) } });
  return Template.fromStack(stack);
}

/** The inline policies of the function's role, by name. */
function policiesOf(template: Template): { [name: string]: any } {
  const roles = template.findResources('AWS::IAM::Role', {
    Properties: { AssumeRolePolicyDocument: { Statement: [{ Principal: { Service: 'lambda.amazonaws.com' } }] } },
  });
  const [{ Properties }] = Object.values(roles);
  return Object.fromEntries(Properties.Policies.map(({ PolicyName, PolicyDocument: document }: any) => [PolicyName, document]));
}

describe('the role of a route keeps', () => {
  test('inline policies that an organisation injects', () => {
    const policies = policiesOf(templateWith([roleInjector((props) => ({ ...props, inlinePolicies: { Guardrail: DENY() } }))]));

    expect(policies.Guardrail.Statement).toEqual([{ Effect: 'Deny', Action: 'iam:*', Resource: '*' }]);
    expect(policies.WebSocketApi.Statement[0].Action).toBe('execute-api:ManageConnections');
  });

  test('an injected policy that has the name of ours', () => {
    const policies = policiesOf(templateWith([roleInjector((props) => ({ ...props, inlinePolicies: { WebSocketApi: DENY() } }))]));

    expect(policies.WebSocketApi.Statement[0].Effect).toBe('Deny');
    expect(policies.WebSocketApiRoute.Statement[0].Action).toBe('execute-api:ManageConnections');
  });

  test('inline policies that an Aspect adds', () => {
    const policies = policiesOf(templateWith([], {}, (stack) => Aspects.of(stack).add({
      visit: (node) => {
        if (node instanceof CfnRole) { node.policies = [...node.policies as any[] ?? [], { policyName: 'Guardrail', policyDocument: DENY() }]; }
      },
    })));

    expect(Object.keys(policies)).toEqual(['WebSocketApi', 'Guardrail']);
  });

  test('inline policies that an override adds', () => {
    const policies = policiesOf(templateWith([], {}, (stack) => Aspects.of(stack).add({
      visit: (node) => {
        if (CfnResource.isCfnResource(node) && node.cfnResourceType === 'AWS::IAM::Role') {
          node.addPropertyOverride('Policies.1', { PolicyName: 'Guardrail', PolicyDocument: DENY().toJSON() });
        }
      },
    })));

    expect(Object.keys(policies)).toEqual(['WebSocketApi', 'Guardrail']);
  });

  test('a role that is injected into the function is permitted what a created one is', () => {
    const template = templateWith([], {}, (stack) => {
      const role = Role.fromRoleName(stack, 'Given', 'given');
      PropertyInjectors.of(stack).add(functionInjector((props) => ({ ...props, role })));
    });

    template.hasResourceProperties('AWS::IAM::Policy', { Roles: ['given'], PolicyDocument: { Statement: Match.arrayWith([MANAGE_CONNECTIONS]) } });
  });
});

describe('what an organisation injects into functions', () => {
  const injected = functionInjector((props) => ({ memorySize: 256, tracing: Tracing.DISABLED, ...props }));

  test('wins over the defaults of this library', () => {
    const template = templateWith([injected]);

    template.hasResourceProperties('AWS::Lambda::Function', { MemorySize: 256, TracingConfig: Match.absent(), Timeout: 10 });
    expect(JSON.stringify(policiesOf(template))).not.toContain('xray');
  });

  test('does not win over the props of the route', () => {
    templateWith([injected], { memorySize: 512, tracing: Tracing.PASS_THROUGH })
      .hasResourceProperties('AWS::Lambda::Function', { MemorySize: 512, TracingConfig: { Mode: 'PassThrough' } });
  });

  test('wins over the props of the route if the injector says so', () => {
    const enforced = functionInjector((props) => ({ ...props, memorySize: 256, tracing: Tracing.DISABLED }));

    templateWith([enforced], { memorySize: 512, tracing: Tracing.PASS_THROUGH })
      .hasResourceProperties('AWS::Lambda::Function', { MemorySize: 256, TracingConfig: Match.absent() });
  });

  test('joins the environment that the API gives, and wins over it', () => {
    templateWith([functionInjector((props) => ({ ...props, environment: { OWNER: 'platform' } }))])
      .hasResourceProperties('AWS::Lambda::Function', { Environment: { Variables: { OWNER: 'platform', WEBSOCKET_CALLBACK_URL: Match.anyValue() } } });
    templateWith([functionInjector((props) => ({ ...props, environment: { WEBSOCKET_CALLBACK_URL: 'https://proxy' } }))])
      .hasResourceProperties('AWS::Lambda::Function', { Environment: { Variables: { WEBSOCKET_CALLBACK_URL: 'https://proxy' } } });
  });

  test('may be another handler, which calls the one of the route', () => {
    templateWith([functionInjector((props) => ({ ...props, handler: 'wrapper.handler' }))]).hasResourceProperties('AWS::Lambda::Function', { Handler: 'wrapper.handler', MemorySize: 1024 });
  });

  test('is that of the nearest place above it that says anything of functions', () => {
    const memoryWith = (ofApp: IPropertyInjector[], ofStack: IPropertyInjector[]) => {
      const app = testApp();
      const stack = testStack({}, app);
      [[app, ofApp] as const, [stack, ofStack] as const].filter(([, injectors]) => injectors.length > 0)
        .forEach(([scope, injectors]) => PropertyInjectors.of(scope).add(...injectors));
      new WebSocketApi(stack, 'Api', { routes: { a: Route.toHandler(ECHO) } });
      return Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function'))
        .map(({ Properties }) => Properties.MemorySize).filter((size) => size !== undefined);
    };
    const [big, small] = [512, 256].map((memorySize) => functionInjector((props) => ({ ...props, memorySize })));

    expect(memoryWith([big], [])).toContain(512);
    expect(memoryWith([big], [small])).toContain(256);
    expect(memoryWith([big], [roleInjector((props) => props)])).toContain(512);
    expect(memoryWith([], [])).toContain(1024);
  });

  test('is all that other functions in the same place have', () => {
    const stack = testStack();
    const api = new WebSocketApi(stack, 'Api', { routes: { a: Route.toHandler(ECHO) } });
    const { scope } = api.getFunction('a')!.node;
    testFunction(scope!, 'Other');

    Template.fromStack(stack).resourcePropertiesCountIs('AWS::Lambda::Function', { MemorySize: 1024 }, 1);
    Template.fromStack(stack).resourcePropertiesCountIs('AWS::IAM::Role', { Policies: [{ PolicyName: 'WebSocketApi' }] }, 1);
  });

  test('is asked for once a function, with the place where the function is created', () => {
    const asked: string[] = [];
    const stack = testStack();
    PropertyInjectors.of(stack).add({
      constructUniqueId: Function.PROPERTY_INJECTION_ID,
      inject: (props, { scope, id }) => {
        asked.push(`${scope.node.path}/${id}`);
        return props;
      },
    });
    new WebSocketApi(stack, 'Api', { routes: { $connect: Route.toHandler(ECHO) }, authorization: Authorization.fromHandler(ECHO) });

    expect(asked.sort()).toEqual(['Stack/Api/Route $connect/AuthorizerFunction', 'Stack/Api/Route $connect/Function']);
  });

  test('decides what the code is built for', () => {
    sourceProject({ 'a.ts': 'export const main = async (event: any) => event.body ?? "nothing";' });
    const stack = new Stack(new App({ outdir: 'cdk.out' }), 'Stack');
    const old = new Runtime('nodejs12.x', RuntimeFamily.NODEJS);
    PropertyInjectors.of(stack).add(functionInjector((props) => ({ ...props, runtime: old })));
    new WebSocketApi(stack, 'Api', { routes: { a: Route.toHandler('a.main') } });

    const functions = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function'));
    const { Code: { S3Key } } = functions.find(({ Properties }) => Properties.Runtime === 'nodejs12.x')!.Properties;
    expect(readFileSync(`cdk.out/asset.${S3Key.replace('.zip', '')}/index.js`, 'utf8')).not.toContain('??');
  });
});
