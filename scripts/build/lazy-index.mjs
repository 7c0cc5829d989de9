// After compilation: `lib/index.js` loads a module when something of it is asked for, as the modules of aws-cdk-lib do. TypeScript cannot say that.
import { readFileSync, writeFileSync } from 'node:fs';

const INDEX = new URL('../../lib/index.js', import.meta.url);
const eager = readFileSync(INDEX, 'utf8');
const modules = new Map([...eager.matchAll(/^var (\w+) = (require\(".+"\));\n/gm)].map(([, name, load]) => [name, load]));
writeFileSync(INDEX, eager
  .replace(/^var \w+ = require\(".+"\);\n/gm, '')
  // In parentheses: Node.js reads the names of exports from the text when an ES module imports them, and leaves out those whose getter does more than it knows.
  .replace(/^(Object\.defineProperty\(exports, )("\w+")(.* return )(\w+)\./gm, (line, define, name, get, module) => modules.has(module) ? `${define}(${name})${get}${modules.get(module)}.` : line));
