import { constants, createServer, type Http2Session, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { EventStreamCodec } from '@smithy/eventstream-codec';

/** What the stand-in says, piece by piece. It may throw a `BedrockException`, at first or in the middle. Any other error cuts the line. */
export type Answers = (question: string) => AsyncIterable<string>;

/** An exception as Bedrock sends it: as a status before the answer, as an event within it. */
export class BedrockException extends Error {
  constructor(readonly exception: string, message: string, readonly status = 400) {
    super(message);
  }
}

export interface BedrockStandIn {
  readonly url: string;
  /** The ids of the models that were asked, in order. */
  readonly models: string[];
  /** The questions whose answers were cancelled. */
  readonly cancelled: string[];
  close(): Promise<void>;
}

const codec = new EventStreamCodec((bytes) => Buffer.from(bytes).toString(), (characters) => Buffer.from(characters));

/** Answers `ConverseStream` on loopback as Amazon Bedrock does, over HTTP/2, without a model. */
export async function startBedrock(answers: Answers, port = 0): Promise<BedrockStandIn> {
  const [models, cancelled]: string[][] = [[], []];
  const sessions = new Set<Http2Session>();
  const server = createServer();
  server.on('session', (session) => {
    sessions.add(session);
    session.on('close', () => sessions.delete(session));
  });
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {});
    void answer(stream, headers);
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));

  async function answer(stream: ServerHttp2Stream, { ':path': path = '' }: IncomingHttpHeaders) {
    const modelId = /^\/model\/([^/]+)\/converse-stream$/.exec(path)?.[1];
    if (modelId === undefined) {
      stream.respond({ ':status': 404 }, { endStream: true });
      return;
    }
    models.push(decodeURIComponent(modelId));
    const question = JSON.parse(await text(stream)).messages.at(-1).content[0].text;
    stream.once('aborted', () => cancelled.push(question));
    try {
      for await (const piece of answers(question)) {
        if (stream.closed) { return; }
        begin(stream);
        send(stream, 'event', 'contentBlockDelta', { contentBlockIndex: 0, delta: { text: piece } });
      }
      begin(stream);
      send(stream, 'event', 'messageStop', { stopReason: 'end_turn' });
    } catch (error) {
      if (!(error instanceof BedrockException)) {
        stream.close(constants.NGHTTP2_INTERNAL_ERROR);
        return;
      }
      const { exception, message, status } = error;
      if (stream.headersSent) {
        send(stream, 'exception', exception, { message });
      } else {
        stream.respond({ ':status': status, 'content-type': 'application/json', 'x-amzn-errortype': exception });
        stream.write(JSON.stringify({ message }));
      }
    }
    stream.end();
  }

  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    models,
    cancelled,
    async close() {
      sessions.forEach((session) => session.destroy());
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function begin(stream: ServerHttp2Stream): void {
  if (stream.headersSent) { return; }
  stream.respond({ ':status': 200, 'content-type': 'application/vnd.amazon.eventstream' });
  send(stream, 'event', 'messageStart', { role: 'assistant' });
}

function send(stream: ServerHttp2Stream, kind: 'event' | 'exception', type: string, content: object): void {
  const header = (value: string) => ({ type: 'string', value } as const);
  const headers = { ':message-type': header(kind), [`:${kind}-type`]: header(type), ':content-type': header('application/json') };
  stream.write(codec.encode({ headers, body: Buffer.from(JSON.stringify(content)) }));
}
