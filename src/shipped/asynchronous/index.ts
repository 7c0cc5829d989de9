import { lambdaFunctions } from '../invocation/functions';

/** The part of API Gateway's event that matters here. */
export interface RouteEvent {
  readonly requestContext: { readonly routeKey: string };
}

const functions = lambdaFunctions();

/**
 * Hands the event of a route to the route's function, and does not wait for it. If Lambda does not take it, this function fails, and API
 * Gateway tells the client.
 */
export async function handler(event: RouteEvent): Promise<{ readonly statusCode: number }> {
  await functions.hand(functionOf(event.requestContext.routeKey), event);
  return { statusCode: 200 };
}

function functionOf(routeKey: string): string {
  const routes = new Map<string, string>(Object.entries(JSON.parse(process.env.ROUTES!)));
  const found = routes.get(routeKey);
  if (found === undefined) {
    throw new Error(`route ${JSON.stringify(routeKey)} is not one of ${[...routes.keys()].map((key) => JSON.stringify(key)).join(', ')}`);
  }
  return found;
}
