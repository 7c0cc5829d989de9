import { Refusal } from './refusal';
import { Claims } from './verification';
import { ALWAYS, nameInContext } from '../../auth/tokens/claims';

/** API Gateway takes an answer of 8 KB; the rest is left for what it adds. */
const MAX_BYTES = 7 * 1024;

/** What an authorizer may put into its context. */
type ContextValue = string | number | boolean;

/**
 * The context of a connection: claims of its token. API Gateway hands all of them on as text.
 *
 * @param wanted the claims besides those that every context has
 */
export function contextOf(claims: Claims, wanted: string[]): { readonly [name: string]: ContextValue } {
  const entries = [...new Set([...ALWAYS, ...wanted])]
    .filter((name) => Object.hasOwn(claims, name) && claims[name] !== null)
    .map((name) => [nameInContext(name), valueInContext(claims[name])]);
  const context = Object.fromEntries(entries);
  const bytes = Buffer.byteLength(JSON.stringify(context));
  if (bytes > MAX_BYTES) {
    throw new Refusal(403, `the context would have ${bytes} bytes: API Gateway takes 8 KB with all that it adds, so ${MAX_BYTES} are allowed; name fewer \`claims\``);
  }
  return context;
}

function valueInContext(value: unknown): ContextValue {
  return typeof value === 'object' ? JSON.stringify(value) : value as ContextValue;
}
