import { Token } from 'aws-cdk-lib';
import { ApiMapping, DomainName, EndpointType, IDomainName, IpAddressType, IWebSocketApi, IWebSocketStage, SecurityPolicy } from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate, CertificateValidation, ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { AaaaRecord, ARecord, IHostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { ApiGatewayv2DomainProperties } from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';
import { Dns } from './dns';
import { CERTIFICATE, DOMAIN_NAME } from '../given/cdk-kinds';
import { ANYTHING, checkArgument, made, TEXT } from '../given/kind';
import { checkOptions, OptionsOf } from '../given/options';

/**
 * A domain of your own.
 *
 * Several WebSocket APIs may share a domain by their paths. API Gateway refuses a WebSocket API on a domain that an HTTP or REST API
 * uses; where both are in one app, that is an error when it is synthesized.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-custom-domain-names.html
 */
export class CustomDomain {
  /**
   * A domain to create: a certificate that DNS validates, a regional domain with TLS 1.2, an alias record, and the mapping.
   *
   * @param domainName the name, in lower case. `*.domain.com` stands for all names one label below; `customDomainUrl` then has the `*`
   * for the caller to replace. An error if it is not a domain name, or a token while `dns` is not given
   * @param options options of the domain
   */
  public static fromName(domainName: string, options: CustomDomainOptions = {}): CustomDomain {
    checkArgument('`domainName` of `CustomDomain.fromName()`', TEXT, domainName);
    checkOptions('`CustomDomain.fromName()`', CUSTOM_DOMAIN_OPTIONS, options);
    checkDomainName(domainName, options);
    checkPath(options.path);
    return new CustomDomain(options.path, (scope) => createDomain(scope, domainName, options));
  }

  /**
   * A domain that exists: only the mapping is made.
   *
   * @param domainName the domain, created or imported
   * @param options options of the mapping
   */
  public static fromDomainName(domainName: IDomainName, options: ExistingDomainOptions = {}): CustomDomain {
    checkArgument('`domainName` of `CustomDomain.fromDomainName()`', DOMAIN_NAME, domainName);
    checkOptions('`CustomDomain.fromDomainName()`', EXISTING_DOMAIN_OPTIONS, options);
    // Somebody who comes from another language, or from JavaScript, may have passed the options of the other factory.
    const misplaced = ['dns', 'certificate', 'ipAddressType'].filter((name) => (options as any)[name] !== undefined);
    if (misplaced.length > 0) {
      throw new Error(`${misplaced.map((name) => `\`${name}\``).join(', ')} cannot be given with a domain that exists: it has its own`);
    }
    checkPath(options.path);
    return new CustomDomain(options.path, () => ({ apiGatewayDomain: domainName, name: domainName.name }));
  }

  private constructor(private readonly path: string | undefined, private readonly domain: (scope: Construct) => Domain) {
  }

  /** @internal */
  public _bind(scope: Construct, api: IWebSocketApi, stage: IWebSocketStage): BoundCustomDomain {
    const { name, ...domain } = this.domain(scope);
    const mapping = new ApiMapping(scope, 'ApiMapping', {
      api,
      stage,
      domainName: domain.apiGatewayDomain,
      apiMappingKey: this.path,
    });
    mapping.node.addDependency(stage);
    return {
      ...domain,
      mapping,
      // With a path, API Gateway answers "Not Found" without the last slash.
      url: this.path === undefined ? `wss://${name}` : `wss://${name}/${this.path}/`,
    };
  }
}

/**
 * Options of a domain to create.
 */
export interface CustomDomainOptions {
  /**
   * Where the domain's records are kept. Needed where the domain's name is a token.
   *
   * @default - the Route 53 zone of the domain without its first label; a domain of two labels is its own zone
   */
  readonly dns?: Dns;

  /**
   * The certificate, in the API's region. Needed with `Dns.external()`.
   *
   * @default - one is created, and validated by a DNS record in the zone
   */
  readonly certificate?: ICertificate;

  /**
   * The path of the API on the domain, without slashes around it: `v1` makes `wss://domain/v1/`. Letters, digits, `$-_.+!*'()`, and `/`
   * between levels; at most 300 characters.
   *
   * @default - the root of the domain
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-mappings.html
   */
  readonly path?: string;

  /**
   * The kinds of address that the domain is reached at.
   *
   * @default IpAddressType.IPV4
   */
  readonly ipAddressType?: IpAddressType;
}

/**
 * Options of a domain that exists.
 */
export interface ExistingDomainOptions {
  /**
   * The path of the API on the domain, without slashes around it: `v1` makes `wss://domain/v1/`. Letters, digits, `$-_.+!*'()`, and `/`
   * between levels; at most 300 characters.
   *
   * @default - the root of the domain
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-mappings.html
   */
  readonly path?: string;
}

const EXISTING_DOMAIN_OPTIONS = { path: TEXT } satisfies OptionsOf<ExistingDomainOptions>;

const CUSTOM_DOMAIN_OPTIONS = {
  dns: made(Dns),
  certificate: CERTIFICATE,
  path: TEXT,
  ipAddressType: ANYTHING,
} satisfies OptionsOf<CustomDomainOptions>;

interface Domain {
  readonly name: string;
  readonly apiGatewayDomain: IDomainName;
  readonly certificate?: ICertificate;
}

export interface BoundCustomDomain extends Omit<Domain, 'name'> {
  readonly mapping: ApiMapping;
  readonly url: string;
}

function createDomain(scope: Construct, name: string, options: CustomDomainOptions): Domain {
  const { dns = Dns.fromZoneName(defaultZone(name)), ipAddressType } = options;
  const zone = dns._bind(scope);
  const certificate = options.certificate ?? new Certificate(scope, 'Certificate', { domainName: name, validation: CertificateValidation.fromDns(zone) });
  const apiGatewayDomain = new DomainName(scope, 'DomainName', {
    domainName: name,
    certificate,
    endpointType: EndpointType.REGIONAL,
    securityPolicy: SecurityPolicy.TLS_1_2,
    ipAddressType,
  });
  if (zone) {
    createAliasRecords(scope, name, zone, apiGatewayDomain, ipAddressType);
  }
  return { name, apiGatewayDomain, certificate };
}

function createAliasRecords(scope: Construct, name: string, zone: IHostedZone, domain: IDomainName, ipAddressType?: IpAddressType) {
  const record = {
    zone,
    // The dot says that it is the whole name: CDK cannot see in a token whether it ends with the zone's.
    recordName: `${name}.`,
    target: RecordTarget.fromAlias(new ApiGatewayv2DomainProperties(domain.regionalDomainName, domain.regionalHostedZoneId)),
  };
  new ARecord(scope, 'AliasRecord', record);
  if (ipAddressType === IpAddressType.DUAL_STACK) {
    new AaaaRecord(scope, 'AliasRecordAAAA', record);
  }
}

function defaultZone(domainName: string): string {
  const labels = domainName.split('.');
  return labels.length > 2 ? labels.slice(1).join('.') : domainName;
}

function checkDomainName(name: string, { dns, certificate }: CustomDomainOptions) {
  if (dns?._external && !certificate) {
    throw new Error(`domain \`${JSON.stringify(name)}\` needs a \`certificate\`: with \`Dns.external()\` there is no zone to validate one in`);
  }
  if (Token.isUnresolved(name)) {
    if (!dns) {
      throw new Error('`dns` is needed beside a domain name that is a token, because its zone cannot be told from it: write `dns: Dns.fromHostedZone(zone)` or `dns: Dns.external()`');
    }
    return;
  }
  const quoted = `domain name \`${JSON.stringify(name)}\``;
  if (name !== name.toLowerCase()) {
    throw new Error(`${quoted} has upper case letters: write \`${JSON.stringify(name.toLowerCase())}\``);
  }
  if (name.endsWith('.')) {
    throw new Error(`${quoted} ends with a dot: write \`${JSON.stringify(name.replace(/\.+$/, ''))}\``);
  }
  const labels = name.split('.');
  if (labels.length < 2) {
    throw new Error(`${quoted} has only one label: write the whole name, such as \`"${name || 'api'}.domain.com"\``);
  }
  if (labels.includes('')) {
    throw new Error(`${quoted} has an empty label: write one dot between labels, and none around the name`);
  }
  if (labels.slice(1).some((label) => label.includes('*')) || (labels[0].includes('*') && (labels[0] !== '*' || labels.length < 3))) {
    throw new Error(`${quoted} has a wildcard where there cannot be one: \`*\` is the whole first label or none, such as \`"*.domain.com"\``);
  }
  const bad = labels.find((label) => label !== '*' && !/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label));
  if (bad !== undefined || name.length > 255) {
    throw new Error(`${quoted} is no domain name${bad === undefined ? ': it has more than 255 characters' : ` because of \`${JSON.stringify(bad)}\`: a label is 1 to 63 letters, digits and inner hyphens`}`);
  }
}

function checkPath(path: string | undefined) {
  if (path === undefined || Token.isUnresolved(path)) { return; }
  const quoted = `\`path\` \`${JSON.stringify(path)}\``;
  const stripped = path.replace(/^\/+|\/+$/g, '');
  if (stripped === '') {
    throw new Error(`${quoted} is empty: leave it out for the root of the domain`);
  }
  if (stripped !== path) {
    throw new Error(`${quoted} has a slash around it: write \`${JSON.stringify(stripped)}\``);
  }
  if (path.length > 300 || !/^[A-Za-z0-9$\-_.+!*'()]+(\/[A-Za-z0-9$\-_.+!*'()]+)*$/.test(path)) {
    throw new Error(`${quoted} is refused by API Gateway: it takes at most 300 letters, digits and \`$-_.+!*'()\`, in levels with one \`/\` between them`);
  }
}
