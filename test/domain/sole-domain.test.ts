import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { DomainName, WebSocketApi as CdkWebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { ApiSource, CustomDomain, Dns, Route, WebSocketApi } from '../../src';
import { ECHO, only, testApp, testStack, testStackWithEnv, warnings } from '../test-stack';

const zone = (stack: Stack) => Dns.fromHostedZone(HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z0123456789', zoneName: 'domain.com' }));
const certificate = (stack: Stack) => Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:eu-west-1:111111111111:certificate/0');
const routes = { $default: Route.toHandler(ECHO) };

describe('an API whose own address is closed', () => {
  test.each([
    ['without a path', undefined, 'wss://api.domain.com', 'https://api.domain.com'],
    ['with a path', 'chat/v1', 'wss://api.domain.com/chat/v1/', 'https://api.domain.com/chat/v1'],
  ])('is at its domain alone, for clients and for functions, %s', (_, path, url, callbackUrl) => {
    const stack = testStackWithEnv();
    const api = new WebSocketApi(stack, 'Api', { routes, customDomain: CustomDomain.fromName('api.domain.com', { dns: zone(stack), path }), disableExecuteApiEndpoint: true });
    const template = Template.fromStack(stack);

    expect([api.url, api.callbackUrl, api.customDomainUrl]).toEqual([url, callbackUrl, url]);
    expect(only(template, 'AWS::ApiGatewayV2::Api').Properties.DisableExecuteApiEndpoint).toBe(true);
    template.hasResourceProperties('AWS::Lambda::Function', { Environment: { Variables: { WEBSOCKET_CALLBACK_URL: callbackUrl } } });
    expect(JSON.stringify(template.toJSON().Resources)).not.toContain('.execute-api.');
  });

  test('may share a domain that exists', () => {
    const stack = testStackWithEnv();
    const domain = DomainName.fromDomainNameAttributes(stack, 'Domain', { name: 'api.domain.com', regionalDomainName: 'd', regionalHostedZoneId: 'Z' });
    const api = new WebSocketApi(stack, 'Api', { routes, customDomain: CustomDomain.fromDomainName(domain, { path: 'v1' }), disableExecuteApiEndpoint: true });

    expect(api.callbackUrl).toBe('https://api.domain.com/v1');
  });

  test('is warned of if the app makes no records for its domain', () => {
    const app = testApp();
    const stack = testStackWithEnv(app);
    new WebSocketApi(stack, 'Api', {
      routes, customDomain: CustomDomain.fromName('api.domain.com', { dns: Dns.external(), certificate: certificate(stack) }), disableExecuteApiEndpoint: true,
    });

    expect(warnings(app)).toEqual([expect.stringContaining('`disableExecuteApiEndpoint` of `Stack/Api` leaves `"api.domain.com"` alone, and this app makes no DNS record for it')]);
    expect(warnings(app)[0]).toMatch(/ \[ack: cdk-websocket-api:externalDomainAlone\]$/);
  });

  test('is not warned of if the app makes them', () => {
    const app = testApp();
    const stack = testStackWithEnv(app);
    new WebSocketApi(stack, 'Api', { routes, customDomain: CustomDomain.fromName('api.domain.com', { dns: zone(stack) }), disableExecuteApiEndpoint: true });

    expect(warnings(app)).toEqual([]);
  });
});

describe('refused is to close the address of an API', () => {
  test.each<[string, (stack: Stack) => object, string]>([
    ['without a domain', () => ({}), '`disableExecuteApiEndpoint` of `Stack/Api` leaves no address: give the API one with `customDomain`'],
    ['with a wildcard domain', (stack) => ({ customDomain: CustomDomain.fromName('*.domain.com', { dns: zone(stack) }) }), 'leaves `"*.domain.com"` alone, and functions could not know which name under it to post to'],
    [
      'that exists', (stack) => ({ api: ApiSource.fromApi(CdkWebSocketApi.fromWebSocketApiAttributes(stack, 'Imported', { webSocketId: 'abcdefghij' })) }),
      '`disableExecuteApiEndpoint` of `Stack/Api` cannot be set together with an API that exists: set it where the API is created',
    ],
    ['that exists in the app', (stack) => ({ api: ApiSource.fromApi(new CdkWebSocketApi(stack, 'Mine')) }), 'cannot be set together with an API that exists'],
  ])('%s', (_, props, message) => {
    const stack = testStackWithEnv();

    expect(() => new WebSocketApi(stack, 'Api', { routes, disableExecuteApiEndpoint: true, ...props(stack) })).toThrow(message);
    expect(stack.node.tryFindChild('Api')).toBeUndefined();
  });
});

test('an API whose address is open leaves the property out', () => {
  const stack = testStack();
  new WebSocketApi(stack, 'Api', { routes, disableExecuteApiEndpoint: false });

  expect(only(Template.fromStack(stack), 'AWS::ApiGatewayV2::Api').Properties).not.toHaveProperty('DisableExecuteApiEndpoint');
});
