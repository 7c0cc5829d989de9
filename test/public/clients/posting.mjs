// A client, and the id by which others post to it.
import { Client, serveEcho } from '../served.mjs';

export async function postingTo(t) {
  const gateway = await serveEcho(t);
  const client = await Client.connect(t, gateway.url);
  const [{ connectionId }] = gateway.connections();
  return { gateway, client, connectionId };
}
