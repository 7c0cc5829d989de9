// Runs after compilation: makes `lib/index.js` load a module only when a program uses it, as the modules of aws-cdk-lib do. TypeScript
// cannot express that.
import { readFileSync, writeFileSync } from 'node:fs';

const INDEX = new URL('../../lib/index.js', import.meta.url);
const eager = readFileSync(INDEX, 'utf8');
const modules = new Map([...eager.matchAll(/^var (\w+) = (require\(".+"\));\n/gm)].map(([, name, load]) => [name, load]));
writeFileSync(INDEX, eager
  .replace(/^var \w+ = require\(".+"\);\n/gm, '')
  // The parentheses hide the name: when an ES module imports this file, Node.js finds the names of exports in its text, and would leave
  // out those whose getter it does not understand.
  .replace(/^(Object\.defineProperty\(exports, )("\w+")(.* return )(\w+)\./gm, (line, define, name, get, module) => modules.has(module) ? `${define}(${name})${get}${modules.get(module)}.` : line));
