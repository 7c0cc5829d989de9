import { isDeepStrictEqual } from 'node:util';
import * as alpha from '@aws-cdk/aws-apigatewayv2-alpha';
import * as alphaAuthorizers from '@aws-cdk/aws-apigatewayv2-authorizers-alpha';
import * as alphaIntegrations from '@aws-cdk/aws-apigatewayv2-integrations-alpha';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as apigatewayv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketAwsIntegration, WebSocketMockIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Certificate, ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { IRole, Role } from 'aws-cdk-lib/aws-iam';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import {
  AccessLog, ApiSource, Authorization, CustomDomain, Dns, ExecutionLog, HandshakeValue, Route, StageSource, WebSocketApi,
  WebSocketApiProps,
} from '../src';
import { ECHO, testFunction, testStack } from './test-stack';

/** The same API, built twice. */
interface Case {
  readonly name: string;

  /** What differs, `Route $connect.AuthorizationType`, and why that is right. */
  readonly differences: { readonly [name: string]: string };

  /** On the modules that CDK's own WebSocket constructs came from. What those cannot do is done on their resources. */
  byHand(stack: Stack): void;

  /** With the construct of this library. */
  here(stack: Stack): void;
}

const NAMED_BY_PATH = 'a name that several APIs, stacks and stages of an app do not share: the construct\'s path instead of its id';
const LOGGED = 'there is an access log unless it is switched off';

const CASES: Case[] = [
  {
    name: 'plain routes to functions of their own',
    differences: { 'Api.Name': NAMED_BY_PATH, 'Stage.AccessLogSettings': LOGGED },
    byHand(stack) {
      const api = new alpha.WebSocketApi(stack, 'Api', {
        connectRouteOptions: { integration: toFunction(stack, 'Connect') },
        disconnectRouteOptions: { integration: toFunction(stack, 'Disconnect') },
        defaultRouteOptions: { integration: toFunction(stack, 'Fallback') },
      });
      api.addRoute('sendMessage', { integration: toFunction(stack, 'SendMessage') });
      deploy(api);
    },
    here(stack) {
      new WebSocketApi(stack, 'Api', {
        routes: {
          $connect: Route.toHandler(ECHO),
          $disconnect: Route.toHandler(ECHO),
          $default: Route.toHandler(ECHO),
          sendMessage: Route.toHandler(ECHO),
        },
      });
    },
  },
  {
    name: 'routes that are added later',
    differences: {},
    byHand(stack) {
      const api = new alpha.WebSocketApi(stack, 'Api');
      api.addRoute('sendMessage', { integration: toFunction(stack, 'SendMessage') });
      deploy(api);
    },
    here(stack) {
      build(stack, {}).addRoutes(stack, { sendMessage: Route.toFunction(testFunction(stack)) });
    },
  },
  {
    name: 'returnResponse',
    differences: {},
    byHand(stack) {
      const api = new alpha.WebSocketApi(stack, 'Api');
      api.addRoute('$default', { integration: toFunction(stack), returnResponse: true });
      deploy(api);
    },
    here(stack) {
      build(stack, { routes: { $default: Route.toFunction(testFunction(stack), { returnResponse: true }) } });
    },
  },
  {
    name: 'a function that several routes share',
    differences: {},
    byHand(stack) {
      const api = new alpha.WebSocketApi(stack, 'Api');
      const integration = toFunction(stack);
      ['$connect', '$disconnect', '$default'].forEach((key) => api.addRoute(key, { integration }));
      deploy(api);
    },
    here(stack) {
      const fn = testFunction(stack);
      build(stack, { routes: { $connect: Route.toFunction(fn), $disconnect: Route.toFunction(fn), $default: Route.toFunction(fn) } });
    },
  },
  {
    name: 'an API key',
    differences: {},
    byHand(stack) {
      const webSocketApi = new alpha.WebSocketApi(stack, 'Api', { apiKeySelectionExpression: alpha.WebSocketApiKeySelectionExpression.HEADER_X_API_KEY });
      new alpha.WebSocketRoute(stack, 'Route', { webSocketApi, routeKey: '$connect', apiKeyRequired: true, integration: toFunction(stack) });
      deploy(webSocketApi);
    },
    here(stack) {
      build(stack, {
        routes: { $connect: Route.toFunction(testFunction(stack), { apiKeyRequired: true }) },
        api: ApiSource.fromProps({ apiName: 'Api', apiKeySelectionExpression: apigatewayv2.WebSocketApiKeySelectionExpression.HEADER_X_API_KEY }),
      });
    },
  },
  {
    name: 'authorization by IAM',
    differences: {},
    byHand(stack) {
      const api = new alpha.WebSocketApi(stack, 'Api', {
        connectRouteOptions: { integration: toFunction(stack), authorizer: new alphaAuthorizers.WebSocketIamAuthorizer() },
        defaultRouteOptions: { integration: toFunction(stack, 'Fallback') },
      });
      deploy(api);
    },
    here(stack) {
      build(stack, {
        routes: { $connect: Route.toFunction(testFunction(stack)), $default: Route.toFunction(testFunction(stack, 'Fallback')) },
        authorization: Authorization.iam(),
      });
    },
  },
  {
    name: 'a Lambda authorizer',
    differences: {},
    byHand(stack) {
      const api = new alpha.WebSocketApi(stack, 'Api', {
        connectRouteOptions: {
          integration: toFunction(stack),
          authorizer: new alphaAuthorizers.WebSocketLambdaAuthorizer('Authorizer', testFunction(stack, 'AuthorizerFunction')),
        },
        defaultRouteOptions: { integration: toFunction(stack, 'Fallback') },
      });
      deploy(api);
    },
    here(stack) {
      build(stack, {
        routes: { $connect: Route.toHandler(ECHO), $default: Route.toHandler(ECHO) },
        authorization: Authorization.fromHandler(ECHO),
      });
    },
  },
  {
    name: 'a Lambda authorizer with another name and other sources',
    differences: {},
    byHand(stack) {
      const api = new alpha.WebSocketApi(stack, 'Api', {
        connectRouteOptions: {
          integration: toFunction(stack),
          authorizer: new alphaAuthorizers.WebSocketLambdaAuthorizer('Authorizer', testFunction(stack, 'AuthorizerFunction'), {
            authorizerName: 'Doorman',
            identitySource: [
              'route.request.header.X-Visitor', 'route.request.querystring.token', 'stageVariables.tenant', 'context.identity.sourceIp',
            ],
          }),
        },
      });
      deploy(api);
    },
    here(stack) {
      build(stack, {
        routes: { $connect: Route.toFunction(testFunction(stack)) },
        authorization: Authorization.fromFunction(testFunction(stack, 'AuthorizerFunction'), {
          authorizerName: 'Doorman',
          identitySource: [
            HandshakeValue.header('X-Visitor'), HandshakeValue.queryString('token'), HandshakeValue.stageVariable('tenant'), HandshakeValue.context('identity.sourceIp'),
          ],
        }),
      });
    },
  },
  {
    name: 'a domain',
    differences: { 'DomainName.DomainNameConfigurations': 'the TLS version is written out, so that the default of API Gateway does not decide it' },
    byHand(stack) {
      const api = new alpha.WebSocketApi(stack, 'Api', { defaultRouteOptions: { integration: toFunction(stack) } });
      const domainName = new alpha.DomainName(stack, 'DomainName', { domainName: 'api.domain.com', certificate: certificate(stack) });
      deploy(api, { domainMapping: { domainName } });
    },
    here(stack) {
      build(stack, {
        routes: { $default: Route.toFunction(testFunction(stack)) },
        customDomain: CustomDomain.fromName('api.domain.com', { dns: Dns.external(), certificate: certificate(stack) }),
      });
    },
  },
  {
    name: 'a path of a domain that exists',
    differences: {},
    byHand(stack) {
      const api = new alpha.WebSocketApi(stack, 'Api', { defaultRouteOptions: { integration: toFunction(stack) } });
      deploy(api, { domainMapping: { domainName: alpha.DomainName.fromDomainNameAttributes(stack, 'DomainName', DOMAIN), mappingKey: 'v1' } });
    },
    here(stack) {
      build(stack, {
        routes: { $default: Route.toFunction(testFunction(stack)) },
        customDomain: CustomDomain.fromDomainName(apigatewayv2.DomainName.fromDomainNameAttributes(stack, 'DomainName', DOMAIN), { path: 'v1' }),
      });
    },
  },
  {
    name: 'options of the API',
    differences: {},
    byHand(stack) {
      const api = new alpha.WebSocketApi(stack, 'Api', {
        apiName: 'chat',
        description: 'Talk of the town',
        routeSelectionExpression: '$request.body.kind',
        defaultRouteOptions: { integration: toFunction(stack) },
      });
      deploy(api);
    },
    here(stack) {
      build(stack, {
        routes: { $default: Route.toFunction(testFunction(stack)) },
        api: ApiSource.fromProps({ apiName: 'chat', description: 'Talk of the town', routeSelectionExpression: '$request.body.kind' }),
      });
    },
  },
  {
    name: 'options of the stage',
    differences: {},
    byHand(stack) {
      const api = new alpha.WebSocketApi(stack, 'Api', { defaultRouteOptions: { integration: toFunction(stack) } });
      const stage = new alpha.WebSocketStage(stack, 'Stage', {
        webSocketApi: api, stageName: 'prod', autoDeploy: false, throttle: { rateLimit: 100, burstLimit: 200 },
      }).node.defaultChild as apigatewayv2.CfnStage;
      stage.description = 'What everybody sees';
      stage.stageVariables = { tenant: 'zoo' };
      stage.accessLogSettings = { destinationArn: LOG_GROUP, format: '$context.requestId' };
      Object.entries({ DetailedMetricsEnabled: true, LoggingLevel: 'INFO', DataTraceEnabled: true })
        .forEach(([name, value]) => stage.addPropertyOverride(`DefaultRouteSettings.${name}`, value));
    },
    here(stack) {
      build(stack, {
        routes: { $default: Route.toFunction(testFunction(stack)) },
        accessLog: AccessLog.format('$context.requestId', { destinationArn: LOG_GROUP }),
        stage: StageSource.fromOptions({
          stageName: 'prod',
          autoDeploy: false,
          description: 'What everybody sees',
          throttle: { rateLimit: 100, burstLimit: 200 },
          detailedMetrics: true,
          stageVariables: { tenant: 'zoo' },
          executionLog: ExecutionLog.full(),
        }),
      });
    },
  },
  {
    name: 'the throttle of a route',
    differences: {},
    byHand(stack) {
      const api = new alpha.WebSocketApi(stack, 'Api', { defaultRouteOptions: { integration: toFunction(stack) } });
      (deploy(api).node.defaultChild as apigatewayv2.CfnStage).routeSettings = { $default: { ThrottlingRateLimit: 5 } };
    },
    here(stack) {
      build(stack, { routes: { $default: Route.toFunction(testFunction(stack), { throttle: { rateLimit: 5 } }) } });
    },
  },
  {
    name: 'a mock integration',
    differences: {},
    byHand(stack) {
      const api = new alpha.WebSocketApi(stack, 'Api');
      api.addRoute('ping', { integration: new alphaIntegrations.WebSocketMockIntegration('Ping'), returnResponse: true });
      deploy(api);
    },
    here(stack) {
      build(stack, { routes: { ping: Route.toIntegration(new WebSocketMockIntegration('Ping'), { returnResponse: true }) } });
    },
  },
  {
    name: 'an integration of another service, and the name of an operation',
    differences: {},
    byHand(stack) {
      const webSocketApi = new alpha.WebSocketApi(stack, 'Api');
      const integration = new apigatewayv2.CfnIntegration(stack, 'Integration', {
        apiId: webSocketApi.apiId,
        integrationType: 'AWS',
        integrationUri: QUEUE_URI,
        integrationMethod: 'POST',
        credentialsArn: queueRole(stack).roleArn,
        requestTemplates: { $default: 'Action=SendMessage' },
        templateSelectionExpression: '\\$default',
        passthroughBehavior: 'NEVER',
      });
      new apigatewayv2.CfnRoute(stack, 'Route', {
        apiId: webSocketApi.apiId,
        routeKey: 'enqueue',
        authorizationType: 'NONE',
        operationName: 'Enqueue',
        target: `integrations/${integration.ref}`,
      });
      deploy(webSocketApi);
    },
    here(stack) {
      build(stack, {
        routes: {
          enqueue: Route.toIntegration(new WebSocketAwsIntegration('Enqueue', {
            integrationUri: QUEUE_URI,
            integrationMethod: apigatewayv2.HttpMethod.POST,
            credentialsRole: queueRole(stack),
            requestTemplates: { $default: 'Action=SendMessage' },
            templateSelectionExpression: '\\$default',
            passthroughBehavior: apigatewayv2.PassthroughBehavior.NEVER,
          }), { operationName: 'Enqueue' }),
        },
      });
    },
  },
];

describe('an API that is built by hand and with this construct has the same properties', () => {
  test.each(CASES)('for $name', ({ byHand, here, differences }) => {
    expect(differing(propertiesOf(byHand), propertiesOf(here))).toEqual(Object.keys(differences).sort());
  });
});

describe('the comparison', () => {
  test('sees a property that differs, one that is missing, and a resource that is missing', () => {
    const fn = (stack: Stack) => Route.toFunction(testFunction(stack));
    const one = propertiesOf((stack) => build(stack, { routes: { $connect: fn(stack) }, authorization: Authorization.iam() }));
    const other = propertiesOf((stack) => build(stack, { routes: { $connect: fn(stack), ping: Route.toIntegration(new WebSocketMockIntegration('Ping')) } }));

    expect(differing(one, other)).toEqual(['Integration of Route ping', 'Route $connect.AuthorizationType', 'Route ping']);
  });

  test('sees to what a reference refers', () => {
    const routes = (first: IFunction, second: IFunction) => ({ first: Route.toFunction(first), second: Route.toFunction(second) });
    const one = propertiesOf((stack) => build(stack, { routes: routes(testFunction(stack, 'A'), testFunction(stack, 'B')) }));
    const shared = propertiesOf((stack) => {
      const fn = testFunction(stack, 'A');
      build(stack, { routes: routes(fn, fn) });
    });

    expect(differing(one, shared)).toEqual([
      'Integration of Route first', 'Integration of Route first and Route second', 'Integration of Route second', 'Route first.Target', 'Route second.Target',
    ]);
  });
});

const DOMAIN = { name: 'api.domain.com', regionalDomainName: 'd-abcdefghij.execute-api.eu-west-1.amazonaws.com', regionalHostedZoneId: 'Z0123456789ABCDEFGHIJ' };
const LOG_GROUP = 'arn:aws:logs:eu-west-1:111111111111:log-group:/aws/vendedlogs/chat';
const QUEUE_URI = 'arn:aws:apigateway:eu-west-1:sqs:path/111111111111/inbox';

function certificate(stack: Stack): ICertificate {
  return Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:eu-west-1:111111111111:certificate/00000000-0000-0000-0000-000000000000');
}

function queueRole(stack: Stack): IRole {
  return Role.fromRoleArn(stack, 'QueueRole', 'arn:aws:iam::111111111111:role/inbox');
}

function toFunction(stack: Stack, id = 'Function'): alphaIntegrations.WebSocketLambdaIntegration {
  return new alphaIntegrations.WebSocketLambdaIntegration(id, testFunction(stack, id));
}

function deploy(webSocketApi: alpha.WebSocketApi, options: alpha.StageOptions = {}): alpha.WebSocketStage {
  return new alpha.WebSocketStage(Stack.of(webSocketApi), 'Stage', { webSocketApi, stageName: 'dev', autoDeploy: true, ...options });
}

/** An API with what is different by default switched off: the first case shows that. */
function build(stack: Stack, props: WebSocketApiProps): WebSocketApi {
  return new WebSocketApi(stack, 'Api', { api: ApiSource.fromProps({ apiName: 'Api' }), accessLog: AccessLog.disabled(), ...props });
}

interface Resource {
  readonly Type: string;
  readonly Properties: { readonly [name: string]: any };
}

/** The properties of resources, by a name that does not depend on how they were built. */
interface NamedProperties {
  readonly [name: string]: { readonly [property: string]: any };
}

/** Of what a WebSocket API consists of. */
const COMPARED = ['Api', 'ApiMapping', 'Authorizer', 'DomainName', 'Integration', 'Route', 'RouteResponse', 'Stage'].map((type) => `AWS::ApiGatewayV2::${type}`);

function propertiesOf(make: (stack: Stack) => void): NamedProperties {
  const stack = testStack();
  make(stack);
  const resources: { [id: string]: Resource } = Template.fromStack(stack).toJSON().Resources;
  const compared = Object.entries(resources).filter(([, { Type }]) => COMPARED.includes(Type));
  const named = Object.fromEntries(compared.map(([id, { Properties }]) => [nameOf(id, resources), withNames(Properties, resources)]));
  // Two resources of one name would hide each other.
  expect(Object.keys(named)).toHaveLength(compared.length);
  return named;
}

/** What a resource is in its API: its logical id says how it was built. */
function nameOf(id: string, resources: { [id: string]: Resource }): string {
  const { Type, Properties } = resources[id];
  const type = Type.split('::')[2];
  const users = (ofType: string, property: string) => Object.keys(resources)
    .filter((other) => resources[other].Type === `AWS::ApiGatewayV2::${ofType}` && JSON.stringify(resources[other].Properties[property] ?? '').includes(`"${id}"`))
    .map((other) => nameOf(other, resources)).sort().join(' and ');
  switch (type) {
    case 'Route': return `Route ${Properties.RouteKey}`;
    case 'RouteResponse': return `RouteResponse of ${nameOf(Properties.RouteId.Ref, resources)}`;
    case 'Integration': return `Integration of ${users('Route', 'Target')}`;
    case 'Function': return `Function of ${users('Integration', 'IntegrationUri') || users('Authorizer', 'AuthorizerUri')}`;
    default: return type;
  }
}

/** A value with the names of the resources that it refers to, and texts in one piece. */
function withNames(value: any, resources: { [id: string]: Resource }): any {
  if (Array.isArray(value)) { return value.map((item) => withNames(item, resources)); }
  if (typeof value !== 'object' || value === null) { return value; }
  const name = (id: string) => id in resources ? nameOf(id, resources) : id;
  if (value.Ref) { return `<${name(value.Ref)}>`; }
  if (value['Fn::GetAtt']) { return `<${name(value['Fn::GetAtt'][0])} ${value['Fn::GetAtt'][1]}>`; }
  if (value['Fn::Join']) { return value['Fn::Join'][1].map((part: any) => withNames(part, resources)).join(value['Fn::Join'][0]); }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withNames(item, resources)]));
}

/** The names of what differs: `Route $connect.Target`, or `Route $connect` where one side has no such resource. */
function differing(one: NamedProperties, other: NamedProperties): string[] {
  return unionOfKeys(one, other).flatMap((name) => {
    if (!(name in one && name in other)) { return [name]; }
    return unionOfKeys(one[name], other[name])
      .filter((property) => !isDeepStrictEqual(one[name][property], other[name][property]))
      .map((property) => `${name}.${property}`);
  }).sort();
}

function unionOfKeys(one: object, other: object): string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])];
}
