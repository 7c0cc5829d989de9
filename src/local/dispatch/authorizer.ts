import { Exchange } from './exchange';
import { executeApiArn } from '../definition/execute-api-arn';
import { withStageVariables } from '../definition/integration-target';
import { AuthorizationModel } from '../definition/model';
import { AccessContext, isAllowed, statementsOf } from '../iam/iam-policy';
import { describeFunctionError, parseFunctionError } from '../lambda/function-error';
import { Functions } from '../lambda/functions';

const MAX_RESULT_BYTES = 8 * 1024;

export type Verdict =
  | { readonly status: 200; readonly context: Readonly<Record<string, unknown>>; readonly usageIdentifierKey?: string }
  | { readonly status: 401 | 403 | 500; readonly reason: string };

/**
 * Asks a Lambda authorizer whether a client may connect.
 *
 * @param conditions what the conditions of its policy can ask of the handshake
 */
export async function authorize(
  authorizer: AuthorizationModel & { type: 'CUSTOM' }, exchange: Exchange, functions: Pick<Functions, 'invoke' | 'refusal'>, conditions: () => AccessContext,
): Promise<Verdict> {
  const { api, stage } = exchange;
  const missing = authorizer.identitySource.find((source) => identityValue(source, exchange) === undefined);
  if (missing !== undefined) {
    return { status: 401, reason: `the identity source \`${missing}\` is missing, so authorizer \`${authorizer.name}\` was not called` };
  }
  const functionArn = withStageVariables(authorizer.functionArn, stage.variables);
  const refusal = functions.refusal(functionArn, executeApiArn(api, 'authorizers', authorizer.id), authorizer.credentials);
  if (refusal !== undefined) { return { status: 500, reason: refusal }; }

  const methodArn = executeApiArn(api, stage.name, '$connect');
  const event = JSON.stringify(exchange.authorizerEvent(methodArn));
  const { payload, functionError, durationMillis } = await functions.invoke(functionArn, event);
  const verdict = functionError === undefined
    ? readVerdict(authorizer.name, payload, methodArn, durationMillis, conditions)
    : failed(authorizer.name, payload);
  exchange.progress.authorizer = { status: verdict.status, latencyMillis: durationMillis };
  return verdict;
}

function failed(name: string, payload: string): Verdict {
  return parseFunctionError(payload).errorMessage === 'Unauthorized'
    ? { status: 401, reason: `authorizer \`${name}\` said "Unauthorized"` }
    : { status: 500, reason: `authorizer \`${name}\` failed: ${describeFunctionError(payload)}` };
}

function readVerdict(
  name: string, payload: string, methodArn: string, integrationLatency: number, conditions: () => AccessContext,
): Verdict {
  try {
    const { principalId, policyDocument, context, usageIdentifierKey } = parseResult(payload);
    const decision = isAllowed(statementsOf(policyDocument), { action: 'execute-api:Invoke', resource: methodArn, context: conditions });
    return decision === 'allow'
      ? { status: 200, context: { ...context, principalId, integrationLatency }, usageIdentifierKey }
      : { status: 403, reason: `authorizer \`${name}\` ${decision === 'explicit-deny' ? 'denied' : 'did not allow'} \`${methodArn}\`` };
  } catch (error) {
    return { status: 500, reason: `authorizer \`${name}\`: ${(error as Error).message}` };
  }
}

interface AuthorizerResult {
  readonly principalId: string;
  readonly policyDocument: object;
  readonly context: Readonly<Record<string, string | null>>;
  readonly usageIdentifierKey?: string;
}

function parseResult(payload: string): AuthorizerResult {
  if (Buffer.byteLength(payload) > MAX_RESULT_BYTES) {
    throw new Error(`its result has ${Buffer.byteLength(payload)} bytes: API Gateway takes ${MAX_RESULT_BYTES}`);
  }
  const result = JSON.parse(payload);
  if (typeof result?.principalId !== 'string' || typeof result.policyDocument !== 'object' || result.policyDocument === null) {
    throw new Error('its result has no `principalId` or no `policyDocument`: return both');
  }
  return { ...result, context: asContext(result.context ?? {}) };
}

/** API Gateway hands everything on as text. */
function asContext(context: unknown): Record<string, string | null> {
  if (typeof context !== 'object' || context === null || Array.isArray(context)) {
    throw new Error('its `context` is not an object: return one, with text, numbers or booleans in it');
  }
  return Object.fromEntries(Object.entries(context).map(([key, value]) => {
    if (value !== null && !['string', 'number', 'boolean'].includes(typeof value)) {
      throw new Error(`\`context.${key}\` is not text, a number or a boolean: API Gateway takes nothing else; send it as JSON text`);
    }
    return [key, value === null ? null : String(value)];
  }));
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
    case 'stageVariables': return exchange.stage.variables[name] || undefined;
    case 'context': {
      const value = name.split('.').reduce((at: any, part) => at?.[part], exchange.context());
      return value === undefined ? undefined : String(value);
    }
    default: return undefined;
  }
}
