import { IConstruct } from 'constructs';

/** The routes that API Gateway selects by itself. */
const PREDEFINED = ['$connect', '$disconnect', '$default'];

const MAX_LENGTH = 128;

/** How many routes API Gateway allows in an API, unless its quota was raised. */
const MAX_ROUTES = 300;
const MAX_ROUTES_CONTEXT = 'cdk-websocket-api:maxRoutes';

/** The route that authorization and handshakes belong to. */
export const CONNECT = '$connect';
export const DISCONNECT = '$disconnect';

/** Whether messages of clients come to a route, and answers can go back. */
export function answersMessages(key: string): boolean {
  return key !== CONNECT && key !== '$disconnect';
}

/** A route key as API Gateway knows it: white space around it does not count. */
export function normalizeRouteKey(key: string): string {
  return key.trim();
}

/**
 * Checks the keys of routes before they are added.
 *
 * @param keys the keys as the user wrote them
 * @param existing the keys that the API has already, normalized
 * @param api where to look for the context value with a raised quota
 * @returns the keys, normalized, in the same order
 */
export function checkRouteKeys(keys: string[], existing: string[], api: IConstruct): string[] {
  const seen = new Set(existing);
  const normalized = keys.map((key) => {
    const trimmed = normalizeRouteKey(key);
    if (trimmed === '') {
      throw new Error(`route key \`${JSON.stringify(key)}\` is empty: write the value that selects the route, or one of ${PREDEFINED.join(', ')}`);
    }
    if (trimmed.length > MAX_LENGTH) {
      throw new Error(`route key \`${JSON.stringify(trimmed)}\` has ${trimmed.length} characters: API Gateway allows ${MAX_LENGTH}`);
    }
    if (trimmed.startsWith('$') && !PREDEFINED.includes(trimmed)) {
      throw new Error(`route key \`${JSON.stringify(trimmed)}\` is unknown: of keys that start with \`$\`, there are ${PREDEFINED.join(', ')}`);
    }
    if (seen.has(trimmed)) {
      throw new Error(`route key \`${JSON.stringify(trimmed)}\` exists already: an API has one route for each key (white space around it does not count)`);
    }
    seen.add(trimmed);
    return trimmed;
  });
  const maxRoutes = parseInt(api.node.tryGetContext(MAX_ROUTES_CONTEXT) ?? MAX_ROUTES, 10);
  if (seen.size > maxRoutes) {
    throw new Error(`the API would have ${seen.size} routes: API Gateway allows ${maxRoutes}; ` +
      'send several kinds of message to one route and tell them apart in its function, or make a second API; ' +
      `an API whose quota AWS has raised needs the context value \`"${MAX_ROUTES_CONTEXT}"\``);
  }
  return normalized;
}

/** What an error calls a route. */
export function routeName(key: string): string {
  return `route \`${JSON.stringify(key)}\``;
}
