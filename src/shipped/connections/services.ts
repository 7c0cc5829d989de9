import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ConnectionSettings, GroupRouteSettings } from '../../connections/settings';
import { Functions, lambdaFunctions } from '../invocation/functions';
import { ConnectionsApi, connectionsApiOf } from '../posts/connections-api';
import { ConnectionTable } from '../table/connection-table';

/** What the function has from its environment. */
export interface Services {
  readonly functions: Functions;
  /** The ARN of the function of the app behind `$connect`. */
  readonly connectHandler?: string;
  /** The ARN of the function of the app behind `$disconnect`. */
  readonly disconnectHandler?: string;
  /** Who is connected, if the API keeps a table. */
  readonly store?: Store;
}

export interface Store {
  readonly table: ConnectionTable;
  readonly connections: ConnectionsApi;
  readonly broadcaster: string;
  readonly settings: ConnectionSettings;
  readonly routes: { readonly [routeKey: string]: GroupRouteSettings };
  /** Milliseconds. */
  readonly now: () => number;
  readonly log: (line: string) => void;
}

export function servicesOf(environment: NodeJS.ProcessEnv): Services {
  return {
    functions: lambdaFunctions(),
    connectHandler: environment.CONNECT_HANDLER,
    disconnectHandler: environment.DISCONNECT_HANDLER,
    store: environment.CONNECTION_TABLE === undefined ? undefined : storeOf(environment),
  };
}

function storeOf(environment: NodeJS.ProcessEnv): Store {
  return {
    table: new ConnectionTable(new DynamoDBClient(), environment.CONNECTION_TABLE!),
    connections: connectionsApiOf(environment, 10),
    broadcaster: environment.WEBSOCKET_BROADCASTER!,
    settings: JSON.parse(environment.CONNECTION_SETTINGS!) as ConnectionSettings,
    routes: JSON.parse(environment.ROUTES ?? '{}') as Store['routes'],
    now: Date.now,
    log: console.log,
  };
}
