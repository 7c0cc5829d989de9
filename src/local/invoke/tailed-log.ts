import { Trace } from '../events/trace';

const MAX_BYTES = 4096;

/** The end of what a function prints during an invocation, for callers that ask for it (`X-Amz-Log-Type: Tail`). */
export class TailedLog {
  private text = '';
  private readonly stop: () => void;

  constructor(trace: Pick<Trace, 'listen'>, requestId: string) {
    this.stop = trace.listen((event) => {
      if (event.type === 'function-log' && event.requestId === requestId) { this.text = `${this.text}${event.text}\n`.slice(-MAX_BYTES); }
    });
  }

  /** In base64. */
  public end(): string {
    this.stop();
    return Buffer.from(this.text).subarray(-MAX_BYTES).toString('base64');
  }
}
