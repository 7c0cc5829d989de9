import { App, Lazy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { DomainName, IpAddressType } from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { CustomDomain, Dns, Route, WebSocketApi } from '../../src';
import { only, testFunction, testStack, testStackWithEnv } from '../test-stack';

describe('CustomDomain.fromName', () => {
  test('makes a certificate, a regional TLS 1.2 domain, an alias record and a mapping', () => {
    const { template, api } = apiWith(CustomDomain.fromName('api.domain.com'));

    template.hasResourceProperties('AWS::CertificateManager::Certificate', { DomainName: 'api.domain.com', ValidationMethod: 'DNS' });
    template.hasResourceProperties('AWS::ApiGatewayV2::DomainName', {
      DomainName: 'api.domain.com',
      DomainNameConfigurations: [{ EndpointType: 'REGIONAL', SecurityPolicy: 'TLS_1_2' }],
    });
    template.hasResourceProperties('AWS::Route53::RecordSet', { Name: 'api.domain.com.', Type: 'A' });
    expect(only(template, 'AWS::ApiGatewayV2::ApiMapping').Properties).not.toHaveProperty('ApiMappingKey');
    expect(api.customDomainUrl).toBe('wss://api.domain.com');
    expect(api.apiGatewayDomain!.name).toBeDefined();
    expect(api.acmCertificate).toBeDefined();
  });

  test('maps a path, and its URL ends with a slash, without which API Gateway answers "Not Found"', () => {
    const { template, api } = apiWith(CustomDomain.fromName('api.domain.com', { path: 'v1/chat' }));

    expect(only(template, 'AWS::ApiGatewayV2::ApiMapping').Properties.ApiMappingKey).toBe('v1/chat');
    expect(api.customDomainUrl).toBe('wss://api.domain.com/v1/chat/');
  });

  test('maps the stage after it is there', () => {
    const { template } = apiWith(CustomDomain.fromName('api.domain.com'));
    const [stage] = Object.keys(template.findResources('AWS::ApiGatewayV2::Stage'));

    expect(only(template, 'AWS::ApiGatewayV2::ApiMapping').DependsOn).toContain(stage);
  });

  test.each([
    ['api.domain.com', 'domain.com'],
    ['ws.api.domain.com', 'api.domain.com'],
    ['domain.com', 'domain.com'],
    ['*.domain.com', 'domain.com'],
  ])('looks for the zone of %s under the name %s', (name, zone) => {
    const stack = testStackWithEnv();
    apiIn(stack, CustomDomain.fromName(name));

    expect((stack.node.root as App).synth().manifest.missing).toMatchObject([{ provider: 'hosted-zone', props: { domainName: zone } }]);
  });

  test('takes a wildcard, and leaves it in the URL for the caller to replace', () => {
    const { template, api } = apiWith(CustomDomain.fromName('*.domain.com'));

    template.hasResourceProperties('AWS::Route53::RecordSet', { Name: '*.domain.com.' });
    expect(api.customDomainUrl).toBe('wss://*.domain.com');
  });

  test('makes an AAAA record beside the A record where the domain is dual-stack', () => {
    const { template } = apiWith(CustomDomain.fromName('api.domain.com', { ipAddressType: IpAddressType.DUAL_STACK }));

    expect(Object.values(template.findResources('AWS::Route53::RecordSet')).map(({ Properties }) => Properties.Type)).toEqual(['A', 'AAAA']);
    template.hasResourceProperties('AWS::ApiGatewayV2::DomainName', { DomainNameConfigurations: [{ IpAddressType: 'dualstack' }] });
  });

  test('takes a certificate and then makes none', () => {
    const stack = testStackWithEnv();
    const certificate = Certificate.fromCertificateArn(stack, 'Given', 'arn:aws:acm:eu-west-1:111111111111:certificate/given');
    const { template, api } = apiIn(stack, CustomDomain.fromName('api.domain.com', { certificate }));

    template.resourceCountIs('AWS::CertificateManager::Certificate', 0);
    template.hasResourceProperties('AWS::ApiGatewayV2::DomainName', { DomainNameConfigurations: [{ CertificateArn: certificate.certificateArn }] });
    expect(api.acmCertificate).toBe(certificate);
  });

  test('takes a name that is a token, with the zone', () => {
    const stack = testStack();
    const zone = HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z1', zoneName: 'domain.com' });
    const name = Lazy.string({ produce: () => 'api.domain.com' });
    const { template } = apiIn(stack, CustomDomain.fromName(name, { dns: Dns.fromHostedZone(zone) }));

    template.hasResourceProperties('AWS::Route53::RecordSet', { Name: 'api.domain.com.', HostedZoneId: 'Z1' });
  });

  test.each([
    ['Api.domain.com', 'domain name `"Api.domain.com"` has upper case letters: write `"api.domain.com"`'],
    ['api.domain.com.', 'domain name `"api.domain.com."` ends with a dot: write `"api.domain.com"`'],
    ['localhost', 'domain name `"localhost"` has only one label: write the whole name, such as `"localhost.domain.com"`'],
    ['', 'domain name `""` has only one label'],
    ['api..domain.com', 'domain name `"api..domain.com"` has an empty label: write one dot between labels, and none around the name'],
    ['.domain.com', 'domain name `".domain.com"` has an empty label'],
    ['api.*.domain.com', 'domain name `"api.*.domain.com"` has a wildcard where there cannot be one: `*` is the whole first label or none, such as `"*.domain.com"`'],
    ['a*.domain.com', 'has a wildcard where there cannot be one'],
    ['*.com', 'has a wildcard where there cannot be one'],
    ['wss://api.domain.com', 'domain name `"wss://api.domain.com"` is no domain name because of `"wss://api"`: a label is 1 to 63 letters, digits and inner hyphens'],
    ['-a.domain.com', 'is no domain name because of `"-a"`'],
    [`${'a.'.repeat(126)}domain.com`, 'it has more than 255 characters'],
  ])('refuses the name %j', (name, message) => {
    expect(() => CustomDomain.fromName(name)).toThrow(message);
  });

  test.each([
    ['/v1', '`path` `"/v1"` has a slash around it: write `"v1"`'],
    ['v1/', '`path` `"v1/"` has a slash around it: write `"v1"`'],
    ['', '`path` `""` is empty: leave it out for the root of the domain'],
    ['/', '`path` `"/"` is empty'],
    ['a//b', '`path` `"a//b"` is refused by API Gateway: it takes at most 300 letters, digits and `$-_.+!*\'()`, in levels with one `/` between them'],
    ['v 1', '`path` `"v 1"` is refused'],
    ['v1?', '`path` `"v1?"` is refused'],
    ['x'.repeat(301), 'is refused by API Gateway: it takes at most 300'],
  ])('refuses the path %j', (path, message) => {
    expect(() => CustomDomain.fromName('api.domain.com', { path })).toThrow(message);
  });

  test('refuses a name that is a token without a zone', () => {
    expect(() => CustomDomain.fromName(Lazy.string({ produce: () => 'api.domain.com' })))
      .toThrow('`dns` is needed beside a domain name that is a token, because its zone cannot be told from it: write `dns: Dns.fromHostedZone(zone)` or `dns: Dns.external()`');
  });

  test('leaves nothing in the tree when the zone cannot be looked up', () => {
    const stack = testStack();

    expect(() => new WebSocketApi(stack, 'Api', { customDomain: CustomDomain.fromName('api.domain.com') })).toThrow('cannot be looked up');
    expect(stack.node.children).toEqual([]);
  });
});

describe('CustomDomain.fromDomainName', () => {
  const imported = (stack: Stack) => DomainName.fromDomainNameAttributes(stack, 'Domain', { name: 'api.domain.com', regionalDomainName: 'd-1.aws', regionalHostedZoneId: 'Z1' });

  test('makes a mapping and nothing else', () => {
    const stack = testStack();
    const domain = imported(stack);
    const { template, api } = apiIn(stack, CustomDomain.fromDomainName(domain, { path: 'v1' }));

    template.hasResourceProperties('AWS::ApiGatewayV2::ApiMapping', { ApiMappingKey: 'v1', DomainName: 'api.domain.com' });
    ['AWS::ApiGatewayV2::DomainName', 'AWS::CertificateManager::Certificate', 'AWS::Route53::RecordSet'].forEach((type) => template.resourceCountIs(type, 0));
    expect(api.customDomainUrl).toBe('wss://api.domain.com/v1/');
    expect(api.apiGatewayDomain).toBe(domain);
    expect(api.acmCertificate).toBeUndefined();
  });

  test('refuses what only a new domain can have, which other languages could not write', () => {
    const stack = testStack();
    const certificate = Certificate.fromCertificateArn(stack, 'Given', 'arn:aws:acm:eu-west-1:111111111111:certificate/given');

    expect(() => CustomDomain.fromDomainName(imported(stack), { certificate, dns: Dns.external() } as any))
      .toThrow('`dns`, `certificate` cannot be given with a domain that exists: it has its own');
  });

  test('refuses a bad path', () => {
    expect(() => CustomDomain.fromDomainName(imported(testStack()), { path: '/v1' })).toThrow('`path` `"/v1"` has a slash around it');
  });
});

function apiWith(customDomain: CustomDomain) {
  return apiIn(testStackWithEnv(), customDomain);
}

function apiIn(stack: Stack, customDomain: CustomDomain) {
  const api = new WebSocketApi(stack, 'Api', { routes: { a: Route.toFunction(testFunction(stack)) }, customDomain });
  return { api, get template() { return Template.fromStack(stack); } };
}
