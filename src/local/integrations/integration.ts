import { BackendHost, callEndpoint, callFunction, callService } from './backend-call';
import { Evaluate } from './evaluations';
import { FailureKind, IntegrationFailure } from './failure';
import { HttpFailure } from './http-call';
import { IntegrationRequest, PreparedRequest } from './request';
import { BackendAnswer, IntegrationAnswer } from './response';
import { withStageVariables } from '../definition/integration-target';
import { IntegrationModel } from '../definition/model';

export type { IntegrationRequest };

export interface IntegrationResult extends IntegrationAnswer {
  /** The status of what was called, if it was. */
  readonly integrationStatus?: number;
  readonly integrationLatencyMillis: number;
  readonly error?: {
    readonly kind: FailureKind;
    readonly message: string;
  };
}

export interface IntegrationHost extends BackendHost {
  readonly evaluate: Evaluate;
}

const STATUSES: Partial<Record<FailureKind, number>> = { timeout: 504, unsupported: 415 };

/** Runs the integration of a route, unless it is a Lambda proxy. Never rejects. */
export async function runIntegration(
  model: IntegrationModel,
  request: IntegrationRequest,
  host: IntegrationHost,
): Promise<IntegrationResult> {
  const started = performance.now();
  const latency = () => ({ integrationLatencyMillis: Math.round(performance.now() - started) });
  const owner = String(request.context.connectionId);
  let integrationStatus: number | undefined;
  try {
    const prepared = await host.evaluate(owner, 'prepareRequest', model, request);
    const answer = await call(model, prepared, request, host);
    integrationStatus = answer.status;
    return { ...await host.evaluate(owner, 'makeResponse', model, request, answer), integrationStatus, ...latency() };
  } catch (error) {
    const kind = error instanceof IntegrationFailure || error instanceof HttpFailure ? error.kind : 'internal';
    return {
      statusCode: STATUSES[kind] ?? 500,
      body: undefined,
      headers: {},
      integrationStatus,
      ...latency(),
      error: { kind, message: (error as Error).message },
    };
  }
}

async function call(
  model: IntegrationModel,
  prepared: PreparedRequest,
  request: IntegrationRequest,
  host: IntegrationHost,
): Promise<BackendAnswer> {
  const { type, target } = model;
  if (type === 'MOCK') { return mockAnswer(prepared.body); }
  const filled = (text: string) => withStageVariables(text, request.stageVariables);
  if (type === 'AWS') {
    return target.kind === 'function'
      ? callFunction(model, filled(target.arn), prepared, host)
      : callService(model, filled(target.uri), prepared, host);
  }
  if (type === 'HTTP' || type === 'HTTP_PROXY') { return callEndpoint(model, filled(target.uri), prepared, request, host); }
  throw new IntegrationFailure('internal', `\`${type}\` is called elsewhere`);
}

/** The template decides what a mock answers. */
function mockAnswer(body = ''): BackendAnswer {
  // API Gateway does not mind what is not quite JSON.
  const [, status] = /["']?\bstatusCode["']?\s*:\s*["']?(\d{3})\b/.exec(body) ?? [];
  if (status === undefined) {
    throw new IntegrationFailure('internal', `the request template of a mock integration made \`${body.slice(0, 200)}\`: it has to make \`{"statusCode": 200}\``);
  }
  return { status: Number(status), headers: {}, body: undefined };
}
