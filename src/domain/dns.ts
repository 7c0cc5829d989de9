import { Stack, Token } from 'aws-cdk-lib';
import { HostedZone, IHostedZone } from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import { HOSTED_ZONE } from '../given/cdk-kinds';
import { checkArgument, TEXT } from '../given/kind';

/**
 * Where a domain's DNS records are kept.
 */
export class Dns {
  /**
   * A hosted zone of Route 53, looked up by its name when the app is synthesized. The stack needs a fixed account and region: an error
   * otherwise.
   *
   * @param zoneName the name of the zone, such as `domain.com`
   */
  public static fromZoneName(zoneName: string): Dns {
    checkArgument('`zoneName` of `Dns.fromZoneName()`', TEXT, zoneName);
    return new Dns((scope) => lookUp(scope, zoneName));
  }

  /**
   * A hosted zone of Route 53.
   *
   * @param zone the zone, created or imported with its name
   */
  public static fromHostedZone(zone: IHostedZone): Dns {
    checkArgument('`zone` of `Dns.fromHostedZone()`', HOSTED_ZONE, zone);
    return new Dns(() => zone);
  }

  /**
   * Somewhere else. No zone is looked up and no record is made: point the domain to `apiGatewayDomain.regionalDomainName`. The domain
   * needs a `certificate`.
   */
  public static external(): Dns {
    return new Dns(undefined);
  }

  private constructor(private readonly zone: ((scope: Construct) => IHostedZone) | undefined) {
  }

  /**
   * Whether there is no zone to write to.
   *
   * @internal
   */
  public get _external(): boolean {
    return this.zone === undefined;
  }

  /** @internal */
  public _bind(scope: Construct): IHostedZone | undefined {
    return this.zone?.(scope);
  }
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
