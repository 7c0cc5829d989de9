import { IncomingMessage } from 'node:http';

/** Undefined if it has more bytes. The rest is read and dropped, so that the client gets its answer. */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  return new Promise((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= maxBytes) { chunks.push(chunk); }
    });
    request.on('end', () => resolve(length <= maxBytes ? Buffer.concat(chunks) : undefined));
    request.on('error', reject);
    request.on('close', () => { if (!request.complete) { reject(new Error('the client has gone before its request was whole')); } });
  });
}
