// Runs after compilation: makes each module of the library load another one only when a program uses it, as the modules of aws-cdk-lib do.
// An API with handlers in TypeScript then never loads what builds Java. TypeScript cannot express that.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const LIB = fileURLToPath(new URL('../../lib', import.meta.url));

/** They run as processes of their own, which use all that they load. */
const PROGRAMS = ['cli', 'local', 'shipped'];

readdirSync(LIB, { recursive: true })
  .filter((file) => file.endsWith('.js') && !PROGRAMS.includes(file.split(sep)[0]))
  .forEach((file) => change(join(LIB, file), file === 'index.js' ? lazyIndex : lazyModule));

function change(file, how) {
  const text = readFileSync(file, 'utf8');
  const changed = how(text);
  if (changed !== text) { writeFileSync(file, changed); }
}

function lazyIndex(eager) {
  const modules = new Map([...eager.matchAll(/^var (\w+) = (require\(".+"\));\n/gm)].map(([, name, load]) => [name, load]));
  return eager
    .replace(/^var \w+ = require\(".+"\);\n/gm, '')
    // The parentheses hide the name: when an ES module imports this file, Node.js finds the names of exports in its text, and would leave
    // out those whose getter it does not understand.
    .replace(/^(Object\.defineProperty\(exports, )("\w+")(.* return )(\w+)\./gm, (line, define, name, get, module) => modules.has(module) ? `${define}(${name})${get}${modules.get(module)}.` : line);
}

/** What a module uses while it is loaded, such as a class that it extends, is loaded then. Modules of Node.js are loaded anyway. */
function lazyModule(eager) {
  const modules = [...eager.matchAll(/^const (\w+_\d+) = require\("(?!node:).+"\);$/gm)].map(([, name]) => name);
  return modules.reduce((text, name) => text
    .replace(new RegExp(`(?<![\\w$]|[^.]\\.)(new )?${name}\\.`, 'g'), (use, constructed) => constructed ? `new (${name}()).` : `${name}().`)
    .replace(new RegExp(`^const ${name} = (require\\(".+"\\));$`, 'm'), `let ${name} = () => { const loaded = $1; ${name} = () => loaded; return loaded; };`), eager);
}
