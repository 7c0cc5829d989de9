import { Lazy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { PublicHostedZone } from 'aws-cdk-lib/aws-route53';
import { CustomDomain, Dns, Route, WebSocketApi } from '../../src';
import { testFunction, testStack, testStackWithEnv } from '../test-stack';

describe('Dns.fromZoneName', () => {
  test('looks the zone up', () => {
    const stack = testStackWithEnv();
    new WebSocketApi(stack, 'Api', {
      routes: { a: Route.toFunction(testFunction(stack)) },
      customDomain: CustomDomain.fromName('a.b.domain.com', { dns: Dns.fromZoneName('domain.com') }),
    });

    Template.fromStack(stack).hasResourceProperties('AWS::Route53::RecordSet', { Name: 'a.b.domain.com.', HostedZoneId: 'DUMMY' });
  });

  test('is refused in a stack whose account and region are not fixed', () => {
    expect(() => Dns.fromZoneName('domain.com')._bind(testStack())).toThrow(
      'hosted zone `"domain.com"` cannot be looked up, because stack `Stack` has no fixed account and region: '
      + 'give the stack an `env`, or give the zone itself, with `dns: Dns.fromHostedZone(zone)`');
  });

  test.each([['account', { account: '111111111111' }], ['region', { region: 'eu-west-1' }]])('is refused in a stack of which only the %s is fixed', (_, env) => {
    expect(() => Dns.fromZoneName('domain.com')._bind(testStack({ env }))).toThrow('has no fixed account and region');
  });

  test('is refused for a token', () => {
    expect(() => Dns.fromZoneName(Lazy.string({ produce: () => 'domain.com' }))._bind(testStackWithEnv()))
      .toThrow('the name of a hosted zone to look up cannot be a token: give the zone itself, with `Dns.fromHostedZone(zone)`');
  });
});

test('Dns.fromHostedZone writes to a zone that the same app creates', () => {
  const stack = testStack();
  const zone = new PublicHostedZone(stack, 'Zone', { zoneName: 'domain.com' });
  new WebSocketApi(stack, 'Api', {
    routes: { a: Route.toFunction(testFunction(stack)) },
    customDomain: CustomDomain.fromName('api.domain.com', { dns: Dns.fromHostedZone(zone) }),
  });

  Template.fromStack(stack).hasResourceProperties('AWS::Route53::RecordSet', { HostedZoneId: stack.resolve(zone.hostedZoneId) });
});

describe('Dns.external', () => {
  test('looks up no zone and makes no record', () => {
    const stack = testStack();
    const certificate = Certificate.fromCertificateArn(stack, 'Given', 'arn:aws:acm:eu-west-1:111111111111:certificate/given');
    const api = new WebSocketApi(stack, 'Api', {
      routes: { a: Route.toFunction(testFunction(stack)) },
      customDomain: CustomDomain.fromName('api.domain.com', { dns: Dns.external(), certificate }),
    });

    Template.fromStack(stack).resourceCountIs('AWS::Route53::RecordSet', 0);
    expect(stack.resolve(api.apiGatewayDomain!.regionalDomainName)).toEqual({ 'Fn::GetAtt': [expect.any(String), 'RegionalDomainName'] });
  });

  test('is refused without a certificate', () => {
    expect(() => CustomDomain.fromName('api.domain.com', { dns: Dns.external() }))
      .toThrow('domain `"api.domain.com"` needs a `certificate`: with `Dns.external()` there is no zone to validate one in');
  });
});

test.each<[string, (stack: Stack) => unknown, string]>([
  ['a name', () => 'domain.com', 'write `Dns.fromZoneName("domain.com")`'],
  ['a zone', (stack) => new PublicHostedZone(stack, 'Zone', { zoneName: 'domain.com' }), 'write `Dns.fromHostedZone(zone)`'],
])('what is no Dns but %s is refused with the factory that takes it', (_, value, message) => {
  expect(() => CustomDomain.fromName('api.domain.com', { dns: value(testStack()) as Dns })).toThrow(message);
});
