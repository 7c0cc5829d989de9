import { Construct } from 'constructs';
import { ConnectionsFunction, ConnectionsFunctionProps } from './connections-function';
import { GroupRoute } from './group-route';
import { FrontFunction, Fronts } from '../routes/front';
import { CONNECT, DISCONNECT, routeName } from '../routes/route-key';

/** Where the shipped function `connections` stands. */
export class HandshakeFronts implements Fronts {
  public readonly serves: string[];

  /** @param why what it stands there for, as an error says it */
  constructor(private readonly why: string, private readonly props: ConnectionsFunctionProps) {
    this.serves = props.store ? [CONNECT, DISCONNECT] : [CONNECT];
  }

  public before(home: Construct, routeKey: string): FrontFunction | undefined {
    return this.serves.includes(routeKey) ? ConnectionsFunction.in(home, this.props) : undefined;
  }

  public serving(home: Construct): FrontFunction {
    return ConnectionsFunction.in(home, this.props);
  }

  public checkRoute(scope: Construct, routeKey: string, route: GroupRoute): void {
    const { store } = this.props;
    if (!store) { throw withoutTable(routeKey, route); }
    if (routeKey === CONNECT || routeKey === DISCONNECT) {
      throw new Error(`${routeName(routeKey)} cannot lead to \`Route.${route.action}()\`, which answers messages: ` + (routeKey === CONNECT
        ? 'name the groups that a connection is in from the beginning with `ConnectionTable.create({ groups: [ … ] })`'
        : 'a connection that goes leaves its groups by itself'));
    }
    store.checkRoute(scope, routeKey, route);
  }

  public checkIntegration(routeKey: string): void {
    if (this.serves.includes(routeKey)) {
      throw new Error(`${routeName(routeKey)} leads to an integration, but ${this.why} needs a function of this library there, which can only call a function: ` +
        'lead the route to one with `Route.toHandler()` or `Route.toFunction()`, or leave it out');
    }
  }
}

/** What is wrong with a route that needs the table, where there is none. */
export function withoutTable(routeKey: string, { action }: GroupRoute): Error {
  return new Error(`${routeName(routeKey)} leads to \`Route.${action}()\`, but the API keeps no table of its connections: ` +
    'write `connections: ConnectionTable.create()` in the props of the `WebSocketApi`');
}
