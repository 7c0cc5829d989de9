// `node scripts/docs/contract.mjs`: makes the contract in docs/local-gateway.md from the titles of the tests that check it. `--check`
// writes nothing, and fails if the page is out of date. `--results <file>` takes the output of `jest --json`, and prints each row with its
// result.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROWS as rows, SECTIONS } from '../contract/rows.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = 'docs/local-gateway.md';
const [begin, end] = ['<!-- contract: made by scripts/docs/contract.mjs -->', '<!-- end of the contract -->'];

const TAGS = { D: 'documented', C: 'confirmed' };
const results = option('--results');
if (results !== undefined) {
  console.log(withResults(JSON.parse(readFileSync(results, 'utf8'))));
} else {
  const written = readFileSync(join(root, page), 'utf8');
  const [before, rest] = halves(written, begin);
  const [, after] = halves(rest, end);
  const generated = `${before}${begin}\n\n${contract()}\n${end}${after}`;
  if (!process.argv.includes('--check')) {
    writeFileSync(join(root, page), generated);
  } else if (generated !== written) {
    console.error(`the contract in ${page} is not what the tests say: run \`node scripts/docs/contract.mjs\``);
    process.exitCode = 1;
  }
}

function contract() {
  const checked = rows.filter(({ tag }) => tag !== 'U');
  const assumed = rows.filter(({ tag }) => tag === 'U');
  return [
    '## The contract',
    '',
    `What API Gateway does, row by row, and the test that holds the gateway to it: first ${assumed.length} [assumptions](#assumptions) that nobody has`,
    `proven, then ${checked.length} rows with evidence. *Documented*: AWS's documentation says so. *Confirmed*: others captured it from API Gateway itself.`,
    'A tag that is a link leads to the page.',
    '',
    '### Assumptions',
    '',
    'Nobody documents these. The gateway behaves as stated, and API Gateway may do otherwise: do not build on them. If you have an AWS account,',
    '[one command](../CONTRIBUTING.md#the-contract-replayed-on-aws) asks AWS.',
    '',
    ...table(['', 'of', 'what we assume', 'test'], assumed.map((row) => [row.section, row.subject, row.statement, link(row.file)])),
    ...Object.entries(SECTIONS).flatMap(([section, title]) => [
      '',
      `### ${section} ${code(title)}`,
      '',
      ...table(['', 'of', 'what holds', 'test'], checked.filter((row) => row.section === section).map((row) => [tag(row), row.subject, row.statement, link(row.file)])),
    ]),
    '',
  ].join('\n');
}

/** With a link to the evidence, where the row names it. */
function tag({ tag: letter, source }) {
  return source === undefined ? TAGS[letter] : `[${TAGS[letter]}](${source})`;
}

function withResults({ testResults }) {
  const assertions = testResults.flatMap(({ assertionResults }) => assertionResults);
  const statuses = new Map(assertions.map(({ fullName, status }) => [fullName, status]));
  const withStatus = rows.map((row) => ({ ...row, status: statuses.get(row.name) ?? 'not run' }));
  return [
    ...table(['', '', 'of', 'what holds', 'result'], withStatus.map(({ section, tag, subject, statement, status }) => [section, TAGS[tag] ?? 'assumed', subject, statement, status])),
    '',
    `${withStatus.length} rows, ${withStatus.filter(({ status }) => status === 'passed').length} passed`,
  ].join('\n');
}

function table(head, lines) {
  return [head, head.map(() => '---'), ...lines.map((cells) => cells.map(code))].map((cells) => `| ${cells.join(' | ')} |`.replaceAll('|  |', '| |'));
}

/** Names as code, and nothing that Markdown takes for its own. */
function code(text) {
  return text.replaceAll('|', '\\|').split(/(`[^`]*`|\[[^\]]*\]\([^)]*\))/).map((part, index) => (
    index % 2 === 1 ? part : part.replace(/\\?\$\w+|@connections|\b(?:__)?[a-z]+[A-Z]\w*\b/g, '`$&`')
  )).join('');
}

function link(file) {
  return `[${file.replace('test/local/', '').replace('contract/rows/', '').replace(/(\.test)?\.ts$/, '')}](../${file})`;
}

function option(name) {
  const at = process.argv.indexOf(name);
  return at === -1 ? undefined : process.argv[at + 1];
}

function halves(text, separator) {
  const at = text.indexOf(separator);
  if (at === -1) { throw new Error(`${page} has no line \`${separator}\`: put it where the contract is to stand`); }
  return [text.slice(0, at), text.slice(at + separator.length)];
}
