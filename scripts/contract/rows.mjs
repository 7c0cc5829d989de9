// The rows of the contract, read from the tests that check them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = 'test/local/contract/rows';

export const SECTIONS = {
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

/** Every test of these is a row if its title begins with the number and the tag of one. */
const CONTRACT = [...readdirSync(join(root, folder)).map((file) => `${folder}/${file}`), 'test/local/boto3.test.ts'];
/** Rows that a test of one part checks: by its title there, and what that says among the rows. */
const IN_PARTS = {
  'test/local/assembly/readers/api-reader.test.ts': [
    { section: '2.7', tag: 'D', title: 'has what API Gateway has by default', subject: 'an integration', statement: 'is given 29 seconds, if nothing else is said' },
  ],
  'test/local/faults.test.ts': [
    { section: '2.6', tag: 'D', title: 'that do not read are closed with 1008 once 1 MB waits for them', subject: 'a connection is closed', statement: 'with 1008 for a client that does not read its answers' },
  ],
  'test/local/integrations/integration.test.ts': [
    { section: '2.5', tag: 'D', title: 'parameters become headers, query and path', subject: 'without a Lambda proxy', statement: 'parameters become headers, query and path of the request' },
    { section: '2.5', tag: 'D', title: 'the template of a response is selected by its expression', subject: 'without a Lambda proxy', statement: 'the template of a response is selected by its expression' },
  ],
  'test/monitoring/metrics.test.ts': [
    { section: '2.9', tag: 'U', title: 'of a single route have the dimensions of the stage, and `Route`', subject: 'the metrics', statement: 'of a single route have the dimensions `ApiId`, `Stage` and `Route`: so CDK\'s own list of AWS\'s metrics has it, and the documentation names others' },
  ],
  'test/local/iam/verify-signature.test.ts': [
    { section: '2.3', tag: 'D', title: 'a request that AWS\'s own code signed is accepted', subject: 'IAM authorization', statement: 'accepts what AWS\'s own code signed' },
    { section: '2.3', tag: 'D', title: 'a URL that AWS\'s own code signed is accepted', subject: 'IAM authorization', statement: 'accepts a URL that AWS\'s own code presigned' },
  ],
};

/**
 * Each with its section, tag, subject and statement, the file, and the name that jest reports. `source` is where the statement comes from;
 * `minutes` it takes where nobody can advance the clock; `onlyHere`, why it cannot be replayed at a URL.
 */
export const ROWS = [...CONTRACT.flatMap(rowsOf), ...Object.entries(IN_PARTS).flatMap(rowsInPart)].sort(bySection);

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
    if (!test) { throw new Error(`${file} has no test \`${entry.title}\`: change its title in scripts/contract/rows.mjs, too`); }
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
    const subject = subjects.join(' ');
    const add = (title, options) => tests.push({ file, subject, title, name: `${subject} ${title}`.trim(), ...options });
    if (called === 'row') {
      add(`${first.text} [${second.text}] ${third.text}`, fifth === undefined ? {} : literal(fifth));
    } else if (called === 'test' && ts.isStringLiteralLike(first)) {
      add(first.text, {});
    }
    return ts.forEachChild(node, (child) => visit(child, subjects));
  };
  visit(source, []);
  return tests;
}

/** An object of texts and numbers. */
function literal({ properties }) {
  return Object.fromEntries(properties.map(({ name, initializer: { kind, text } }) => (
    [name.text, kind === ts.SyntaxKind.NumericLiteral ? Number(text) : text]
  )));
}

function bySection(one, other) {
  const keys = Object.keys(SECTIONS);
  return keys.indexOf(one.section) - keys.indexOf(other.section);
}

