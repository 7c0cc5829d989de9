import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';

interface Event {
  readonly requestContext: {
    readonly connectionId: string;
    readonly routeKey: string;
    readonly authorizer?: { readonly [key: string]: string };
  };
  readonly body?: string;
}

export async function connect({ requestContext }: Event) {
  return { statusCode: requestContext.authorizer?.email === undefined ? 403 : 200 };
}

export async function disconnect() {
  return { statusCode: 200 };
}

/** Says who asked, and which revision answers. */
export async function echo({ requestContext }: Event) {
  const { routeKey, authorizer } = requestContext;
  return { statusCode: 200, body: JSON.stringify({ route: routeKey, revision: process.env.REVISION, user: authorizer?.sub }) };
}

/** Nobody waits for this function, so it answers through the broadcaster. */
export async function ask({ requestContext: { connectionId } }: Event) {
  await new LambdaClient().send(new InvokeCommand({
    FunctionName: process.env.WEBSOCKET_BROADCASTER,
    InvocationType: 'Event',
    Payload: JSON.stringify({ action: 'sendToConnection', connectionId, data: JSON.stringify({ answer: 42 }) }),
  }));
}

/** Does what nobody has permitted. */
export async function trespass({ body }: Event) {
  const error = await new DynamoDBClient().send(new DescribeTableCommand({ TableName: JSON.parse(body!).table })).catch(({ name }) => name);
  return { statusCode: 200, body: JSON.stringify({ error }) };
}
