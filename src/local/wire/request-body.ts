import { IncomingMessage } from 'node:http';

/** Undefined if it has more bytes. The rest is read and dropped, so that the client gets its answer. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= maxBytes) { chunks.push(chunk); }
  }
  return length <= maxBytes ? Buffer.concat(chunks) : undefined;
}
