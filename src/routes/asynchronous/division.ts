import { createHash } from 'node:crypto';

/** A route, and how many bytes it takes of the environment of the function that forwards its events. */
export interface SizedRoute {
  readonly key: string;
  readonly bytes: number;
}

/**
 * Divides routes into as few parts as hold them. Which part a route is in depends on the keys of all routes and never on their order: a
 * part that is too large is halved by a bit of the keys' hashes, and one half keeps the name.
 *
 * @returns the name of the part of each route key. The name of the first part is empty
 */
export function divide(routes: SizedRoute[], capacity: number): Map<string, string> {
  return new Map(parts(routes, capacity, '').flatMap(({ name, keys }) => keys.map((key) => [key, name])));
}

/** @param path a bit for each time that the routes were halved */
function parts(routes: SizedRoute[], capacity: number, path: string): Array<{ readonly name: string; readonly keys: string[] }> {
  if (routes.reduce((sum, { bytes }) => sum + bytes, 0) <= capacity || routes.length < 2) {
    return [{ name: path.replace(/0+$/, ''), keys: routes.map(({ key }) => key) }];
  }
  return ['0', '1'].flatMap((bit) => parts(routes.filter(({ key }) => bitOf(key, path.length) === bit), capacity, path + bit));
}

function bitOf(key: string, index: number): string {
  const digest = createHash('sha256').update(key).digest();
  return [...digest].map((byte) => byte.toString(2).padStart(8, '0')).join('')[index];
}
