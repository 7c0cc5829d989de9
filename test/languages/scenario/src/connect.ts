import { reply } from './shared';

export async function main(event: { requestContext: { connectionId: string } }) {
  return reply({ connected: event.requestContext.connectionId });
}
