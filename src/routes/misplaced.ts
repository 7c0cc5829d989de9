import { EVENT_BUS, FUNCTION, INTEGRATION, QUEUE, STATE_MACHINE, STREAM, TOPIC } from '../given/cdk-kinds';
import { Kind } from '../given/kind';
import { Elsewhere } from '../given/options';
import { HANDLER_PROPS, OF_EXISTING_FUNCTION } from '../handlers/handler-props';

/*
 * What somebody gives in the place of a route or its options, and what to write instead.
 */

export const OF_THE_FUNCTION: Elsewhere = {
  ...OF_EXISTING_FUNCTION,
  permissions: 'write `api.attachPermissionsToRoute(routeKey, …)`',
};

export const OF_NO_FUNCTION: Elsewhere = {
  ...Object.fromEntries(Object.keys(HANDLER_PROPS).map((name) => [name, 'it is for a function that `Route.toHandler()` makes'])),
  asynchronous: 'API Gateway waits for an integration, for up to 29 seconds; lead the route to a function, with `Route.toFunction(fn, { asynchronous: true })`',
};

export const OF_OTHER_GROUP_ROUTES: Elsewhere = {
  ...OF_NO_FUNCTION,
  announce: 'it is for `Route.joinGroup()`, and then for leaving too',
  echo: 'it is for `Route.sendToGroup()` and `Route.sendToAll()`',
  members: 'it is for `Route.sendToGroup()` and `Route.listGroup()`',
};

const SERVICES: ReadonlyArray<readonly [Kind, string]> = [
  [QUEUE, 'Route.toQueue(queue)'],
  [TOPIC, 'Route.toTopic(topic)'],
  [EVENT_BUS, 'Route.toEventBus(eventBus)'],
  [STATE_MACHINE, 'Route.toStateMachine(stateMachine)'],
  [STREAM, 'Route.toStream(stream)'],
];

/** The factory of `Route` that takes such a value. */
export function factoryFor(value: unknown): string | undefined {
  if (typeof value === 'string' && /^https?:/.test(value)) { return `Route.toHttp(${JSON.stringify(value)})`; }
  if (typeof value === 'string' && !value.startsWith('arn:')) { return `Route.toHandler(${JSON.stringify(value)})`; }
  if (FUNCTION.accepts(value)) { return 'Route.toFunction(fn)'; }
  const [, factory] = SERVICES.find(([kind]) => kind.accepts(value)) ?? [];
  if (factory !== undefined) { return factory; }
  return INTEGRATION.accepts(value) ? 'Route.toIntegration(integration)' : undefined;
}

/** The factory of `Route` that takes such a target. What a string means, nobody knows. */
export function factoryForTarget(value: unknown): string | undefined {
  return typeof value === 'string' ? undefined : factoryFor(value);
}
