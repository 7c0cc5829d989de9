// `node scripts/docs/contract.mjs`: makes the contract in docs/local-gateway.md from the titles of the tests that check it. `--check`
// writes nothing, and fails if the page is out of date. `--results <file>` takes the output of `jest --json`, and prints each row with its
// result.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = 'docs/local-gateway.md';
const [begin, end] = ['<!-- contract: made by scripts/docs/contract.mjs -->', '<!-- end of the contract -->'];

const SECTIONS = {
  '2.1': 'Events',
  '2.2': 'The handshake',
  '2.3': 'Authorization',
  '2.4': 'The route of a message',
  '2.5': 'Answers and integrations',
  '2.6': 'How connections end',
  '2.7': 'Quotas',
  '2.8': '@connections',
  '2.9': 'Throttling, stage variables, access log',
  '2.10': 'Custom domains',
};
const TAGS = { D: 'documented', C: 'confirmed' };

/** Every test of these is a row if its title begins with the number and the tag of one. */
const CONTRACT = ['test/local/contract.test.ts', 'test/local/non-proxy.test.ts', 'test/local/boto3.test.ts'];
/** Rows that a test of one part checks: by its title there, and what that says among the rows. */
const IN_PARTS = {
  'test/local/assembly/readers/api-reader.test.ts': [
    { section: '2.7', tag: 'D', title: 'has what API Gateway has by default', subject: 'an integration', statement: 'is given 29 seconds, if nothing else is said' },
    { section: '2.9', tag: 'D', title: 'may find its function by a stage variable, in each stage', subject: 'an integration', statement: 'may have stage variables in the name of its function' },
  ],
  'test/local/definition/expression.test.ts': [
    { section: '2.4', tag: 'D', title: 'what the client sends is not evaluated again', subject: 'the route of a message', statement: 'is evaluated once: an expression that a client sends is text' },
  ],
  'test/local/faults.test.ts': [
    { section: '2.6', tag: 'D', title: 'that do not read are closed with 1008 once 1 MB waits for them', subject: 'a connection is closed', statement: 'with 1008 for a client that does not read its answers' },
  ],
  'test/local/integrations/integration.test.ts': [
    { section: '2.5', tag: 'D', title: 'parameters become headers, query and path', subject: 'without a Lambda proxy', statement: 'parameters become headers, query and path of the request' },
    { section: '2.5', tag: 'D', title: 'the template of a response is selected by its expression', subject: 'without a Lambda proxy', statement: 'the template of a response is selected by its expression' },
    { section: '2.5', tag: 'D', title: 'an error selects the response by its message', subject: 'without a Lambda proxy', statement: 'the integration response of a function is chosen by the message of its error' },
  ],
  'test/local/dispatch/authorizer.test.ts': [
    {
      section: '2.3',
      tag: 'D',
      title: 'allows by a condition that holds alone',
      subject: 'a Lambda authorizer',
      statement: 'may have conditions in its policy: on the address, the client, the referring page, the time, and on TLS, which AWS always has',
      source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policy-aws-condition-keys.html',
    },
  ],
  'test/local/integrations/velocity-references.test.ts': [
    { section: '2.5', tag: 'U', title: 'a directive right behind a reference is read as Velocity reads it', subject: 'without a Lambda proxy', statement: 'a directive or a comment right behind a reference is read as Velocity reads it' },
  ],
  'test/monitoring/metrics.test.ts': [
    { section: '2.9', tag: 'U', title: 'of a single route have the dimensions of the stage, and `Route`', subject: 'the metrics', statement: 'of a single route have the dimensions `ApiId`, `Stage` and `Route`: so CDK\'s own list of AWS\'s metrics has it, and the documentation names others' },
  ],
  'test/local/wire/access-log.test.ts': [
    { section: '2.9', tag: 'U', title: 'a value that a client chooses stays within its field and its line', subject: 'the access log', statement: 'has values escaped as in a JSON text' },
  ],
  'test/local/iam/verify-signature.test.ts': [
    { section: '2.3', tag: 'D', title: 'a request that AWS\'s own code signed is accepted', subject: 'IAM authorization', statement: 'accepts what AWS\'s own code signed' },
    { section: '2.3', tag: 'D', title: 'a URL that AWS\'s own code signed is accepted', subject: 'IAM authorization', statement: 'accepts a URL that AWS\'s own code presigned' },
  ],
};

const rows = [...CONTRACT.flatMap(rowsOf), ...Object.entries(IN_PARTS).flatMap(rowsInPart)].sort(bySection);
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
    'Nobody documents these. The gateway behaves as stated, and API Gateway may do otherwise: do not build on them.',
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
  const statusOf = ({ names }) => {
    const all = names.map((name) => statuses.get(name) ?? 'not run');
    return all.find((status) => status !== 'passed') ?? 'passed';
  };
  const withStatus = rows.map((row) => ({ ...row, status: statusOf(row) }));
  return [
    ...table(['', '', 'of', 'what holds', 'result'], withStatus.map(({ section, tag, subject, statement, status }) => [section, TAGS[tag] ?? 'assumed', subject, statement, status])),
    '',
    `${withStatus.length} rows, ${withStatus.filter(({ status }) => status === 'passed').length} passed`,
  ].join('\n');
}

/** The tests of a file whose titles say which row they check. */
function rowsOf(file) {
  return testsOf(file).flatMap((test) => {
    const [, section, tag, statement] = /^(\d\.\d+) \[([DCU])\] (.*)$/s.exec(test.title) ?? [];
    return section === undefined ? [] : [{ ...test, section, tag, statement }];
  });
}

function rowsInPart([file, entries]) {
  const tests = testsOf(file);
  return entries.map((entry) => {
    const test = tests.find(({ title }) => title === entry.title);
    if (!test) { throw new Error(`${file} has no test \`${entry.title}\`: change its title in scripts/docs/contract.mjs, too`); }
    return { ...test, ...entry };
  });
}

/** What is tested in a file: titles, what they are titles of, and the names that jest reports. */
function testsOf(file) {
  const source = ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest);
  const tests = [];
  const visit = (node, subjects) => {
    if (!ts.isCallExpression(node)) { return ts.forEachChild(node, (child) => visit(child, subjects)); }
    const called = node.expression.getText(source);
    const [first, second, third, , fifth] = node.arguments;
    if (called === 'describe' && ts.isStringLiteralLike(first)) { return ts.forEachChild(node, (child) => visit(child, [...subjects, first.text])); }
    const add = (title, titles, source) => tests.push({ file, ...source === undefined ? {} : { source }, subject: subjects.join(' '), title, names: titles.map((one) => [...subjects, one].join(' ')) });
    if (called === 'row') {
      const title = `${first.text} [${second.text}] ${third.text}`;
      add(title, [title], fifth?.text);
    } else if (called === 'test' && ts.isStringLiteralLike(first)) {
      add(first.text, [first.text]);
    } else if (called.startsWith('test.each(') && ts.isStringLiteralLike(first) && ts.isArrayLiteralExpression(node.expression.arguments[0])) {
      const values = node.expression.arguments[0].elements.map((element) => element.text ?? element.getText(source));
      add(first.text.replace(/%\w/, () => [values.slice(0, -1).join(', '), values.at(-1)].join(' or ')), values.map((value) => first.text.replace(/%\w/, () => value)));
    }
    return ts.forEachChild(node, (child) => visit(child, subjects));
  };
  visit(source, []);
  return tests;
}

function bySection(one, other) {
  const keys = Object.keys(SECTIONS);
  return keys.indexOf(one.section) - keys.indexOf(other.section);
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
  return `[${file.replace('test/local/', '').replace('.test.ts', '')}](../${file})`;
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
