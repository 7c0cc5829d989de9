import { setTimeout } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeliveryServices } from './delivery';
import { Dimensions } from './report';
import { Functions, lambdaFunctions } from '../invocation/functions';
import { connectionsApiOf } from '../posts/connections-api';
import { ConnectionTable } from '../table/connection-table';

/** What the broadcaster works with. */
export interface Services extends DeliveryServices {
  readonly table: ConnectionTable;
  readonly functions: Functions;
  /** The ARN of this function, or of the alias that is invoked. */
  readonly self: string;
  readonly dimensions: Dimensions;
  readonly log: (line: string) => void;
}

/** At 20 ms a post, these are 5 000 posts a second. */
const SOCKETS = 100;

export function servicesOf(environment: NodeJS.ProcessEnv): Omit<Services, 'self'> {
  return {
    table: new ConnectionTable(new DynamoDBClient(), environment.CONNECTION_TABLE!),
    functions: lambdaFunctions(),
    connections: connectionsApiOf(environment, SOCKETS),
    now: Date.now,
    wait: setTimeout,
    maxPostsPerSecond: Number(environment.MAX_POSTS_PER_SECOND),
    atOnce: SOCKETS,
    dimensions: { ApiId: environment.API_ID!, Stage: environment.STAGE! },
    log: console.log,
  };
}
