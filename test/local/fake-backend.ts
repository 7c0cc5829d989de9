import { EventEmitter } from 'node:events';
import { IncomingMessage } from 'node:http';
import { ManualClock } from '../../src/local/clock';
import { parseTarget } from '../../src/local/definition/integration-target';
import { ApiModel, IntegrationModel, Model, RouteModel, ServedStage, StageModel } from '../../src/local/definition/model';
import { Peer } from '../../src/local/dispatch/peer';
import { validateBody } from '../../src/local/dispatch/request-model';
import { Trace } from '../../src/local/events/trace';
import { Callers } from '../../src/local/iam/callers';
import { EVALUATIONS } from '../../src/local/integrations/evaluations';
import { Functions, Result } from '../../src/local/lambda/functions';
import { Backend, Throttles } from '../../src/local/wire/backend';
import { Connection } from '../../src/local/wire/connection';

// Parts for tests of what handles events: models with sensible defaults, and functions that are JavaScript.

export const FUNCTION = 'arn:aws:lambda:eu-west-1:111111111111:function:chat';

export function integrationModel(change: Partial<IntegrationModel> = {}): IntegrationModel {
  return {
    type: 'AWS_PROXY',
    path: 'Stack/Integration',
    target: parseTarget(FUNCTION),
    method: 'POST',
    requestTemplates: {},
    requestParameters: {},
    passthroughBehavior: 'WHEN_NO_MATCH',
    timeoutMillis: 29_000,
    responses: [],
    ...change,
  };
}

export function routeModel(key: string, change: Partial<RouteModel> = {}): RouteModel {
  return {
    key, authorization: { type: 'NONE' }, apiKeyRequired: false, integration: integrationModel(), requestModels: new Map(), response: true, ...change,
  };
}

export function stageModel(change: Partial<StageModel> = {}): StageModel {
  return { name: 'dev', variables: {}, defaultThrottle: {}, routeThrottles: new Map(), ...change };
}

export function apiModel(routes: readonly RouteModel[], change: Partial<ApiModel> = {}): ApiModel {
  return {
    id: 'a1b2c3d4e5',
    name: 'Chat',
    path: 'Stack/Api',
    region: 'eu-west-1',
    account: '111111111111',
    urlSuffix: 'amazonaws.com',
    partition: 'aws',
    routeSelectionExpression: '$request.body.action',
    apiKeySelectionExpression: '$request.header.x-api-key',
    disableExecuteApiEndpoint: false,
    routes: new Map(routes.map((route) => [route.key, route])),
    stages: [stageModel()],
    mappings: [],
    ...change,
  };
}

export function placeIn(api: ApiModel): ServedStage {
  return { api, stage: api.stages[0] };
}

export function peer(change: Partial<Peer> = {}): Peer {
  return { id: 'L0SM9cOFvHcCIhw=', connectedAt: 1_700_000_000_000, domainName: 'localhost:3001', identity: { sourceIp: '127.0.0.1' }, ...change };
}

/** A function that answers this to its events. */
export type Handler = (event: any) => unknown;

/** @param refusal why API Gateway may not invoke them */
export function functionsOf(handler: Handler, refusal?: string): Pick<Functions, 'invoke' | 'refusal'> & { readonly invoked: string[]; readonly asked: string[] } {
  const invoked: string[] = [];
  const asked: string[] = [];
  return {
    invoked,
    asked,
    async invoke(arn, event): Promise<Result> {
      invoked.push(arn);
      try {
        const answer = await handler(JSON.parse(event));
        return { requestId: 'invocation', payload: JSON.stringify(answer === undefined ? null : answer), durationMillis: 1 };
      } catch (error) {
        return { requestId: 'invocation', payload: JSON.stringify({ errorType: 'Error', errorMessage: (error as Error).message }), functionError: 'Unhandled', durationMillis: 1 };
      }
    },
    refusal(_, sourceArn) {
      asked.push(sourceArn);
      return refusal;
    },
  };
}

export interface FakeBackend extends Backend {
  /** Serves another version of the API from now on. */
  reload(api: ApiModel): void;
}

export function backendOf(
  api: ApiModel, handler: Handler = () => ({ statusCode: 200 }), change: Partial<Backend> & { readonly model?: Partial<Model> } = {},
): FakeBackend {
  const clock = new ManualClock();
  const modelOf = (served: ApiModel): Model => ({
    apis: [served], functions: new Map(), principals: [], apiKeys: new Map(), tables: [], unresolved: [], warnings: [], ...change.model,
  });
  return {
    clock,
    trace: new Trace(() => clock.now()),
    callers: new Callers(),
    functions: functionsOf(handler) as unknown as Functions,
    eventInvocations: { begin: () => { throw new Error('no asynchronous invocation is expected'); } },
    connections: new Map(),
    runIntegration: async () => { throw new Error('no other integration is expected'); },
    addresses: { find: () => ({ ...placeIn(api), rest: '', domainName: 'localhost:3001' }) } as unknown as Backend['addresses'],
    throttles: new Throttles(clock),
    confined: { run: async (_: string, name: string, ...args: any[]) => (({ ...EVALUATIONS, validateBody }) as any)[name](...args) },
    ...change,
    model: modelOf(api),
    reload(changed) { this.model = modelOf(changed); },
  };
}

/** A connection that is open, and what it was sent. */
export function openConnection(backend: Backend, api: ApiModel): { readonly connection: Connection; readonly sent: string[] } {
  const sent: string[] = [];
  const socket = Object.assign(new EventEmitter(), {
    readyState: 1,
    close: () => undefined,
    terminate: () => undefined,
    pause: () => undefined,
    resume: () => undefined,
  });
  const connection = new Connection('L0SM9cOFvHcCIhw=', { ...placeIn(api), rest: '', domainName: 'localhost:3001' }, { sourceIp: '127.0.0.1' }, backend.clock);
  // The text of a single frame.
  const write = (frame: Buffer) => sent.push(frame.toString('utf8', frame[1] === 126 ? 4 : 2)) > 0;
  connection.opened(socket as any, { writableLength: 0, write });
  backend.connections.set(connection.id, connection);
  return { connection, sent };
}

/** A request as Node.js reads it. */
export function incomingMessage(url: string, headers: { readonly [name: string]: string } = {}, more: object = {}): IncomingMessage {
  return {
    method: 'GET',
    url,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    rawHeaders: Object.entries(headers).flat(),
    socket: { remoteAddress: '127.0.0.1', localPort: 3001 },
    ...more,
  } as unknown as IncomingMessage;
}
