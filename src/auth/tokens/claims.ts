/*
 * What functions find of a token in `requestContext.authorizer`.
 */

/** The claims that are always there, where the token has them. */
export const ALWAYS: readonly string[] = ['sub', 'iss', 'exp', 'scope', 'client_id'];

/** The key of a claim. Mapping templates and access logs can name nothing else. */
export function nameInContext(claim: string): string {
  return claim.replace(/[^A-Za-z0-9_]/g, '_');
}
