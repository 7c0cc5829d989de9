import type { WriteStream } from 'node:tty';

const FLUSH_MILLIS = 10;
/** If the output is no terminal, the footer is printed again after so many lines. */
const LINES_BETWEEN_FOOTERS = 500;
const ERASE_LINE = '\r\u001b[K';

/** Lines on a stream. On a terminal, a footer stays below them; elsewhere it comes again from time to time. */
export class Output {
  private waiting = '';
  private lines = 0;
  private hasFooter = false;

  /** @param footer one line of at most so many columns */
  constructor(private readonly stream: NodeJS.WriteStream | WriteStream, private readonly footer?: (columns: number) => string) {
    process.on('exit', () => this.end());
  }

  /** What is printed at about the same time is written at once: messages come by the thousand. */
  public print(text: string) {
    if (this.waiting === '') { setTimeout(() => this.flush(), FLUSH_MILLIS); }
    this.waiting += `${text}\n`;
    if (this.footer && !this.stream.isTTY && ++this.lines % LINES_BETWEEN_FOOTERS === 0) { this.waiting += `${this.footer(Infinity)}\n`; }
  }

  private flush() {
    const { waiting, footer, stream } = this;
    if (waiting === '') { return; }
    this.waiting = '';
    const erase = this.hasFooter ? ERASE_LINE : '';
    this.hasFooter = footer !== undefined && stream.isTTY;
    stream.write(erase + waiting + (this.hasFooter ? footer!((stream.columns || 80) - 1) : ''));
  }

  private end() {
    this.flush();
    if (this.hasFooter) { this.stream.write(ERASE_LINE); }
  }
}
