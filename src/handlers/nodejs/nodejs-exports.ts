import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { annotatedNames, commonJsNames } from './commonjs-exports';
import { BuildError } from './esbuild';
import { bundle, Bundle } from './nodejs-bundle';
import { nearMiss } from '../../given/near-miss';
import { Handler } from '../handler';
import { ModuleFormat } from '../module-format';

/**
 * Why a handler's export cannot be called: its module certainly has no export of that name.
 */
export function missingExport(handler: Handler, built: Bundle): string | undefined {
  const { exportName, module } = handler;
  const names = exportsWithout(exportName, built);
  if (!names) { return undefined; }
  const meant = nearMiss(exportName, names) ?? (names.length === 1 ? names[0] : undefined);
  const suggestion = meant === undefined ? '' : `; did you mean \`${JSON.stringify(`${module}.${meant}`)}\`?`;
  const file = relative(process.cwd(), handler.file);
  const there = built.format === ModuleFormat.ESM && built.inputs[built.output.entryPoint!].format === 'cjs'
    ? 'it is a CommonJS module, which exports only `default` once it is bundled as an ES module: write it as an ES module, or leave `format` out'
    : `it exports ${names.map((name) => `\`${name}\``).join(', ') || 'nothing'}${suggestion}`;
  return `handler \`${JSON.stringify(`${module}.${exportName}`)}\` names the export \`${exportName}\`, which \`${file}\` does not have: ${there}`;
}

/** The same for JavaScript that is not bundled. */
export function missingExportOfSource(handler: Handler): string | undefined {
  const { file, exportName } = handler;
  const name = exportName.replace(/\$/g, '\\$&');
  const obvious = new RegExp(`\\bexports\\.${name}\\s*=|\\bexport\\s+(?:async\\s+)?(?:function|const|let|var|class)\\s+${name}\\b`);
  if (obvious.test(readFileSync(file, 'utf8'))) { return undefined; }
  try {
    const { bundles } = bundle([file], { bundle: true, platform: 'node', format: 'cjs', packages: 'external' });
    return missingExport(handler, bundles.get(file)!);
  } catch (error) {
    if (error instanceof BuildError) { return undefined; }
    throw error;
  }
}

/**
 * Looks for an export in a bundle, without running it.
 *
 * @returns the exports that there are instead. Undefined if the export exists, and if you would have to run the module to know:
 * `module.exports = make()`, or `export *` from a module that is not bundled
 */
function exportsWithout(name: string, built: Bundle): string[] | undefined {
  const { format, code, output, inputs } = built;
  const entry = output.entryPoint!;
  if (inputs[entry].format === 'esm') {
    // Nearly every handler is found here, and no source is read.
    const text = Buffer.from(code.buffer, code.byteOffset, code.length);
    const names = format === ModuleFormat.ESM ? output.exports : annotatedNames(text) ?? [];
    if (names.includes(name) || reExportsUnknown(built, entry, new Set())) { return undefined; }
    // esbuild's annotation leaves the default export out.
    const all = !names.includes('default') && hasDefault(sourceOf(built, entry)) ? [...names, 'default'] : names;
    return all.includes(name) ? undefined : all;
  }
  // `import()` gives what a CommonJS module exports the name `default`, and Lambda looks no further.
  if (format === ModuleFormat.ESM) { return name === 'default' ? undefined : ['default']; }
  const source = sourceOf(built, entry);
  return source === '' ? undefined : commonJsNames(source, name);
}

const EXPORT_ALL = /\bexport\s*\*\s*from\s*(["'])(.+?)\1/g;

/** Whether a module hands on everything of a module whose exports are not known. */
function reExportsUnknown(built: Bundle, path: string, seen: Set<string>): boolean {
  if (seen.has(path)) { return false; }
  seen.add(path);
  const imports = built.inputs[path]?.imports ?? [];
  return [...sourceOf(built, path).matchAll(EXPORT_ALL)].some(([, , from]) => {
    const target = imports.find(({ original, path: imported }) => (original ?? imported) === from);
    return !target || target.external || built.inputs[target.path]?.format === 'cjs' || reExportsUnknown(built, target.path, seen);
  });
}

function hasDefault(source: string): boolean {
  return /\bexport\s+default\b|\bas\s+default\b/.test(source);
}

function sourceOf({ folder }: Bundle, path: string): string {
  const file = join(folder, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
