import { OutputLines } from '../../../../src/local/lambda/process/output-lines';

function linesOf(...chunks: Array<string | Buffer>): string[] {
  const lines: string[] = [];
  const output = new OutputLines((text) => lines.push(text));
  for (const chunk of chunks) { output.write(Buffer.from(chunk)); }
  output.flush();
  return lines;
}

test('lines come however they are cut into pieces', () => {
  expect(linesOf('one\ntw', 'o\r\n', '\nthree')).toEqual(['one', 'two', '', 'three']);
});

test('characters come whole', () => {
  const [first, second] = [Buffer.from('ä\n').subarray(0, 1), Buffer.from('ä\n').subarray(1)];
  expect(linesOf(first, second)).toEqual(['ä']);
});

test('a line without end is cut once, and the next one is whole', () => {
  const piece = 'x'.repeat(200 * 1024);
  expect(linesOf(piece, piece, piece, 'x\nnext\n')).toEqual([`${'x'.repeat(256 * 1024)} … (line cut at 256 KB)`, 'next']);
});

test('nothing is no line', () => {
  expect(linesOf('')).toEqual([]);
});
