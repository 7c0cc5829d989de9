import type { APIGatewayProxyWebsocketEventV2, Context } from 'aws-lambda';
import { Answer } from './answer';

/** So much of the function's time is kept to tell the client that there is none left. */
const MILLIS_TO_SAY_SO = 5_000;

/** Answers a question. Nobody waits for this function: whatever happens, it tells the client. */
export async function main({ body, requestContext: { connectionId } }: APIGatewayProxyWebsocketEventV2, context: Context): Promise<void> {
  const answer = new Answer(connectionId);
  const timer = setTimeout(() => answer.end(), context.getRemainingTimeInMillis() - MILLIS_TO_SAY_SO);
  try {
    await answer.stream(body);
  } finally {
    clearTimeout(timer);
  }
}
