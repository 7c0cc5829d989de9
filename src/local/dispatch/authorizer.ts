import { Exchange } from './exchange';
import { AuthorizationModel } from '../definition/model';
import { isAllowed, statementsOf } from '../iam/iam-policy';
import { describeFunctionError, parseFunctionError } from '../lambda/function-error';
import { Functions } from '../lambda/functions';

const MAX_RESULT_BYTES = 8 * 1024;

export type Verdict =
  | { readonly status: 200; readonly context: Readonly<Record<string, unknown>>; readonly usageIdentifierKey?: string }
  | { readonly status: 401 | 403 | 500; readonly reason: string };

/** Asks a Lambda authorizer whether a client may connect. */
export async function authorize(
  authorizer: AuthorizationModel & { type: 'CUSTOM' }, exchange: Exchange, methodArn: string, functions: Functions,
): Promise<Verdict> {
  const missing = authorizer.identitySource.find((source) => identityValue(source, exchange) === undefined);
  if (missing !== undefined) {
    return { status: 401, reason: `identity source \`${missing}\` is missing, so authorizer \`${authorizer.name}\` was not called` };
  }
  const { api } = exchange.connection.address;
  const sourceArn = `arn:${api.partition}:execute-api:${api.region}:${api.account}:${api.id}/authorizers/${authorizer.id}`;
  const refusal = functions.refusal(authorizer.functionArn, sourceArn, authorizer.credentials);
  if (refusal !== undefined) { return { status: 500, reason: refusal }; }
  const event = JSON.stringify(exchange.authorizerEvent(methodArn));
  const { payload, functionError, durationMillis } = await functions.invoke(authorizer.functionArn, event);
  exchange.outcome['authorizer.latency'] = durationMillis;
  if (functionError) {
    const unauthorized = parseFunctionError(payload).errorMessage === 'Unauthorized';
    return unauthorized
      ? { status: 401, reason: `authorizer \`${authorizer.name}\` said "Unauthorized"` }
      : { status: 500, reason: `authorizer \`${authorizer.name}\` failed: ${describeFunctionError(payload)}` };
  }
  try {
    return verdict(authorizer.name, payload, methodArn, durationMillis);
  } catch (error) {
    return { status: 500, reason: `authorizer \`${authorizer.name}\`: ${(error as Error).message}` };
  }
}

function verdict(name: string, payload: string, methodArn: string, integrationLatency: number): Verdict {
  if (Buffer.byteLength(payload) > MAX_RESULT_BYTES) {
    throw new Error(`its result has ${Buffer.byteLength(payload)} bytes: API Gateway takes ${MAX_RESULT_BYTES}`);
  }
  const result = JSON.parse(payload);
  if (typeof result?.principalId !== 'string' || typeof result.policyDocument !== 'object') {
    throw new Error('its result has no `principalId` or no `policyDocument`: return both');
  }
  const context: Record<string, unknown> = result.context ?? {};
  const bad = Object.entries(context).find(([, value]) => !['string', 'number', 'boolean'].includes(typeof value));
  if (bad) {
    throw new Error(`\`context.${bad[0]}\` is neither text, number nor boolean: API Gateway takes nothing else; send it as JSON text`);
  }
  const decision = isAllowed(statementsOf(result.policyDocument), { action: 'execute-api:Invoke', resource: methodArn });
  return decision === 'allow'
    ? { status: 200, context: { ...context, principalId: result.principalId, integrationLatency }, usageIdentifierKey: result.usageIdentifierKey }
    : { status: 403, reason: `authorizer \`${name}\` did not allow \`${methodArn}\`` };
}

/** `route.request.header.X`, `route.request.querystring.X`, `stageVariables.X`, `context.X` */
function identityValue(source: string, exchange: Exchange): string | undefined {
  const [, kind, name] = /^\$?(route\.request\.header|route\.request\.querystring|stageVariables|context)\.(.+)$/.exec(source) ?? [];
  switch (kind) {
    case 'route.request.header': {
      const found = Object.entries(exchange.incoming.headers ?? {}).find(([header]) => header.toLowerCase() === name.toLowerCase());
      return found?.[1] || undefined;
    }
    case 'route.request.querystring': return exchange.incoming.queryString?.[name] || undefined;
    case 'stageVariables': return exchange.connection.address.stage.variables[name] || undefined;
    case 'context': {
      const value = name.split('.').reduce((at: any, part) => at?.[part], exchange.context());
      return value === undefined ? undefined : String(value);
    }
    default: return undefined;
  }
}
