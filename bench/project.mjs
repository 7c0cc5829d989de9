// An app's folder like that of a user: handlers that share a module, a lock file, and esbuild.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const modules = fileURLToPath(new URL('../node_modules', import.meta.url));
const made = [];

/**
 * @param handlers how many: `src/handler0.ts` and so on, each with an export `main`
 * @param options `megabyte`: each imports a dependency of that size; `esbuild`: whether it is installed
 */
export function project(handlers, { megabyte = false, esbuild = true } = {}) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'bench-')));
  made.push(folder);
  ['src', 'node_modules'].forEach((name) => mkdirSync(join(folder, name)));
  if (esbuild) {
    ['.bin', 'esbuild', '@esbuild'].forEach((name) => symlinkSync(join(modules, name), join(folder, 'node_modules', name)));
  }
  writeFileSync(join(folder, 'package.json'), '{}');
  writeFileSync(join(folder, 'package-lock.json'), '{}');
  editShared(folder, 200);
  for (let index = 0; index < handlers; index++) {
    editHandler(folder, index, index, megabyte);
  }
  if (megabyte) { writeDependency(join(folder, 'node_modules', 'megabyte')); }
  return folder;
}

/** The module that all handlers import. */
export function editShared(folder, statusCode) {
  writeFileSync(join(folder, 'src', 'reply.ts'), `export const reply = (body: unknown) => ({ statusCode: ${statusCode}, body: JSON.stringify(body) });\n`);
}

export function editHandler(folder, index, answer, megabyte = false) {
  writeFileSync(join(folder, 'src', `handler${index}.ts`), megabyte
    ? `import { reply } from './reply';\nimport { table } from 'megabyte';\nexport const main = async (event: { body: string }) => reply({ handler: ${answer}, body: table[event.body](1) });\n`
    : `import { reply } from './reply';\nexport const main = async (event: { body: string }) => reply({ handler: ${answer}, body: event.body });\n`);
}

/** Deletes what earlier runs left: a run would compare with it, or reuse it. */
export function clean(folder) {
  ['cdk.out', 'out'].forEach((name) => rmSync(join(folder, name), { recursive: true, force: true }));
}

export function removeProjects() {
  made.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
}

/** A module of 1 MB in a hundred files, all of it used. */
function writeDependency(folder) {
  mkdirSync(folder);
  const files = Array.from({ length: 100 }, (_, index) => `part${index}.js`);
  files.forEach((file, part) => writeFileSync(join(folder, file), Array.from({ length: 75 }, (_, index) =>
    `// Answers with what it was asked, in words of its own.\nexport function answer${part}x${index}(question) { return 'answer ${part} ${index}: ' + question * ${part + index}; }\n`).join('')));
  writeFileSync(join(folder, 'index.js'), `${files.map((file, index) => `import * as part${index} from './${file}';`).join('\n')}\nexport const table = Object.assign({}, ${files.map((_, index) => `part${index}`).join(', ')});\n`);
  writeFileSync(join(folder, 'package.json'), '{ "name": "megabyte", "version": "1.0.0", "main": "index.js" }');
}
