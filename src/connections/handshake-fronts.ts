import { Construct } from 'constructs';
import { ConnectionsFunction, ConnectionsFunctionProps } from './connections-function';
import { FrontFunction, Fronts } from '../routes/front';
import { CONNECT, routeName } from '../routes/route-key';

/** Where the shipped function `connections` stands. */
export class HandshakeFronts implements Fronts {
  public readonly serves = [CONNECT];

  /** @param why what it stands there for, as an error says it */
  constructor(private readonly why: string, private readonly props: ConnectionsFunctionProps) {
  }

  public before(home: Construct, routeKey: string): FrontFunction | undefined {
    return this.serves.includes(routeKey) ? ConnectionsFunction.in(home, this.props) : undefined;
  }

  public checkIntegration(routeKey: string): void {
    if (this.serves.includes(routeKey)) {
      throw new Error(`${routeName(routeKey)} leads to an integration, but ${this.why} needs a function of this library there, which can only call a function: ` +
        'lead the route to one with `Route.toHandler()` or `Route.toFunction()`, or leave it out');
    }
  }
}
