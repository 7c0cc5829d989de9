import { StringDecoder } from 'node:string_decoder';

const MAX_LINE_CHARACTERS = 256 * 1024;

/** Splits what a process prints into lines. A very long line is cut. */
export class OutputLines {
  private readonly decoder = new StringDecoder('utf8');
  private line = '';
  private cut = false;

  constructor(private readonly onLine: (text: string) => void) {}

  public write(chunk: Buffer) {
    const pieces = this.decoder.write(chunk).split('\n');
    const last = pieces.pop()!;
    for (const piece of pieces) {
      this.append(piece);
      this.endLine();
    }
    this.append(last);
  }

  /** Passes on the last line, which has no line break yet. */
  public flush() {
    if (this.line !== '') { this.endLine(); }
  }

  private append(text: string) {
    if (this.cut) { return; }
    this.line += text;
    if (this.line.length > MAX_LINE_CHARACTERS) {
      this.onLine(`${this.line.slice(0, MAX_LINE_CHARACTERS)} … (line cut at 256 KB)`);
      this.line = '';
      this.cut = true;
    }
  }

  private endLine() {
    const { line, cut } = this;
    this.line = '';
    this.cut = false;
    if (!cut) { this.onLine(line.endsWith('\r') ? line.slice(0, -1) : line); }
  }
}
