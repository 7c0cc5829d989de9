import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { listed, Notice } from './notice';
import { FunctionModel } from '../../definition/model';

/** By the beginning of the runtime: the file that Lambda calls a handler in; undefined if it is in the asset, or may be elsewhere. */
const MISSING_FILES: ReadonlyArray<readonly [runtime: string, missingFile: (fn: FunctionModel) => string | undefined]> = [
  ['nodejs', ({ handler, code }) => missingModule(handler, code, ['.js', '.mjs', '.cjs', ''])],
  ['python', ({ handler, code }) => missingModule(handler, code, ['.py', '.pyc', '.so', ''])],
  // A class may be in a library.
  ['java', ({ handler, code }) => isFolder(join(code, 'lib')) ? undefined : missingFile(code, `${handler.split('::')[0].replaceAll('.', '/')}.class`)],
  ['dotnet', ({ handler, code }) => missingFile(code, `${handler.split('::')[0]}.dll`)],
  ['provided', ({ code }) => missingFile(code, 'bootstrap')],
];

/** `cdk ls` and `aws:cdk:bundling-stacks` leave stacks without bundling: their assets are the sources, and the handler is not in them. */
export const unbundled: Notice = ({ served }) => {
  const without = served.flatMap((fn) => {
    const file = missingHandlerFile(fn);
    return file === undefined ? [] : [{ file, path: fn.path }];
  });
  if (without.length === 0) { return []; }
  const files = [...new Set(without.map(({ file }) => file))];
  return [`${listed(without.map(({ path }) => path))} ${without.length === 1 ? 'has' : 'have'} no file ${listed(files)} in the asset, `
    + 'so no call succeeds: if the assembly was made without bundling (`aws:cdk:bundling-stacks`, or by `cdk ls`), run `cdk synth`'];
};

function missingHandlerFile(fn: FunctionModel): string | undefined {
  const [, missing] = MISSING_FILES.find(([runtime]) => fn.runtime.startsWith(runtime)) ?? [];
  const isCompiled = !/^(nodejs|python)/.test(fn.runtime);
  // A layer may hold what is compiled.
  if (!missing || !isFolder(fn.code) || (isCompiled && fn.layers.length > 0)) { return undefined; }
  return missing(fn);
}

function missingModule(handler: string, code: string, extensions: readonly string[]): string | undefined {
  const [file] = handler.split('/').slice(-1);
  // A dotted Python module is a path, and what a wrapper of a layer calls is in the layer.
  if (!handler.includes('.') || handler.startsWith('/') || (file.match(/\./g) ?? []).length > 1) { return undefined; }
  const folder = join(code, ...handler.split('/').slice(0, -1));
  const name = file.replace(/\.[^.]*$/, '');
  const isThere = isFolder(folder) && readdirSync(folder).some((one) => extensions.some((end) => one === name + end));
  return isThere ? undefined : handler.replace(/\.[^.]*$/, '');
}

function missingFile(folder: string, file: string): string | undefined {
  return statSync(join(folder, file), { throwIfNoEntry: false }) ? undefined : file;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
