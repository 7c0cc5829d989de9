import { WebSocketEvent } from './event';
import { ValueSettings } from '../../connections/settings';

/** Reads a value of a handshake. Undefined if it is not there, or empty. */
export function handshakeValue(event: WebSocketEvent, { place, name }: ValueSettings): string | undefined {
  const { headers = {}, queryStringParameters = {}, stageVariables = {}, requestContext } = event;
  const value = {
    header: () => Object.entries(headers).find(([header]) => header.toLowerCase() === name.toLowerCase())?.[1],
    subprotocol: () => undefined,
    queryString: () => own(queryStringParameters, name),
    stageVariable: () => own(stageVariables, name),
    authorizer: () => own(requestContext.authorizer ?? {}, name),
    context: () => name.split('.').reduce<unknown>((at, part) => own(at, part), requestContext),
  }[place]();
  return value === undefined || value === null || typeof value === 'object' || value === '' ? undefined : String(value);
}

/** The key that a value is kept by in the table. */
export function expressionOf({ place, name }: ValueSettings): string {
  return `${place}:${name}`;
}

function own(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as { [name: string]: unknown })[name] : undefined;
}
