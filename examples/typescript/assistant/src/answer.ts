import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { BedrockRuntimeClient, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { ClientHasLeft, post } from './connection';
import { failureOf, logFailure } from './failure';
import { type Frame, InvalidMessage, parseQuestion, type Question } from './frames';

const MAX_TOKENS = 4_000;

/** Until Bedrock has been told that the stream is aborted. */
const MILLIS_TO_ABORT = 50;

const bedrock = new BedrockRuntimeClient();

/** The answer of the model to one question of one client. */
export class Answer {
  /** Lambda may call the function twice for one question. By this, the client keeps the two answers apart. */
  private readonly answer = randomUUID();
  private readonly cancel = new AbortController();
  private isOutOfTime = false;
  private chunks = 0;
  private id?: string;

  constructor(private readonly connectionId: string) {}

  /** Streams it to the client: chunks, and then either the end or an error. */
  async stream(body: string | undefined): Promise<void> {
    try {
      await this.ask(parseQuestion(body));
    } catch (error) {
      // Nobody reads on. Without this, the stream stays open, and the model goes on at your cost.
      this.cancel.abort();
      await this.fail(error);
    }
  }

  /** There is no time left. */
  end(): void {
    this.isOutOfTime = true;
    this.cancel.abort();
  }

  private async ask({ id, question }: Question): Promise<void> {
    this.id = id;
    const { stream = [] } = await bedrock.send(new ConverseStreamCommand({
      modelId: process.env.MODEL_ID,
      messages: [{ role: 'user', content: [{ text: question }] }],
      inferenceConfig: { maxTokens: MAX_TOKENS },
    }), { abortSignal: this.cancel.signal });

    let stopReason: string | undefined;
    for await (const { contentBlockDelta, messageStop } of stream) {
      const text = contentBlockDelta?.delta?.text;
      // One post after the other: chunks arrive in their order.
      if (text) { await post(this.connectionId, { type: 'chunk', id, answer: this.answer, index: this.chunks++, text }); }
      stopReason ??= messageStop?.stopReason;
    }
    if (stopReason === undefined) { throw new Error('the stream ended before the answer did'); }
    await post(this.connectionId, { type: 'end', id, answer: this.answer, chunks: this.chunks, stopReason });
  }

  private async fail(error: unknown): Promise<void> {
    if (error instanceof ClientHasLeft) {
      // Lambda freezes a function that returns, with whatever it has not sent.
      await setTimeout(MILLIS_TO_ABORT);
      return;
    }
    try {
      await post(this.connectionId, this.errorFrame(error));
    } catch (another) {
      if (!(another instanceof ClientHasLeft)) { throw another; }
    }
  }

  private errorFrame(error: unknown): Frame {
    const frame = { type: 'error', id: this.id, answer: this.answer } as const;
    if (error instanceof InvalidMessage) { return { ...frame, id: error.id, code: 'invalid-message', message: error.message }; }
    if (this.isOutOfTime) { return { ...frame, code: 'too-long', message: 'the answer took too long and was ended: ask for less' }; }
    logFailure(error);
    return { ...frame, ...failureOf(error, this.chunks > 0) };
  }
}
