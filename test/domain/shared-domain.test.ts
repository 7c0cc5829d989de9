import { App, CfnParameter, Stack, Stage } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as apigatewayv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Construct } from 'constructs';
import { CustomDomain, Dns, Route, WebSocketApi } from '../../src';
import { testApp, testFunction } from '../test-stack';

const NAME = 'api.domain.com';

describe('a domain may be shared', () => {
  test('by WebSocket APIs with different paths', () => {
    const app = testApp();
    const stack = new Stack(app, 'Stack');
    const first = webSocketApi(stack, 'First', (scope) => fromName(scope, NAME, 'one'));
    webSocketApi(stack, 'Second', () => CustomDomain.fromDomainName(first.apiGatewayDomain!, { path: 'two' }));

    expect(() => app.synth()).not.toThrow();
  });

  test('by nobody else with APIs on other domains', () => {
    const app = testApp();
    const stack = new Stack(app, 'Stack');
    webSocketApi(stack, 'Api', (scope) => fromName(scope, NAME));
    httpApi(stack, newDomain(stack, 'other.domain.com'));
    restApi(stack, 'rest.domain.com');

    expect(() => app.synth()).not.toThrow();
  });

  test('by name in several regions, as for latency-based routing', () => {
    const app = testApp();
    ['eu-west-1', 'us-east-1'].forEach((region) => {
      webSocketApi(new Stack(app, region, { env: { region, account: '111111111111' } }), 'Api', (scope) => fromName(scope, NAME));
    });

    expect(() => app.synth()).not.toThrow();
  });

  test('by name in the stages of a pipeline, whose accounts are not known', () => {
    const app = testApp();
    ['beta', 'prod'].forEach((stage) => webSocketApi(new Stack(new Stage(app, stage), 'Stack'), 'Api', (scope) => fromName(scope, NAME)));

    expect(() => app.synth()).not.toThrow();
  });

  test('by name in the stages of a pipeline, of which only the Region is known', () => {
    const app = testApp();
    ['beta', 'prod'].forEach((id) => webSocketApi(new Stack(new Stage(app, id, { env: { region: 'eu-west-1' } }), 'Stack'), 'Api', (scope) => fromName(scope, NAME)));

    expect(() => app.synth()).not.toThrow();
  });

  test('with an API of unknown kind, where the app has imported others', () => {
    const app = testApp();
    const stack = new Stack(app, 'Stack');
    apigatewayv2.HttpApi.fromHttpApiAttributes(stack, 'Http', { httpApiId: 'http' });
    apigateway.RestApi.fromRestApiId(stack, 'Rest', 'rest');
    const { apiGatewayDomain } = webSocketApi(stack, 'Api', (scope) => fromName(scope, NAME, 'one'));
    new apigatewayv2.CfnApiMapping(stack, 'Unknown', { apiId: 'abcdef', stage: 'dev', domainName: apiGatewayDomain!.name, apiMappingKey: 'two' });

    expect(() => app.synth()).not.toThrow();
  });

  test('with an API of unknown kind, which cannot be told from its id', () => {
    const app = testApp();
    const stack = new Stack(app, 'Stack');
    const { apiGatewayDomain } = webSocketApi(stack, 'Api', (scope) => fromName(scope, NAME, 'one'));
    new apigatewayv2.CfnApiMapping(stack, 'Unknown', { apiId: 'abcdef', stage: 'dev', domainName: apiGatewayDomain!.name, apiMappingKey: 'two' });

    expect(() => app.synth()).not.toThrow();
  });
});

describe('a domain is refused at synth', () => {
  const HTTP = /\[[\w/]+\/Api\] domain `"api\.domain\.com"` is used by an HTTP API, in `[\w/.-]+`: API Gateway takes no WebSocket API on the domain of a REST or HTTP API; give this one a domain of its own/;
  const REST = /domain `"api\.domain\.com"` is used by a REST API, in `[\w/.-]+`: API Gateway takes no WebSocket API/;
  const TWICE = /domain `"api\.domain\.com"` is created twice, in `Stack\/Api\/DomainName\/Resource` and in `[\w/]+`: create it once, and give it to the other API with `CustomDomain\.fromDomainName\(api\.apiGatewayDomain!, \{ path \}\)`/;

  test.each<[string, RegExp, (app: App) => void]>([
    ['an HTTP API that is made after, in the same stack', HTTP, (app) => {
      const stack = new Stack(app, 'Stack');
      const { apiGatewayDomain } = webSocketApi(stack, 'Api', (scope) => fromName(scope, NAME));
      httpApi(stack, apiGatewayDomain!);
    }],
    ['an HTTP API that is made before, in the same stack', HTTP, (app) => {
      const stack = new Stack(app, 'Stack');
      const domain = newDomain(stack, NAME);
      httpApi(stack, domain);
      webSocketApi(stack, 'Api', () => CustomDomain.fromDomainName(domain, { path: 'v1' }));
    }],
    ['an HTTP API in another stack', HTTP, (app) => {
      const { apiGatewayDomain } = webSocketApi(new Stack(app, 'Stack'), 'Api', (scope) => fromName(scope, NAME));
      httpApi(new Stack(app, 'Other'), apiGatewayDomain!);
    }],
    ['an HTTP API in another stack that imports the domain by its name', HTTP, (app) => {
      webSocketApi(new Stack(app, 'Stack'), 'Api', (scope) => fromName(scope, NAME));
      const other = new Stack(app, 'Other');
      httpApi(other, apigatewayv2.DomainName.fromDomainNameAttributes(other, 'Domain', { name: NAME, regionalDomainName: 'd', regionalHostedZoneId: 'Z' }));
    }],
    ['an HTTP API in a cdk.Stage', HTTP, (app) => {
      const stage = new Stage(app, 'prod');
      const stack = new Stack(stage, 'Stack');
      const { apiGatewayDomain } = webSocketApi(stack, 'Api', (scope) => fromName(scope, NAME));
      httpApi(stack, apiGatewayDomain!);
    }],
    ['a REST API that is made after', REST, (app) => {
      const stack = new Stack(app, 'Stack');
      webSocketApi(stack, 'Api', (scope) => fromName(scope, NAME));
      restApi(stack, NAME);
    }],
    ['a REST API that is made before, in another stack', REST, (app) => {
      restApi(new Stack(app, 'Other'), NAME);
      webSocketApi(new Stack(app, 'Stack'), 'Api', (scope) => fromName(scope, NAME));
    }],
    ['a REST API that an `ApiMapping` maps', REST, (app) => {
      const stack = new Stack(app, 'Stack');
      const { apiGatewayDomain } = webSocketApi(stack, 'Api', (scope) => fromName(scope, NAME));
      const api = new apigateway.RestApi(stack, 'RestApi');
      api.root.addMethod('GET');
      new apigatewayv2.CfnApiMapping(stack, 'Mapping', { apiId: api.restApiId, stage: 'prod', domainName: apiGatewayDomain!.name, apiMappingKey: 'rest' });
    }],
    ['a REST API of another stack that an `ApiMapping` maps', REST, (app) => {
      const { apiGatewayDomain } = webSocketApi(new Stack(app, 'Stack'), 'Api', (scope) => fromName(scope, NAME));
      const api = new apigateway.CfnRestApi(new Stack(app, 'Rest'), 'RestApi', { name: 'rest' });
      new apigatewayv2.CfnApiMapping(new Stack(app, 'Other'), 'Mapping', { apiId: api.ref, stage: 'prod', domainName: apiGatewayDomain!.name, apiMappingKey: 'rest' });
    }],
    ['an imported REST API that an `ApiMapping` maps', REST, (app) => {
      const stack = new Stack(app, 'Stack');
      const { apiGatewayDomain } = webSocketApi(stack, 'Api', (scope) => fromName(scope, NAME));
      const { restApiId } = apigateway.RestApi.fromRestApiId(stack, 'Imported', 'abcdef');
      new apigatewayv2.CfnApiMapping(stack, 'Mapping', { apiId: restApiId, stage: 'prod', domainName: apiGatewayDomain!.name, apiMappingKey: 'rest' });
    }],
    ['a REST API that a `BasePathMapping` maps', REST, (app) => {
      const stack = new Stack(app, 'Stack');
      webSocketApi(stack, 'Api', (scope) => fromName(scope, NAME));
      new apigateway.CfnBasePathMapping(stack, 'Mapping', { domainName: NAME, restApiId: 'abcdef', basePath: 'rest' });
    }],
    ['an imported HTTP API', HTTP, (app) => {
      const stack = new Stack(app, 'Stack');
      const { apiGatewayDomain } = webSocketApi(stack, 'Api', (scope) => fromName(scope, NAME));
      const api = apigatewayv2.HttpApi.fromHttpApiAttributes(stack, 'Imported', { httpApiId: 'abcdef' });
      const stage = apigatewayv2.HttpStage.fromHttpStageAttributes(stack, 'ImportedStage', { api, stageName: 'prod' });
      new apigatewayv2.ApiMapping(stack, 'Mapping', { api, stage, domainName: apiGatewayDomain!, apiMappingKey: 'http' });
    }],
    ['the same name for a second API, in the same stack', TWICE, (app) => {
      const stack = new Stack(app, 'Stack');
      webSocketApi(stack, 'Api', (scope) => fromName(scope, NAME, 'one'));
      webSocketApi(stack, 'Second', (scope) => fromName(scope, NAME, 'two', 'SecondCertificate'));
    }],
    ['the same name for a second API, in another stack', TWICE, (app) => {
      webSocketApi(new Stack(app, 'Stack'), 'Api', (scope) => fromName(scope, NAME, 'one'));
      webSocketApi(new Stack(app, 'Other'), 'Second', (scope) => fromName(scope, NAME, 'two'));
    }],
    ['the same name in another stage of a pipeline, in the same account and Region', /domain `"api\.domain\.com"` is created twice/, (app) => {
      ['beta', 'prod'].forEach((id) => {
        const stack = new Stack(new Stage(app, id, { env: { account: '111111111111', region: 'eu-west-1' } }), 'Stack');
        webSocketApi(stack, 'Api', (scope) => fromName(scope, NAME));
      });
    }],
    ['an HTTP API on a domain whose name only CloudFormation knows', /domain `Stack\/NewDomain\/Resource` is used by an HTTP API/, (app) => {
      const stack = new Stack(app, 'Stack');
      const domain = newDomain(stack, new CfnParameter(stack, 'Name').valueAsString);
      webSocketApi(stack, 'Api', () => CustomDomain.fromDomainName(domain, { path: 'v1' }));
      httpApi(stack, domain);
    }],
    ['a domain of the same name that the app creates', TWICE, (app) => {
      const stack = new Stack(app, 'Stack');
      webSocketApi(stack, 'Api', (scope) => fromName(scope, NAME));
      newDomain(stack, NAME);
    }],
    ['another WebSocket API with the same path', /domain `"api\.domain\.com"` has path `"v1"` mapped twice, here and in `[\w/]+`: give each API a `path` of its own/, (app) => {
      const stack = new Stack(app, 'Stack');
      const { apiGatewayDomain } = webSocketApi(stack, 'Api', (scope) => fromName(scope, NAME, 'v1'));
      webSocketApi(stack, 'Second', () => CustomDomain.fromDomainName(apiGatewayDomain!, { path: 'v1' }));
    }],
    ['another WebSocket API at the root too', /domain `"api\.domain\.com"` has its root mapped twice/, (app) => {
      const stack = new Stack(app, 'Stack');
      const { apiGatewayDomain } = webSocketApi(stack, 'Api', (scope) => fromName(scope, NAME));
      webSocketApi(stack, 'Second', () => CustomDomain.fromDomainName(apiGatewayDomain!));
    }],
  ])('with %s', (_, message, build) => {
    const app = testApp();
    build(app);

    expect(() => app.synth()).toThrow(message);
  });

  test('together with everything else that is wrong', () => {
    const app = testApp();
    const stack = new Stack(app, 'Stack');
    const api = new WebSocketApi(stack, 'Api', { customDomain: fromName(stack, NAME) });
    httpApi(stack, api.apiGatewayDomain!);

    expect(() => app.synth()).toThrow(/there are no routes[^]*is used by an HTTP API/);
  });
});

function webSocketApi(scope: Construct, id: string, customDomain: (scope: Construct) => CustomDomain) {
  return new WebSocketApi(scope, id, { routes: { a: Route.toFunction(testFunction(scope, `${id}Function`)) }, customDomain: customDomain(scope) });
}

function fromName(scope: Construct, name: string, path?: string, id = 'Certificate') {
  return CustomDomain.fromName(name, { dns: Dns.external(), certificate: certificate(scope, id), path });
}

function newDomain(scope: Construct, name: string) {
  return new apigatewayv2.DomainName(scope, 'NewDomain', { domainName: name, certificate: certificate(scope, 'NewCertificate') });
}

function httpApi(scope: Construct, domainName: apigatewayv2.IDomainName) {
  return new apigatewayv2.HttpApi(scope, 'HttpApi', { defaultDomainMapping: { domainName, mappingKey: 'http' } });
}

function restApi(scope: Construct, domainName: string) {
  const api = new apigateway.RestApi(scope, 'RestApi', { domainName: { domainName, certificate: certificate(scope, 'RestCertificate') } });
  api.root.addMethod('GET');
}

function certificate(scope: Construct, id: string) {
  return Certificate.fromCertificateArn(scope, id, `arn:aws:acm:${Stack.of(scope).region}:111111111111:certificate/given`);
}
