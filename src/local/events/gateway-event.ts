/**
 * The fields of each type of event, beside its time. The report, the page and the guide follow: if one lacks a type or a field, a test
 * names it.
 */
export interface EventFields {
  'connect': {
    readonly api: string;
    readonly stage: string;
    readonly connectionId: string;
    readonly status: number;
    readonly sourceIp: string;
    readonly durationMillis: number;
    readonly reason?: string;
  };
  'message': {
    readonly api: string;
    readonly stage: string;
    readonly connectionId: string;
    readonly requestId: string;
    readonly routeKey: string;
    readonly body: string;
  };
  'answer': {
    readonly connectionId: string;
    readonly requestId: string;
    readonly routeKey: string;
    readonly status: number;
    readonly durationMillis: number;
    readonly body?: string;
    readonly reason?: string;
  };
  'connections-api': {
    readonly method: 'POST' | 'GET' | 'DELETE';
    readonly connectionId: string;
    readonly status: number;
    readonly caller: string;
    readonly body?: string;
    readonly reason?: string;
  };
  'invoke-api': {
    readonly function: string;
    readonly invocationType: 'RequestResponse' | 'Event' | 'DryRun';
    readonly status: number;
    readonly caller: string;
    readonly durationMillis: number;
    readonly body?: string;
    readonly answer?: string;
    readonly reason?: string;
  };
  'event-invocation': {
    readonly function: string;
    readonly requestId: string;
    readonly attempt: number;
    readonly durationMillis: number;
    readonly reason?: string;
    readonly retryInMillis?: number;
  };
  'disconnect': { readonly api: string; readonly stage: string; readonly connectionId: string; readonly code: number; readonly reason: string };
  'access-log': { readonly api: string; readonly stage: string; readonly line: string };
  'function-log': { readonly function: string; readonly requestId?: string; readonly stream: 'stdout' | 'stderr'; readonly text: string };
  'function': {
    readonly function: string;
    readonly what: 'start' | 'ready' | 'exit' | 'timeout' | 'init-error' | 'inspect';
    readonly durationMillis?: number;
    readonly reason?: string;
  };
  'reload': { readonly what: string; readonly durationMillis: number };
  'warning': { readonly text: string };
}

export type EventType = keyof EventFields;

/** The names of the fields, for what is not TypeScript. The compiler checks that none is missing. */
export const EVENT_FIELDS: { readonly [Type in EventType]: Readonly<Record<keyof Required<EventFields[Type]>, true>> } = {
  'connect': { api: true, stage: true, connectionId: true, status: true, sourceIp: true, durationMillis: true, reason: true },
  'message': { api: true, stage: true, connectionId: true, requestId: true, routeKey: true, body: true },
  'answer': { connectionId: true, requestId: true, routeKey: true, status: true, durationMillis: true, body: true, reason: true },
  'connections-api': { method: true, connectionId: true, status: true, caller: true, body: true, reason: true },
  'invoke-api': {
    function: true, invocationType: true, status: true, caller: true, durationMillis: true, body: true, answer: true, reason: true,
  },
  'event-invocation': { function: true, requestId: true, attempt: true, durationMillis: true, reason: true, retryInMillis: true },
  'disconnect': { api: true, stage: true, connectionId: true, code: true, reason: true },
  'access-log': { api: true, stage: true, line: true },
  'function-log': { function: true, requestId: true, stream: true, text: true },
  'function': { function: true, what: true, durationMillis: true, reason: true },
  'reload': { what: true, durationMillis: true },
  'warning': { text: true },
};

/** What happens in the gateway, for people (terminal, page) and programs (JSON lines). */
export type GatewayEvent = { [Type in EventType]: { readonly time: number; readonly type: Type } & EventFields[Type] }[EventType];

/** An event whose time is not known yet. */
export type NewEvent = { [Type in EventType]: { readonly type: Type } & EventFields[Type] }[EventType];
