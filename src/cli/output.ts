import type { WriteStream } from 'node:tty';

const FLUSH_MILLIS = 10;
/** If the output is no terminal, the footer is printed again after so many lines. */
const LINES_BETWEEN_FOOTERS = 500;
const ERASE_LINE = '\r\u001b[K';

/** Lines on a stream. On a terminal, a footer stays below them; elsewhere it comes again from time to time. */
export class Output {
  private waiting: Array<string | (() => string | undefined)> = [];
  private written = '';
  private lines = 0;
  private hasFooter = false;

  /** @param footer one line of at most so many columns */
  constructor(private readonly stream: NodeJS.WriteStream | WriteStream, private readonly footer?: (columns: number) => string) {
    process.on('exit', () => this.end());
  }

  /**
   * What is printed at about the same time is written at once: messages come by the thousand.
   *
   * @param text if it is a function, it is called soon, while the gateway waits for others: it makes no message late. If it returns
   * undefined, nothing is printed
   */
  public print(text: string | (() => string | undefined)) {
    if (this.waiting.length === 0) { setImmediate(() => this.compose()); }
    this.waiting.push(text);
  }

  private compose() {
    if (this.waiting.length > 0 && this.written === '') { setTimeout(() => this.flush(), FLUSH_MILLIS); }
    for (const one of this.waiting.splice(0)) {
      const text = typeof one === 'string' ? one : one();
      if (text === undefined) { continue; }
      this.written += `${text}\n`;
      if (this.footer && !this.stream.isTTY && ++this.lines % LINES_BETWEEN_FOOTERS === 0) { this.written += `${this.footer(Infinity)}\n`; }
    }
  }

  private flush() {
    const { written, footer, stream } = this;
    if (written === '') { return; }
    this.written = '';
    const erase = this.hasFooter ? ERASE_LINE : '';
    this.hasFooter = footer !== undefined && stream.isTTY;
    stream.write(erase + written + (this.hasFooter ? footer!((stream.columns || 80) - 1) : ''));
  }

  private end() {
    this.compose();
    this.flush();
    if (this.hasFooter) { this.stream.write(ERASE_LINE); }
  }
}
