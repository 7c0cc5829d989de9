import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import { Client } from '../client';
import { place } from './place/arrival';
import { Credentials } from './place/place';

// What rows say to a place.

type Options = Parameters<typeof Client.connect>[1];

export const urlOf = (name: string) => place.api(name).url;
export const connect = (name: string, query = '', options: Options = {}) => Client.connect(`${urlOf(name)}${query}`, options);
export const refused = (name: string, query = '', options: Options = {}) => Client.refusal(`${urlOf(name)}${query}`, options);

/** The URL for programs that speak HTTP, which is also that of `@connections`. */
export const httpOf = (name: string) => urlOf(name).replace(/^ws/, 'http');

/** The id of a connection whose messages are echoed. */
export async function idOf(client: Client, message: unknown = '{}'): Promise<string> {
  return JSON.parse(await client.ask(message)).requestContext.connectionId;
}

/** What a handler that answers nobody was given. */
export async function eventOf(connectionId: string, eventType: string): Promise<any> {
  const isEvent = (line: string) => line.includes('EVENT ') && line.includes(`"eventType":"${eventType}"`) && !line.includes('"methodArn"');
  return eventIn(await place.line(connectionId, isEvent));
}

/** What the authorizer of a connection was given. */
export async function authorizerEventOf(connectionId: string): Promise<any> {
  return eventIn(await place.line(connectionId, (line) => line.includes('"methodArn"')));
}

export async function management(name: string, credentials?: Credentials, endpoint = httpOf(name)): Promise<ApiGatewayManagementApiClient> {
  const { region } = place;
  return new ApiGatewayManagementApiClient({ endpoint, region, credentials: credentials ?? await place.credentials(), maxAttempts: 1 });
}

/** Lambda puts the time and the request before it. */
function eventIn(line: string) {
  return JSON.parse(line.slice(line.indexOf('EVENT ') + 'EVENT '.length));
}
