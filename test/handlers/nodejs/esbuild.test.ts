import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildWithEsbuild } from '../../../src/handlers/nodejs/esbuild';
import { sourceProject, write } from '../source-project';

const ROOT = process.cwd();
const { version } = JSON.parse(execFileSync('node', ['-p', 'JSON.stringify(require("esbuild-wasm/package.json"))'], { cwd: ROOT, encoding: 'utf8' }));

// Where esbuild is found depends on where this library lies: so it is asked in a process of its own, in a folder as a user has it.

test('native and WebAssembly esbuild are pinned to one version', () => {
  const { optionalDependencies, dependencies } = JSON.parse(execFileSync('node', ['-p', 'JSON.stringify(require("./package.json"))'], { cwd: ROOT, encoding: 'utf8' }));

  expect([optionalDependencies.esbuild, dependencies['esbuild-wasm']]).toEqual([version, version]);
});

describe('esbuild is', () => {
  test('the native one that was installed with this library', () => {
    const folder = install({ native: true });

    expect(used(folder, { cwd: folder })).toBe(join(folder, 'library/node_modules/esbuild'));
  });

  test('the native one that is found from the working directory upwards', () => {
    const folder = install();
    write(fakeEsbuild('app/node_modules/esbuild', version), folder);
    mkdirSync(join(folder, 'app/infra'));

    expect(used(folder, { cwd: join(folder, 'app/infra') })).toBe(join(folder, 'app/node_modules/esbuild'));
  });

  test('the native one that npm put on the PATH', () => {
    const folder = install();
    write(fakeEsbuild('global/lib/node_modules/esbuild', version), folder);
    mkdirSync(join(folder, 'global/bin'));
    chmodSync(join(folder, 'global/lib/node_modules/esbuild/bin/esbuild'), 0o755);
    symlinkSync('../lib/node_modules/esbuild/bin/esbuild', join(folder, 'global/bin/esbuild'));

    expect(used(folder, { cwd: folder, path: join(folder, 'global/bin') })).toBe(join(folder, 'global/lib/node_modules/esbuild'));
  });

  test('the WebAssembly one where there is no other', () => {
    const folder = install();

    expect(used(folder, { cwd: folder })).toBe(join(folder, 'library/node_modules/esbuild-wasm'));
  });

  test('the WebAssembly one rather than a native one of another version', () => {
    const folder = install();
    write(fakeEsbuild('node_modules/esbuild', '0.27.0'), folder);

    expect(used(folder, { cwd: folder })).toBe(join(folder, 'library/node_modules/esbuild-wasm'));
  });

  test('the WebAssembly one rather than a native one that does not run here', () => {
    const folder = install();
    write(fakeEsbuild('node_modules/esbuild', version, 'throw new Error("The package @esbuild/linux-x64 could not be found");'), folder);

    expect(used(folder, { cwd: folder })).toBe(join(folder, 'library/node_modules/esbuild-wasm'));
  });
});

/** This library in a folder of its own, with esbuild-wasm beside it as the tarball has it. */
function install({ native = false } = {}): string {
  const folder = sourceProject({ 'handler.ts': 'export const main = 1;' });
  mkdirSync(join(folder, 'library/node_modules'), { recursive: true });
  execFileSync('cp', ['-r', resolve(ROOT, 'lib'), join(folder, 'library/lib')]);
  execFileSync('cp', ['-r', resolve(ROOT, 'node_modules/esbuild-wasm'), join(folder, 'library/node_modules/esbuild-wasm')]);
  if (native) {
    write(fakeEsbuild('library/node_modules/esbuild', version), folder);
  }
  return folder;
}

/** A package with the API of esbuild, which says where it is. */
function fakeEsbuild(path: string, ofVersion: string, build = 'return { outputFiles: [{ text: require("path").dirname(__dirname) }] };') {
  return {
    [`${path}/package.json`]: JSON.stringify({ name: 'esbuild', version: ofVersion, main: 'lib/main.js' }),
    [`${path}/lib/main.js`]: `exports.buildSync = () => { ${build} };`,
    [`${path}/bin/esbuild`]: '#!/bin/sh\n',
  };
}

/** The folder of the esbuild that is used. */
function used(folder: string, { cwd, path = '' }: { cwd: string; path?: string }): string {
  const script = `
    const { buildWithEsbuild } = require(${JSON.stringify(join(folder, 'library/lib/handlers/nodejs/esbuild.js'))});
    const { outputFiles } = buildWithEsbuild({ entryPoints: [${JSON.stringify(join(folder, 'handler.ts'))}], outdir: 'out' });
    console.log(outputFiles[0].contents ? ${JSON.stringify(join(folder, 'library/node_modules/esbuild-wasm'))} : outputFiles[0].text);
  `;
  const node = join(process.execPath, '..');
  return execFileSync(process.execPath, ['-e', script], { cwd, encoding: 'utf8', env: { PATH: `${path}:${node}:/usr/bin:/bin` } }).trim();
}

test.each([undefined, '--no-warnings'])('the environment is as it was after a build: NODE_OPTIONS is %p', (options) => {
  const environment = process.env;
  process.env = { ...environment };
  if (options === undefined) { delete process.env.NODE_OPTIONS; } else { process.env.NODE_OPTIONS = options; }
  const before = { ...process.env };
  try {
    buildWithEsbuild({ stdin: { contents: 'export const main = 1;' } });

    expect(process.env).toEqual(before);
  } finally {
    process.env = environment;
  }
});
