import { stripVTControlCharacters } from 'node:util';

const MARKS = { passed: '✓', failed: '✗' };
/** Of what a test says about its failure. */
const MAX_LINES = 14;

/**
 * Compares what came out in two places, row by row.
 *
 * @param outcomes by the name of a row: its status, and why it failed; `here` is the gateway in this process, undefined if nobody asked it
 * @returns what to print, and how many rows differ; assumptions come first
 */
export function report(rows, { there, here, name, slow }) {
  const compared = [...rows.filter(({ tag }) => tag === 'U'), ...rows.filter(({ tag }) => tag !== 'U')].map((row) => ({ ...row, ...compare(row, { there, here, slow }) }));
  const of = (...verdicts) => compared.filter(({ verdict }) => verdicts.includes(verdict));
  const replayed = of('same', 'different');
  const columns = here === undefined ? [name] : ['gateway', name];
  const lines = [
    ['', ...columns, 'row'],
    ...replayed.map(({ verdict, marks, section, tag, subject, statement }) => [verdict, ...marks, `${section} ${tag}  ${subject} ${statement}`]),
  ];
  const widths = lines[0].slice(0, -1).map((_, column) => Math.max(...lines.map((cells) => cells[column].length)));
  const missing = of('not replayed');
  const different = of('different');
  return {
    different: different.length,
    text: [
      ...lines.map((cells) => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')),
      ...missing.length === 0 ? [] : ['', 'Not replayed:'],
      ...missing.map(({ section, tag, subject, statement, why }) => `– ${section} ${tag}  ${[subject, statement].join(' ').trim()}: ${why}`),
      ...different.flatMap(({ title, subject, message }) => ['', `✗ ${subject} ${title}`, ...message.map((line) => `  ${line}`)]),
      '',
      `${rows.length} rows, ${replayed.length} replayed, ${different.length} different`,
    ].join('\n'),
  };
}

function compare(row, { there, here, slow }) {
  const [outcome, own] = [there.get(row.name), here?.get(row.name)];
  const reason = reasonOf(row, outcome, slow);
  if (reason !== undefined) { return { verdict: 'not replayed', why: reason }; }
  const marks = [...here === undefined ? [] : [MARKS[own?.status] ?? '–'], MARKS[outcome.status]];
  const same = [outcome, ...here === undefined ? [] : [own]].every((one) => one?.status === 'passed');
  return { verdict: same ? 'same' : 'different', marks, message: linesOf(outcome.message || own?.message || '') };
}

/** Why a row was not replayed; undefined if it was. */
function reasonOf({ file, onlyHere, minutes }, outcome, slow) {
  if (onlyHere !== undefined) { return onlyHere; }
  if (minutes !== undefined && !slow) { return `it takes ${minutes} minutes: \`--slow\``; }
  if (!file.startsWith('test/local/contract/')) { return `${file} checks it without a connection to the app of the contract`; }
  if (outcome === undefined || outcome.status === 'pending') { return 'nobody asked for it'; }
  return /cannot be replayed: (.*)/.exec(outcome.message)?.[1];
}

function linesOf(message) {
  const lines = stripVTControlCharacters(message).split('\n').filter((line) => line.trim() !== '' && !/^\s+at /.test(line));
  return lines.length > MAX_LINES ? [...lines.slice(0, MAX_LINES), '…'] : lines;
}
