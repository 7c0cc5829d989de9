import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { SourceWarning } from './build-messages';
import { Bundle } from './nodejs-bundle';

const OPTION = /"emitDecoratorMetadata"\s*:\s*true/;
const EXTENDS = /"extends"\s*:\s*(\[[^\]]*\]|"[^"]*")/;
const DECORATOR = /^[^'"`*/]*(?<![\w.])@[A-Za-z_$][\w$.]*\s*(\(|$)/m;

/**
 * Warns of decorators that want to know the types of what they decorate (TypeORM, type-graphql, NestJS): esbuild looks at each file for
 * itself, and cannot write them.
 *
 * @param tsconfig the file that is used for all sources; undefined if each has its own
 * @returns what warns of one bundle; it remembers the configurations that it has read
 */
export function decoratorMetadata(tsconfig: string | undefined): (built: Bundle) => SourceWarning[] {
  const read = new Map<string, boolean>();
  const isWanted = (folder: string) => {
    if (!read.has(folder)) { read.set(folder, wantsMetadata(tsconfig ?? nearest(folder, 'tsconfig.json'))); }
    return read.get(folder)!;
  };
  return ({ output, folder }) => {
    const file = Object.keys(output.inputs).find((path) => (
      /\.[cm]?tsx?$/.test(path) && !path.includes('node_modules/') && isWanted(dirname(join(folder, path)))
      && DECORATOR.test(readFileSync(join(folder, path), 'utf8'))
    ));
    return file === undefined ? [] : [{
      id: 'decoratorMetadata',
      text: `\`${file}\` has decorators, and its tsconfig sets \`emitDecoratorMetadata\`, which esbuild does not support: the types of the ` +
        'decorated code are missing at run time; compile it with `tsc` first, and name the compiled file as the handler',
    }];
  };
}

/** The first that exists of this name, in a folder or one above it. */
function nearest(folder: string, ...names: string[]): string | undefined {
  for (let directory = folder; ; directory = dirname(directory)) {
    const found = names.map((name) => join(directory, name)).find((path) => existsSync(path));
    if (found !== undefined || directory === dirname(directory)) { return found; }
  }
}

function wantsMetadata(tsconfig: string | undefined, seen: string[] = []): boolean {
  if (tsconfig === undefined || seen.includes(tsconfig) || !existsSync(tsconfig)) { return false; }
  const text = readFileSync(tsconfig, 'utf8').replace(/^\s*\/\/.*$/gm, '');
  if (/"emitDecoratorMetadata"\s*:/.test(text)) { return OPTION.test(text); }
  return [...(EXTENDS.exec(text)?.[1] ?? '').matchAll(/"([^"]*)"/g)].some(([, base]) => (
    wantsMetadata(baseOf(tsconfig, base), [...seen, tsconfig])
  ));
}

function baseOf(tsconfig: string, base: string): string | undefined {
  const folder = dirname(tsconfig);
  const path = base.startsWith('.') || base.startsWith('/')
    ? resolve(folder, base)
    : nearest(folder, join('node_modules', base), join('node_modules', `${base}.json`));
  return path && [path, `${path}.json`, join(path, 'tsconfig.json')].find((one) => existsSync(one) && one.endsWith('.json'));
}
