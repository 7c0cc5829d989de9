import { reply } from './shared';

export async function main(event: { body: string }) {
  return reply({ echo: event.body, callbackUrl: process.env.WEBSOCKET_CALLBACK_URL });
}
