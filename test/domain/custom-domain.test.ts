import { App, Environment, Lazy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { DomainName, IpAddressType } from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { IVpc, Vpc } from 'aws-cdk-lib/aws-ec2';
import { HostedZone, IHostedZone, PrivateHostedZone } from 'aws-cdk-lib/aws-route53';
import { CustomDomain, Dns, Route, WebSocketApi } from '../../src';
import { only, testFunction, testStack, testStackWithEnv, warnings } from '../test-stack';

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
    template.resourceCountIs('AWS::Route53::RecordSet', 1);
  });

  test('warns of nothing where nothing is doubtful', () => {
    const stack = testStackWithEnv();
    apiIn(stack, CustomDomain.fromName('api.domain.com'));

    expect(warnings(stack.node.root as App)).toEqual([]);
  });

  test('takes the name of the zone itself', () => {
    expect(() => CustomDomain.fromName('domain.com', { dns: Dns.fromZoneName('domain.com') })).not.toThrow();
  });

  test('takes the longest names and paths that there may be', () => {
    expect(() => CustomDomain.fromName(`${'a.'.repeat(126)}com`, { path: 'x'.repeat(300) })).not.toThrow();
  });

  test('refuses an option that there is not', () => {
    expect(() => CustomDomain.fromName('api.domain.com', { paths: 'v1' } as any)).toThrow('`CustomDomain.fromName()` has no option `paths`');
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
    ['domain.co.uk', 'domain.co.uk'],
    ['*.domain.co.uk', 'domain.co.uk'],
    ['api.domain.co.uk', 'domain.co.uk'],
    ['domain.com.au', 'domain.com.au'],
    ['api.co.domain', 'co.domain'],
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
    ['wss://api.domain.com', 'domain name `"wss://api.domain.com"` is not a domain name because of `"wss://api"`: a label is 1 to 63 letters, digits and inner hyphens'],
    ['-a.domain.com', 'is not a domain name because of `"-a"`'],
    [`${'a.'.repeat(126)}domain.com`, 'it has more than 255 characters'],
  ])('refuses the name %j', (name, message) => {
    expect(() => CustomDomain.fromName(name)).toThrow(message);
  });

  test.each([
    ['/v1', '`path` `"/v1"` has a slash around it: write `"v1"`'],
    ['v1/', '`path` `"v1/"` has a slash around it: write `"v1"`'],
    ['//v1//', '`path` `"//v1//"` has a slash around it: write `"v1"`'],
    ['', '`path` `""` is empty: leave it out for the root of the domain'],
    ['/', '`path` `"/"` is empty'],
    ['a//b', '`path` `"a//b"` is refused by API Gateway: it takes at most 300 letters, digits and `$-_.+!*\'()`, in levels with one `/` between them'],
    ['v 1', '`path` `"v 1"` is refused'],
    ['v1?', '`path` `"v1?"` is refused'],
    ['x'.repeat(301), 'is refused by API Gateway: it takes at most 300'],
  ])('refuses the path %j', (path, message) => {
    expect(() => CustomDomain.fromName('api.domain.com', { path })).toThrow(message);
  });

  test.each(['co.uk', '*.co.uk'])('refuses the public suffix %s, which is everybody\'s', (name) => {
    expect(() => CustomDomain.fromName(name)).toThrow(
      `domain name \`"${name}"\` stands for everybody's names below \`"co.uk"\`, a public suffix: write a name of your own, such as \`"domain.co.uk"\``);
  });

  test('warns if the default zone looks like a public suffix, unless the zone is given', () => {
    const stack = testStackWithEnv();
    apiIn(stack, CustomDomain.fromName('domain.co.zz'));
    new WebSocketApi(stack, 'Given', {
      routes: { a: Route.toFunction(testFunction(stack, 'GivenFunction')) },
      customDomain: CustomDomain.fromName('given.co.zz', { dns: Dns.fromZoneName('co.zz') }),
    });

    expect(warnings(stack.node.root as App)).toEqual([expect.stringContaining(
      'the records of domain `"domain.co.zz"` go to the zone `"co.zz"`, which looks like a public suffix, under which others have names too: ' +
      'give the zone, with `dns: Dns.fromZoneName("domain.co.zz")` or `dns: Dns.fromZoneName("co.zz")` [ack: cdk-websocket-api:publicSuffix]')]);
  });

  test.each<[string, (stack: Stack) => Dns]>([
    ['looked up', () => Dns.fromZoneName('other.com')],
    ['created', (stack) => Dns.fromHostedZone(new HostedZone(stack, 'Zone', { zoneName: 'other.com' }))],
    ['imported', (stack) => Dns.fromHostedZone(HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z1', zoneName: 'other.com.' }))],
  ])('refuses a name that is not in the zone that is %s', (_, dns) => {
    expect(() => CustomDomain.fromName('api.domain.com', { dns: dns(testStackWithEnv()) }))
      .toThrow('domain `"api.domain.com"` is not in the zone of its `dns`, `"other.com"`: give the zone `"domain.com"`, or one that the name ends with');
  });

  test('refuses a name that only ends as the zone does', () => {
    expect(() => CustomDomain.fromName('my-domain.com', { dns: Dns.fromZoneName('domain.com') })).toThrow('is not in the zone of its `dns`');
  });

  test('takes a name in a zone whose name only CloudFormation knows, or nobody has said', () => {
    const stack = testStack();
    const byId = HostedZone.fromHostedZoneId(stack, 'ById', 'Z1');
    const byToken = HostedZone.fromHostedZoneAttributes(stack, 'ByToken', { hostedZoneId: 'Z1', zoneName: Lazy.string({ produce: () => 'other.com' }) });

    [byId, byToken].forEach((zone) => expect(() => CustomDomain.fromName('api.domain.com', { dns: Dns.fromHostedZone(zone) })).not.toThrow());
  });

  test.each<[string, (stack: Stack, vpc: IVpc) => IHostedZone]>([
    ['PrivateHostedZone', (stack, vpc) => new PrivateHostedZone(stack, 'Zone', { zoneName: 'domain.com', vpc })],
    ['HostedZone with a VPC', (stack, vpc) => new HostedZone(stack, 'Zone', { zoneName: 'domain.com', vpcs: [vpc] })],
  ])('refuses a private zone without a certificate, which ACM could not validate there: %s', (_, zone) => {
    const stack = testStack();
    const dns = Dns.fromHostedZone(zone(stack, Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc', availabilityZones: ['a'] })));

    expect(() => CustomDomain.fromName('api.domain.com', { dns })).toThrow(
      'domain `"api.domain.com"` needs a `certificate`: its zone is private, and ACM validates a certificate by a record that everybody can read');
    expect(() => CustomDomain.fromName('api.domain.com', { dns, certificate: certificateIn(stack, 'eu-west-1') })).not.toThrow();
  });

  test.each([
    ['Region', 'us-east-1', '111111111111', 'in Region `"us-east-1"`, but `Stack/Api` is in `"eu-west-1"`'],
    ['account', 'eu-west-1', '222222222222', 'in account `"222222222222"`, but `Stack/Api` is in `"111111111111"`'],
  ])('refuses a certificate of another %s', (_, region, account, where) => {
    const stack = testStackWithEnv();

    expect(() => apiIn(stack, CustomDomain.fromName('api.domain.com', { certificate: certificateIn(stack, region, account) })))
      .toThrow(`the \`certificate\` of domain \`"api.domain.com"\` is ${where}: API Gateway takes only certificates of the API's account and Region`);
  });

  test('refuses a certificate that the app creates in another Region, cross-region references or not', () => {
    const stack = testStackWithEnv();
    const other = new Stack(stack.node.root, 'Other', { env: { account: '111111111111', region: 'us-east-1' }, crossRegionReferences: true });
    const certificate = new Certificate(other, 'Certificate', { domainName: 'api.domain.com' });

    expect(() => apiIn(stack, CustomDomain.fromName('api.domain.com', { certificate }))).toThrow('is in Region `"us-east-1"`, but `Stack/Api` is in `"eu-west-1"`');
  });

  test('refuses a zone of another account, but takes one that another Region\'s stack creates', () => {
    const stack = testStackWithEnv();
    const zone = (id: string, env: Environment) => Dns.fromHostedZone(new HostedZone(new Stack(stack.node.root, id, { env, crossRegionReferences: true }), 'Zone', { zoneName: 'domain.com' }));

    expect(() => apiIn(stack, CustomDomain.fromName('api.domain.com', { dns: zone('Account', { account: '222222222222', region: 'eu-west-1' }) })))
      .toThrow('the zone of domain `"api.domain.com"` is in account `"222222222222"`, but `Stack/Api` is in `"111111111111"`: ' +
        'CloudFormation writes records only to zones of the account; delegate a zone to it, or use `Dns.external()`');
    expect(() => new WebSocketApi(stack, 'Second', { customDomain: CustomDomain.fromName('api.domain.com', { dns: zone('Region', { account: '111111111111', region: 'us-east-1' }) }) })).not.toThrow();
  });

  test('refuses a name that is a token without a zone', () => {
    expect(() => CustomDomain.fromName(Lazy.string({ produce: () => 'api.domain.com' })))
      .toThrow('`dns` is needed beside a domain name that is a token, because the name does not tell its zone: write `dns: Dns.fromHostedZone(zone)` or `dns: Dns.external()`');
  });

  test('leaves nothing in the tree when the zone cannot be looked up', () => {
    const stack = testStack();

    expect(() => new WebSocketApi(stack, 'Api', { customDomain: CustomDomain.fromName('api.domain.com') })).toThrow('cannot be looked up');
    expect(stack.node.children).toEqual([]);
  });
});

describe('what is no custom domain is refused with the factory that takes it', () => {
  test.each<[string, (stack: Stack) => unknown, string]>([
    ['a name', () => 'api.domain.com', 'write `CustomDomain.fromName("api.domain.com")`'],
    ['a domain', (stack) => DomainName.fromDomainNameAttributes(stack, 'Domain', { name: 'a', regionalDomainName: 'd', regionalHostedZoneId: 'Z' }), 'write `CustomDomain.fromDomainName(domain)`'],
  ])('%s', (_, value, message) => {
    const stack = testStack();

    expect(() => apiIn(stack, value(stack) as CustomDomain)).toThrow(message);
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
    expect(() => CustomDomain.fromDomainName(imported(testStack()), { ipAddressType: IpAddressType.DUAL_STACK } as any)).toThrow('`ipAddressType` cannot be given');
  });

  test.each([
    ['Region', { account: '111111111111', region: 'us-east-1' }, 'in Region `"us-east-1"`, but `Stack/Api` is in `"eu-west-1"`'],
    ['account', { account: '222222222222', region: 'eu-west-1' }, 'in account `"222222222222"`, but `Stack/Api` is in `"111111111111"`'],
  ])('refuses a domain of another %s', (_, env, where) => {
    const stack = testStackWithEnv();
    const other = new Stack(stack.node.root, 'Other', { env, crossRegionReferences: true });

    expect(() => apiIn(stack, CustomDomain.fromDomainName(imported(other))))
      .toThrow(`the domain of \`CustomDomain.fromDomainName()\` is ${where}: API Gateway maps an API only to domains of its own account and Region`);
  });

  test('refuses a bad path', () => {
    expect(() => CustomDomain.fromDomainName(imported(testStack()), { path: '/v1' })).toThrow('`path` `"/v1"` has a slash around it');
  });
});

function certificateIn(stack: Stack, region: string, account = '111111111111') {
  return Certificate.fromCertificateArn(stack, 'Certificate', `arn:aws:acm:${region}:${account}:certificate/given`);
}

function apiWith(customDomain: CustomDomain) {
  return apiIn(testStackWithEnv(), customDomain);
}

function apiIn(stack: Stack, customDomain: CustomDomain) {
  const api = new WebSocketApi(stack, 'Api', { routes: { a: Route.toFunction(testFunction(stack)) }, customDomain });
  return { api, get template() { return Template.fromStack(stack); } };
}
