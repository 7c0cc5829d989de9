import { ApiMapping, IDomainName, IpAddressType, IWebSocketApi, IWebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Construct } from 'constructs';
import { checkParts, createDomain } from './created-domain';
import { DNS, Dns } from './dns';
import { checkDomainName, checkPath } from './domain-name';
import { asked } from '../given/asked';
import { CERTIFICATE, DOMAIN_NAME } from '../given/cdk-kinds';
import { OF_DOMAINS } from '../given/elsewhere';
import { checkPlace } from '../given/environment';
import { ANYTHING, checkArgument, made, TEXT } from '../given/kind';
import { checkOptions, OptionsOf } from '../given/options';

/**
 * A domain of your own.
 *
 * Several WebSocket APIs may share a domain if each has a `path` of its own: one creates it with `fromName`, the others take it with
 * `fromDomainName(api.apiGatewayDomain!, { path })`. API Gateway refuses a WebSocket API on a domain that an HTTP or REST API uses. If
 * both are in one app, that is an error at synth.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-custom-domain-names.html
 *
 * @example
 * const chat = new WebSocketApi(this, 'Chat', {
 *   routes: { '$default': Route.toHandler('src/chat.main') },
 *   customDomain: CustomDomain.fromName('api.domain.com', { path: 'chat' }),
 * });
 * new WebSocketApi(this, 'Game', {
 *   routes: { '$default': Route.toHandler('src/game.main') },
 *   customDomain: CustomDomain.fromDomainName(chat.apiGatewayDomain!, { path: 'game' }),
 * });
 */
export class CustomDomain {
  /**
   * Creates a domain: a certificate that DNS validates, a regional domain with TLS 1.2, an alias record, and the mapping.
   *
   * @param domainName the name, in lower case. `*.domain.com` stands for all names one label below; the caller then replaces the `*` in
   * `customDomainUrl`. An error if it is not a domain name, lies outside the zone, or is a token while `dns` is not given
   * @param options where its records go, its certificate and its path
   */
  public static fromName(domainName: string, options: CustomDomainOptions = {}): CustomDomain {
    checkArgument('`domainName` of `CustomDomain.fromName()`', TEXT, domainName, factoryFor);
    checkOptions('`CustomDomain.fromName()`', CUSTOM_DOMAIN_OPTIONS, options, OF_DOMAINS);
    checkDomainName(domainName);
    checkParts(domainName, options);
    checkPath(options.path);
    return new CustomDomain(options.path, (scope) => createDomain(scope, domainName, options));
  }

  /**
   * Uses a domain that exists, and creates only the mapping.
   *
   * @param domainName the domain, created or imported, in the API's account and Region: an error otherwise
   * @param options the path of the API on it
   */
  public static fromDomainName(domainName: IDomainName, options: ExistingDomainOptions = {}): CustomDomain {
    checkArgument('`domainName` of `CustomDomain.fromDomainName()`', DOMAIN_NAME, domainName, factoryFor);
    checkOptions('`CustomDomain.fromDomainName()`', EXISTING_DOMAIN_OPTIONS, options);
    // Other languages and JavaScript let you pass the options of the other factory.
    const misplaced = ['dns', 'certificate', 'ipAddressType'].filter((name) => (options as any)[name] !== undefined);
    if (misplaced.length > 0) {
      throw new Error(`${misplaced.map((name) => `\`${name}\``).join(', ')} cannot be given with a domain that exists: it has its own`);
    }
    checkPath(options.path);
    return new CustomDomain(options.path, (scope) => {
      checkPlace(scope, 'the domain of `CustomDomain.fromDomainName()`', domainName.env, 'API Gateway maps an API only to domains of its own account and Region');
      return { apiGatewayDomain: domainName, name: domainName.name };
    });
  }

  private constructor(private readonly path: string | undefined, private readonly domain: (scope: Construct) => Domain) {
  }

  /** @internal */
  public _bind(scope: Construct, api: IWebSocketApi, stage: IWebSocketStage): BoundCustomDomain {
    const { name, ...domain } = this.domain(scope);
    const mapping = new ApiMapping(scope, 'ApiMapping', asked({
      api,
      stage,
      domainName: domain.apiGatewayDomain,
      apiMappingKey: this.path,
    }));
    mapping.node.addDependency(stage);
    return {
      ...domain,
      name,
      path: this.path,
      mapping,
      // With a path, API Gateway answers "Not Found" unless the URL ends with a slash.
      url: this.path === undefined ? `wss://${name}` : `wss://${name}/${this.path}/`,
    };
  }
}

/**
 * Options of a domain to create.
 */
export interface CustomDomainOptions {
  /**
   * Where the domain's records are kept. Required if the domain's name is a token.
   *
   * @default - the Route 53 zone of the domain without its first label. A domain such as `domain.com` or `domain.co.uk` is its own zone
   */
  readonly dns?: Dns;

  /**
   * The certificate, in the API's account and Region: an error otherwise. Required with `Dns.external()` and with a private zone.
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
   * The kinds of IP address that clients may use.
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
  dns: DNS,
  certificate: CERTIFICATE,
  path: TEXT,
  ipAddressType: ANYTHING,
} satisfies OptionsOf<CustomDomainOptions>;

/** The kind of a custom domain, for those who take one. */
export const CUSTOM_DOMAIN = made(CustomDomain, factoryFor);

/** The factory that takes such a value. */
function factoryFor(value: unknown): string | undefined {
  if (typeof value === 'string') { return `CustomDomain.fromName(${JSON.stringify(value)})`; }
  return DOMAIN_NAME.accepts(value) ? 'CustomDomain.fromDomainName(domain)' : undefined;
}

interface Domain {
  readonly name: string;
  /** Whether the app makes no records for it. Undefined if the domain exists, and with it perhaps the records. */
  readonly isExternal?: boolean;
  readonly apiGatewayDomain: IDomainName;
  readonly certificate?: ICertificate;
}

export interface BoundCustomDomain extends Domain {
  readonly path?: string;
  readonly mapping: ApiMapping;
  readonly url: string;
}
