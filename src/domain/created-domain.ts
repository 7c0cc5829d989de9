import { Annotations, Token } from 'aws-cdk-lib';
import { DomainName, EndpointType, IDomainName, IpAddressType, SecurityPolicy } from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate, CertificateValidation, ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { AaaaRecord, ARecord, IHostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { ApiGatewayv2DomainProperties } from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';
import { Dns } from './dns';
import { defaultZone } from './domain-name';
import { looksLikePublicSuffix } from './public-suffix';
import { asked } from '../given/asked';
import { checkPlace, placeOfArn } from '../given/environment';

/** The parts that you may give for a domain. */
export interface DomainParts {
  readonly dns?: Dns;
  readonly certificate?: ICertificate;
  readonly ipAddressType?: IpAddressType;
}

/** Checks that the parts fit the name and each other. */
export function checkParts(name: string, { dns, certificate }: DomainParts): void {
  const quoted = `domain \`${JSON.stringify(name)}\``;
  if (dns?._external && !certificate) {
    throw new Error(`${quoted} needs a \`certificate\`: with \`Dns.external()\` there is no zone to validate one in`);
  }
  if (dns?._private && !certificate) {
    throw new Error(`${quoted} needs a \`certificate\`: its zone is private, and ACM validates a certificate by a record that everybody can read`);
  }
  if (Token.isUnresolved(name)) {
    if (!dns) {
      throw new Error('`dns` is needed beside a domain name that is a token, because the name does not tell its zone: ' +
        'write `dns: Dns.fromHostedZone(zone)` or `dns: Dns.external()`');
    }
    return;
  }
  const zone = dns?._zoneName;
  if (zone !== undefined && name !== zone && !name.endsWith(`.${zone}`)) {
    throw new Error(`${quoted} is not in the zone of its \`dns\`, \`${JSON.stringify(zone)}\`: give the zone \`${JSON.stringify(defaultZone(name))}\`, ` +
      'or one that the name ends with');
  }
}

/** Creates the domain, with its certificate and alias records. */
export function createDomain(scope: Construct, name: string, { dns, certificate: given, ipAddressType }: DomainParts) {
  const zone = (dns ?? Dns.fromZoneName(defaultZone(name)))._bind(scope);
  if (zone) {
    checkPlace(scope, `the zone of domain \`${JSON.stringify(name)}\``, { account: zone.env.account },
      'CloudFormation writes records only to zones of the account; delegate a zone to it, or use `Dns.external()`');
  }
  if (!dns) { warnOfSuffix(scope, name); }
  if (given) {
    checkPlace(scope, `the \`certificate\` of domain \`${JSON.stringify(name)}\``, { ...given.env, ...placeOfArn(given.certificateArn) },
      'API Gateway takes only certificates of the API\'s account and Region');
  }
  const certificate = given ?? new Certificate(scope, 'Certificate', { domainName: name, validation: CertificateValidation.fromDns(zone) });
  const apiGatewayDomain = new DomainName(scope, 'DomainName', asked({
    domainName: name,
    certificate,
    endpointType: EndpointType.REGIONAL,
    securityPolicy: SecurityPolicy.TLS_1_2,
    ipAddressType,
  }));
  if (zone) {
    createAliasRecords(scope, name, zone, apiGatewayDomain, ipAddressType);
  }
  return { name, apiGatewayDomain, certificate, isExternal: zone === undefined };
}

function createAliasRecords(scope: Construct, name: string, zone: IHostedZone, domain: IDomainName, ipAddressType?: IpAddressType) {
  const record = {
    zone,
    // The dot says that the name is whole. CDK cannot see whether a token ends with the zone's name.
    recordName: `${name}.`,
    target: RecordTarget.fromAlias(new ApiGatewayv2DomainProperties(domain.regionalDomainName, domain.regionalHostedZoneId)),
  };
  new ARecord(scope, 'AliasRecord', record);
  if (ipAddressType === IpAddressType.DUAL_STACK) {
    new AaaaRecord(scope, 'AliasRecordAAAA', record);
  }
}

function warnOfSuffix(scope: Construct, name: string) {
  const zone = defaultZone(name);
  if (looksLikePublicSuffix(zone)) {
    Annotations.of(scope).addWarningV2('cdk-websocket-api:publicSuffix',
      `the records of domain \`${JSON.stringify(name)}\` go to the zone \`${JSON.stringify(zone)}\`, which looks like a public suffix, under which others have names too: ` +
      `give the zone, with \`dns: Dns.fromZoneName(${JSON.stringify(name)})\` or \`dns: Dns.fromZoneName(${JSON.stringify(zone)})\``);
  }
}
