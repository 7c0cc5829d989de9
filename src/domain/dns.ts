import { Stack, Token } from 'aws-cdk-lib';
import { CfnHostedZone, HostedZone, IHostedZone } from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import { HOSTED_ZONE } from '../given/cdk-kinds';
import { checkArgument, made, TEXT } from '../given/kind';

/**
 * Where a domain's DNS records are kept.
 *
 * @example
 * new WebSocketApi(this, 'Api', {
 *   routes: { '$default': Route.toHandler('src/default.main') },
 *   customDomain: CustomDomain.fromName('ws.api.domain.com', { dns: Dns.fromZoneName('domain.com') }),
 * });
 */
export class Dns {
  /**
   * A hosted zone of Route 53, looked up by its name at synth. The stack needs a fixed account and Region: an error otherwise.
   *
   * @param zoneName the name of the zone, such as `domain.com`
   */
  public static fromZoneName(zoneName: string): Dns {
    checkArgument('`zoneName` of `Dns.fromZoneName()`', TEXT, zoneName);
    return new Dns({ zone: (scope) => lookUp(scope, zoneName), name: () => zoneName });
  }

  /**
   * A hosted zone of Route 53 that you have.
   *
   * @param zone the zone, created or imported, in the account of the stack: an error otherwise
   */
  public static fromHostedZone(zone: IHostedZone): Dns {
    checkArgument('`zone` of `Dns.fromHostedZone()`', HOSTED_ZONE, zone);
    return new Dns({ zone: () => zone, name: () => nameOf(zone), isPrivate: () => isPrivate(zone) });
  }

  /**
   * DNS outside of Route 53. No zone is looked up and no record is created: point your domain to `apiGatewayDomain.regionalDomainName`.
   * The domain needs a `certificate`.
   */
  public static external(): Dns {
    return new Dns(undefined);
  }

  private constructor(private readonly source?: ZoneSource) {
  }

  /**
   * Whether there is no zone to write to.
   *
   * @internal
   */
  public get _external(): boolean {
    return this.source === undefined;
  }

  /**
   * Whether only the VPCs of the zone can read it, as far as the app knows.
   *
   * @internal
   */
  public get _private(): boolean {
    return this.source?.isPrivate?.() ?? false;
  }

  /**
   * The name of the zone, unless only CloudFormation knows it.
   *
   * @internal
   */
  public get _zoneName(): string | undefined {
    const name = this.source?.name();
    return name === undefined || Token.isUnresolved(name) ? undefined : name.replace(/\.$/, '').toLowerCase();
  }

  /** @internal */
  public _bind(scope: Construct): IHostedZone | undefined {
    return this.source?.zone(scope);
  }
}

/** The kind of a place for DNS records, for those who take one. */
export const DNS = made(Dns, (value) => {
  if (typeof value === 'string') { return `Dns.fromZoneName(${JSON.stringify(value)})`; }
  return HOSTED_ZONE.accepts(value) ? 'Dns.fromHostedZone(zone)' : undefined;
});

interface ZoneSource {
  readonly zone: (scope: Construct) => IHostedZone;
  readonly name: () => string | undefined;
  readonly isPrivate?: () => boolean;
}

function nameOf(zone: IHostedZone): string | undefined {
  try {
    return zone.zoneName;
  } catch {
    // CDK throws for zones that were imported by their id alone.
    return undefined;
  }
}

function isPrivate(zone: IHostedZone): boolean {
  const resource = zone.node.defaultChild;
  return resource instanceof CfnHostedZone && (Stack.of(resource).resolve(resource.vpcs) ?? []).length > 0;
}

function lookUp(scope: Construct, zoneName: string): IHostedZone {
  if (Token.isUnresolved(zoneName)) {
    throw new Error('the name of a hosted zone to look up cannot be a token: give the zone itself, with `Dns.fromHostedZone(zone)`');
  }
  const { account, region } = Stack.of(scope);
  if (Token.isUnresolved(account) || Token.isUnresolved(region)) {
    throw new Error(`hosted zone \`${JSON.stringify(zoneName)}\` cannot be looked up, because stack \`${Stack.of(scope).node.path}\` has no fixed account and region: ` +
      'give the stack an `env`, or give the zone itself, with `dns: Dns.fromHostedZone(zone)`');
  }
  return HostedZone.fromLookup(scope, 'HostedZone', { domainName: zoneName });
}
