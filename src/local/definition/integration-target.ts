/** What an integration or an authorizer calls. Each text may hold `${stageVariables.name}`: see `withStageVariables`. */
export type IntegrationTarget =
  | { readonly kind: 'function'; readonly uri: string; readonly arn: string }
  | { readonly kind: 'service' | 'endpoint'; readonly uri: string };

/**
 * Reads the URI of an integration or an authorizer. Only this function tells functions, services and endpoints apart:
 * `arn:aws:apigateway:region:lambda:path/2015-03-31/functions/<arn>/invocations`, the bare ARN of a function, the ARN of another service,
 * or a URL.
 */
export function parseTarget(uri: string): IntegrationTarget {
  const [, invoked] = /\/functions\/(.+)\/invocations$/.exec(uri) ?? [];
  if (invoked !== undefined) { return { kind: 'function', uri, arn: invoked }; }
  if (/^arn:[\w-]+:lambda:/.test(uri)) { return { kind: 'function', uri, arn: uri }; }
  return { kind: uri.startsWith('arn:') ? 'service' : 'endpoint', uri };
}

/** The text with `${stageVariables.name}` filled in. A variable that the stage does not have is empty. */
export function withStageVariables(text: string, stageVariables: Readonly<Record<string, string>>): string {
  return !text.includes('${') ? text : text.replace(/\$\{stageVariables\.(\w+)\}/g, (_, name: string) => Object.hasOwn(stageVariables, name) ? stageVariables[name] : '');
}
