import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Lazy } from 'aws-cdk-lib';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { invoke, sourceProject, synthesize } from './source-project';
import { Route } from '../../src';
import { findHandler, findScripts, sourceFolder } from '../../src/handlers/handler';

describe('a handler', () => {
  test.each(['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'])('in a file with %s runs on Node.js 24', (extension) => {
    const folder = sourceProject({ [`src/connect${extension}`]: '' });

    expect(findHandler('src/connect.main')).toEqual({
      srcDir: folder, file: join(folder, `src/connect${extension}`), module: 'src/connect', exportName: 'main', runtime: Runtime.NODEJS_24_X,
    });
  });

  test('in a file with .py runs on Python 3.13', () => {
    sourceProject({ 'src/connect.py': '' });

    expect(findHandler('src/connect.main').runtime).toBe(Runtime.PYTHON_3_13);
  });

  test('runs on the runtime that is asked for', () => {
    sourceProject({ 'connect.ts': '' });

    expect(findHandler('connect.main', '.', Runtime.NODEJS_22_X).runtime).toBe(Runtime.NODEJS_22_X);
  });

  test('is looked up from srcPath', () => {
    const folder = sourceProject({ 'backend/src/connect.ts': '' });

    expect(findHandler('src/connect.main', 'backend')).toMatchObject({ srcDir: join(folder, 'backend'), module: 'src/connect' });
  });

  test('is the source rather than what was compiled beside it', () => {
    const folder = sourceProject({ 'connect.ts': '', 'connect.js': '' });

    expect(findHandler('connect.main').file).toBe(join(folder, 'connect.ts'));
  });

  test('is of the language of the runtime where there are two', () => {
    const folder = sourceProject({ 'connect.ts': '', 'connect.py': '' });

    expect(findHandler('connect.main', '.', Runtime.PYTHON_3_12).file).toBe(join(folder, 'connect.py'));
  });

  test('may have dots in the names of its folders and file', () => {
    const folder = sourceProject({ 'v1.0/connect.handler.ts': '' });

    expect(findHandler('v1.0/connect.handler.main')).toMatchObject({ file: join(folder, 'v1.0/connect.handler.ts'), exportName: 'main' });
  });
});

describe('a handler is refused', () => {
  test('when there is no such file, with what was tried', () => {
    const folder = sourceProject({ 'src/other.ts': '' });

    expect(() => findHandler('src/connect.main')).toThrow(
      'handler `"src/connect.main"` is not found: there is no file `src/connect` with one of the extensions .ts .tsx .mts .cts .js .jsx .mjs .cjs .py. '
      + `It is looked up from \`srcPath\`, which is \`"."\` in \`${folder}\``);
  });

  test('when there is no such file of the language of the runtime', () => {
    sourceProject({ 'connect.ts': '' });

    expect(() => findHandler('connect.main', '.', Runtime.PYTHON_3_13)).toThrow('there is no file `connect` with one of the extensions .py.');
  });

  test('when it is a folder, with what to write', () => {
    sourceProject({});
    mkdirSync('src/connect', { recursive: true });

    expect(() => findHandler('src/connect.main')).toThrow('`src/connect` is a folder: name a file in it, such as `src/connect/index.main`.');
  });

  test.each(['src/order.ts', 'src/chat.handler.mjs', 'app/order.py'])('when it names a file with its extension: %s', (handler) => {
    sourceProject({ [handler]: '' });

    expect(() => findHandler(handler)).toThrow(`handler \`"${handler}"\` names a file with its extension: ` +
      `write the file without it and then the export, such as \`"${handler.replace(/\.\w+$/, '')}.main"\``);
  });

  test.each(['src/connect', '', 'main', 'src/connect.', '.main', 'src/.main', 'src/connect.2nd', 'src.d/connect'])('when it does not name a file and an export: %j', (handler) => {
    expect(() => findHandler(handler)).toThrow(
      `handler \`${JSON.stringify(handler)}\` does not name a file and an export: write \`"path/to/file.export"\`, the file without its extension`);
  });

  test('when it is there in two languages and nothing says which', () => {
    sourceProject({ 'connect.ts': '', 'connect.py': '' });

    expect(() => findHandler('connect.main'))
      .toThrow('handler `"connect.main"` is found in two languages, `connect.ts` and `connect.py`: say which with `runtime`, or rename one');
  });

  test('when its runtime is one that nothing is built for here', () => {
    expect(() => findHandler('connect.main', '.', Runtime.RUBY_3_3)).toThrow(
      'handler `"connect.main"` cannot be built from source for runtime `"ruby3.3"`: give the code that you built as `code: Code.fromAsset(…)`');
  });

  test('when its runtime, which may be the default of all routes, is that of another language', () => {
    sourceProject({ 'src/connect.ts': '' });

    expect(() => findHandler('src/connect.main', '.', Runtime.PYTHON_3_13)).toThrow(
      'There is `src/connect.ts`, which the runtime `python3.13` does not run: give the route a `runtime` of its own, or leave it out of `defaultFunctionProps`.');
  });

  test('when it is written as Python writes modules', () => {
    sourceProject({ 'src/handlers/a.py': '' });

    expect(() => findHandler('handlers.a.main', 'src')).toThrow('Folders are separated by `/`: write `"handlers/a.main"`.');
  });

  test('when it may be in Java, with what to write', () => {
    sourceProject({ 'app/pom.xml': '<project/>' });
    const hint = 'A handler in Java has its method in its name, such as `"com.acme.Say::handleRequest"`, or a `runtime`.';
    const refused = (...given: Parameters<typeof findHandler>) => {
      try {
        findHandler(...given);
      } catch (error) {
        return (error as Error).message;
      }
      return undefined;
    };

    expect(refused('com.acme.Say', 'app')).toContain(hint);
    expect(refused('com.acme.Say', 'app', Runtime.NODEJS_24_X)).not.toContain('Java');
    expect(refused('com.acme.Say')).not.toContain('Java');
    expect(refused('com/acme.Say', 'app')).not.toContain('Java');
  });

  test.each([
    ['sub\\a.main', 'src', 'write `"sub/a.main"`.'],
    ['a.main', '.\\src\\sub', 'write `srcPath: "./src/sub"`.'],
    ['sub\\a.main', '.\\src', 'write `"sub/a.main"` and `srcPath: "./src"`.'],
  ])('when it is written as Windows writes paths: %s in %s', (handler, srcPath, advice) => {
    sourceProject({ 'src/sub/a.py': '' });

    expect(() => findHandler(handler, srcPath)).toThrow(`Folders are separated by \`/\`, on Windows too: ${advice}`);
  });

  test('when it is a token', () => {
    expect(() => findHandler(Lazy.string({ produce: () => 'connect.main' })))
      .toThrow('a handler and its `srcPath` are read when the app is synthesized, so they cannot be tokens: write them out');
  });
});

describe('the folder of a handler', () => {
  test('of a class is `srcPath` where there is one, else that of `cdk.json`', () => {
    const folder = sourceProject({ 'cdk.json': '{}', 'java/pom.xml': '', 'test/java/.keep': '' });
    expect(sourceFolder('com.acme.Say::handle', 'java')).toBe('java');
    process.chdir(join(folder, 'test'));
    expect(sourceFolder('com.acme.Say::handle', 'java')).toBe('java');
    rmSync('java', { recursive: true });

    expect(sourceFolder('com.acme.Say::handle', 'java')).toBe(join(folder, 'java'));
    expect(sourceFolder('com.acme.Say::handle', 'nowhere')).toBe('nowhere');
    expect(sourceFolder('com.acme.Say::handle', undefined)).toBeUndefined();
  });

  test('of a package or a script is where it lies', () => {
    const folder = sourceProject({ 'cdk.json': '{}', 'cmd/send/main.go': '', 'test/.keep': '' });
    expect(sourceFolder('cmd/send', undefined)).toBeUndefined();
    process.chdir('test');

    expect(sourceFolder('cmd/send', undefined)).toBe(folder);
    expect(sourceFolder('cmd/other', undefined)).toBeUndefined();
    expect(sourceFolder('send', '../cmd')).toBe('../cmd');
  });
});

test('the scripts that a handler may mean are of every language', () => {
  const folder = sourceProject({ 'src/a.ts': '', 'src/a.py': '', 'src/a.js': '' });

  expect(findScripts('a.main', 'src')).toEqual([join(folder, 'src/a.ts'), join(folder, 'src/a.py')]);
  expect([findScripts('a', 'src'), findScripts('b.main', 'src'), findScripts('src/.main', '.')]).toEqual([[], [], []]);
});

describe('where the process does not run in the folder of cdk.json', () => {
  const FILES = { 'cdk.json': '{}', 'src/connect.ts': 'export const main = async () => ({ statusCode: 200, body: "of the app" });', 'test/bin/.keep': '' };

  test('a handler is found from there, with or without srcPath', () => {
    const folder = sourceProject({ ...FILES, 'handlers/connect.py': 'def main(event, context):\n    return {"statusCode": 200}\n' });
    process.chdir(join(folder, 'test', 'bin'));
    const { one, other, python } = synthesize({
      one: Route.toHandler('src/connect.main'),
      other: Route.toHandler('connect.main', { srcPath: 'src' }),
      python: Route.toHandler('connect.main', { srcPath: 'handlers' }),
    });

    expect([one, other].map((fn) => invoke(fn).body)).toEqual(['of the app', 'of the app']);
    expect(python.properties.Runtime).toMatch(/^python/);
  });

  test('it has the code that it has there', () => {
    const folder = sourceProject(FILES);
    const [here] = Object.values(synthesize({ one: Route.toHandler('src/connect.main') }));
    process.chdir(join(folder, 'test', 'bin'));
    const [there] = Object.values(synthesize({ one: Route.toHandler('src/connect.main') }));

    expect(there.properties.Code).toEqual(here.properties.Code);
  });

  test('a handler of the working directory comes first', () => {
    const folder = sourceProject({ ...FILES, 'test/src/connect.ts': 'export const main = async () => ({ statusCode: 200, body: "of the test" });' });
    process.chdir(join(folder, 'test'));

    expect(invoke(synthesize({ one: Route.toHandler('src/connect.main') }).one).body).toBe('of the test');
  });

  test('one that is in neither is an error, and so is one without cdk.json', () => {
    const folder = sourceProject({ ...FILES, 'cdk.json': '' });
    process.chdir(join(folder, 'test', 'bin'));

    expect(() => synthesize({ one: Route.toHandler('src/nowhere.main') })).toThrow(/is not found: there is no file `src\/nowhere`/);
    rmSync(join(folder, 'cdk.json'));
    expect(() => synthesize({ one: Route.toHandler('src/connect.main') })).toThrow(/is not found: there is no file `src\/connect`/);
  });
});
