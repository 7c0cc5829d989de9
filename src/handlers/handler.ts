import { existsSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { Token } from 'aws-cdk-lib';
import { Runtime, RuntimeFamily } from 'aws-cdk-lib/aws-lambda';
import { nearestPom } from './java/maven-project';

/** The languages that are built from source, with the runtime that each gets by default. */
const LANGUAGES = [
  { family: RuntimeFamily.NODEJS, runtime: Runtime.NODEJS_24_X, extensions: ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'] },
  { family: RuntimeFamily.PYTHON, runtime: Runtime.PYTHON_3_13, extensions: ['.py'] },
];

const ALL_EXTENSIONS = LANGUAGES.flatMap(({ extensions }) => extensions);

/** A handler's source, found on disk. */
export interface Handler {
  /** The folder that the handler was looked up from; absolute. */
  readonly srcDir: string;
  /** The source file, absolute. */
  readonly file: string;
  /** The file without its extension, relative to `srcDir`, with forward slashes. */
  readonly module: string;
  /** The function in the file. */
  readonly exportName: string;
  readonly runtime: Runtime;
}

/**
 * Finds the source of a handler such as `src/connect.main`: file `src/connect`, export `main`.
 *
 * @param handler what the user wrote
 * @param srcPath the folder that it is relative to
 * @param runtime the runtime that the user asked for, which then decides the language
 */
export function findHandler(handler: string, srcPath: string = '.', runtime?: Runtime): Handler {
  const quoted = `handler \`${JSON.stringify(handler)}\``;
  if (Token.isUnresolved(handler) || Token.isUnresolved(srcPath)) {
    throw new Error('a handler and its `srcPath` are read when the app is synthesized, so they cannot be tokens: write them out');
  }
  const languages = runtime ? LANGUAGES.filter(({ family }) => family === runtime.family) : LANGUAGES;
  if (languages.length === 0) {
    throw new Error(`${quoted} cannot be built from source for runtime \`${JSON.stringify(runtime!.name)}\`: ` +
      'give the code that you built as `code: Code.fromAsset(…)`');
  }

  const match = /^(.*[^/\\.])\.([A-Za-z_$][\w$]*)$/.exec(handler);
  if (!match) {
    throw new Error(`${quoted} does not name a file and an export: write \`"path/to/file.export"\`, the file without its extension` +
      (runtime ? '' : '; a handler in Go is the folder of a `main` package'));
  }
  const [, module, exportName] = match;

  if (ALL_EXTENSIONS.includes(`.${exportName}`) && isFile(resolve(srcPath, handler))) {
    throw new Error(`${quoted} names a file with its extension: write the file without it and then the export, such as \`${JSON.stringify(`${module}.main`)}\``);
  }

  const srcDir = resolve(srcPath);
  const base = resolve(srcDir, module);
  const found = filesFor(base, languages).map(({ file, language }) => ({ file, runtime: runtime ?? language.runtime }));
  if (found.length > 1) {
    throw new Error(`${quoted} is found in two languages, ${found.map(({ file }) => `\`${shown(file)}\``).join(' and ')}: ` +
      'say which with `runtime`, or rename one');
  }
  if (found.length === 0) {
    const tried = languages.flatMap(({ extensions }) => extensions).join(' ');
    const hints = [
      isFolder(base) ? `\`${shown(base)}\` is a folder: name a file in it, such as \`${module}/index.${exportName}\`.` : '',
      ...filesFor(base, LANGUAGES).map(({ file }) => `There is \`${shown(file)}\`, which the runtime \`${runtime!.name}\` does not run: ` +
        'give the route a `runtime` of its own, or leave it out of `defaultFunctionProps`.'),
      ...filesFor(resolve(srcDir, module.replaceAll('.', '/')), languages).map(() => (
        `Folders are separated by \`/\`: write \`${JSON.stringify(`${module.replaceAll('.', '/')}.${exportName}`)}\`.`)),
      ...hintAtBackslashes(module, exportName, srcPath, languages),
      !runtime && nearestPom(srcDir) && /^[\w$]+(\.[\w$]+)+$/.test(handler)
        ? `A handler in Java has its method in its name, such as \`${JSON.stringify(`${handler}::handleRequest`)}\`, or a \`runtime\`.` : '',
    ].filter((hint) => hint !== '');
    throw new Error(`${[`${quoted} is not found: there is no file \`${shown(base)}\` with one of the extensions ${tried}.`, ...hints].join(' ')} ` +
      `It is looked up from \`srcPath\`, which is \`${JSON.stringify(srcPath)}\` in \`${process.cwd()}\``);
  }
  return {
    ...found[0],
    srcDir,
    module: relative(srcDir, base).split(sep).join('/'),
    exportName,
  };
}

/** Paths of Windows, which another system takes for names. */
function hintAtBackslashes(module: string, exportName: string, srcPath: string, languages: typeof LANGUAGES): string[] {
  const [meantModule, meantSrcPath] = [module, srcPath].map((path) => path.replaceAll('\\', '/'));
  const written = [
    ...(meantModule === module ? [] : [`\`${JSON.stringify(`${meantModule}.${exportName}`)}\``]),
    ...(meantSrcPath === srcPath ? [] : [`\`srcPath: ${JSON.stringify(meantSrcPath)}\``]),
  ];
  return written.length === 0 ? [] : filesFor(resolve(meantSrcPath, meantModule), languages)
    .map(() => `Folders are separated by \`/\`, on Windows too: write ${written.join(' and ')}.`);
}

/**
 * The folder that a handler is looked up from: `srcPath` in the working directory, where the CDK CLI runs the app. Tests of Java, C# and Go
 * run elsewhere: where the handler is not there, but is from the nearest `cdk.json` above, that is meant, as it would be by the CLI.
 *
 * @returns `srcPath` itself, or an absolute path
 */
export function sourceFolder(handler: string, srcPath: string | undefined): string | undefined {
  if (Token.isUnresolved(handler) || Token.isUnresolved(srcPath) || isThere(handler, srcPath, '.')) { return srcPath; }
  const app = folderOfCdkJson();
  return app !== undefined && isThere(handler, srcPath, app) ? resolve(app, srcPath ?? '.') : srcPath;
}

function isThere(handler: string, srcPath: string | undefined, from: string): boolean {
  const folder = resolve(from, srcPath ?? '.');
  // The project of a class is found from the folder upwards.
  if (handler.includes('::')) { return srcPath === undefined ? from === '.' : existsSync(folder); }
  return existsSync(resolve(folder, handler)) || findScripts(handler, folder).length > 0;
}

function folderOfCdkJson(): string | undefined {
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'cdk.json'))) { return folder; }
    if (folder === dirname(folder)) { return undefined; }
  }
}

/** The files of Node.js and Python that a handler may mean. */
export function findScripts(handler: string, srcPath: string): string[] {
  const module = /^(.*[^/\\.])\.[A-Za-z_$][\w$]*$/.exec(handler)?.[1];
  return module === undefined ? [] : filesFor(resolve(srcPath, module), LANGUAGES).map(({ file }) => file);
}

/** The files of each language that a handler without its extension may be. */
function filesFor(base: string, languages: typeof LANGUAGES): Array<{ file: string; language: typeof LANGUAGES[number] }> {
  return languages.flatMap((language) => {
    const extension = language.extensions.find((candidate) => isFile(base + candidate));
    return extension ? [{ file: base + extension, language }] : [];
  });
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

/** A path as the user would write it. */
function shown(path: string): string {
  return relative(process.cwd(), path) || '.';
}
