import { AddressBook } from './address';
import { Clock } from '../clock';
import type { Connection } from './connection';
import { isLimited, Throttle } from './throttle';
import { ApiKeyModel, ApiModel, Model, ServedStage, StageModel } from '../definition/model';
import { Confined } from '../dispatch/confined';
import { RunIntegration } from '../dispatch/route-target';
import { Trace } from '../events/trace';
import { Callers } from '../iam/callers';
import { EventInvocations } from '../lambda/event-invocations';
import { Functions } from '../lambda/functions';

/** Everything that handling an event needs. When the assembly changes, all that was read from it is replaced at once. */
export interface Backend {
  readonly clock: Clock;
  readonly trace: Trace;
  readonly callers: Callers;
  readonly functions: Functions;
  readonly eventInvocations: Pick<EventInvocations, 'begin'>;
  readonly confined: Pick<Confined, 'run'>;
  readonly connections: Map<string, Connection>;
  readonly runIntegration: RunIntegration;
  model: Model;
  addresses: AddressBook;
  throttles: Throttles;
}

/** The buckets of all routes, of all stages, and of API keys. */
export class Throttles {
  private readonly buckets = new Map<string, Throttle | undefined>();

  constructor(private readonly clock: Clock) {}

  public takeForRoute(api: ApiModel, stage: StageModel, routeKey: string): boolean {
    const own = stage.routeThrottles.get(routeKey);
    // Most stages have no limits of their own, and each message asks.
    if (!isLimited(own ?? stage.defaultThrottle)) { return true; }
    return this.take(`${api.id}/${stage.name}/${own ? routeKey : ''}`, () => Throttle.of(own ?? stage.defaultThrottle, this.clock));
  }

  public takeForKey(api: ApiModel, stage: StageModel, key: ApiKeyModel): boolean {
    return this.take(`${api.id}/${stage.name} ${key.id}`, () => (
      Throttle.of(key.stages.find(({ apiId, stageName }) => apiId === api.id && stageName === stage.name)?.throttle ?? {}, this.clock)
    ));
  }

  private take(name: string, make: () => Throttle | undefined): boolean {
    if (!this.buckets.has(name)) { this.buckets.set(name, make()); }
    return this.buckets.get(name)?.take() ?? true;
  }
}

/** The current API and stage of a connection: the assembly may have changed since the client connected. */
export function placeOf({ model }: Backend, { address }: Connection): ServedStage {
  const api = model.apis.find(({ id }) => id === address.api.id) ?? address.api;
  return { api, stage: api.stages.find(({ name }) => name === address.stage.name) ?? address.stage };
}
