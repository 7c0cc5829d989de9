import { readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { sourceProject } from './source-project';
import { Bundling, Route, RouteOptions, WebSocketApi } from '../../src';
import { parseSource, SOURCE_METADATA, withPaths } from '../../src/handlers/source-metadata';
import { readAssembly } from '../../src/local/assembly/assembly';
import { testFunction } from '../test-stack';

const ENABLED = { 'aws:cdk:enable-asset-metadata': true };

/** Synthesizes an API with one route into a folder. */
function synth(route: Route, context: { [name: string]: unknown } = ENABLED, outdir = resolve('cdk.out')): string {
  const app = new App({ context, outdir });
  new WebSocketApi(new Stack(app, 'Stack'), 'Api', { routes: { $default: route } });
  app.synth();
  return outdir;
}

/** The source of the route's function, as the local gateway reads it. */
function sourceOf(route: Route, context?: { [name: string]: unknown }) {
  const [stack] = readAssembly(synth(route, context));
  return [...stack.resources.keys()].map((id) => stack.sourceOf(id)).find((source) => source !== undefined);
}

describe('the cloud assembly tells', () => {
  test('the file of a bundled handler, and what esbuild is called with', () => {
    const folder = sourceProject({ 'package.json': '{}', 'src/a.ts': 'export const main = async () => 1;' });

    expect(sourceOf(Route.toHandler('a.main', { srcPath: 'src', bundling: Bundling.esbuild({ minify: false, nodeModules: [] }) }))).toEqual({
      file: join(folder, 'src/a.ts'),
      esbuild: {
        bundle: true,
        platform: 'node',
        format: 'cjs',
        outExtension: { '.js': '.js' },
        target: 'node24',
        minify: false,
        sourcemap: false,
        external: ['@aws-sdk/*'],
        absWorkingDir: folder,
      },
    });
  });

  test('the file and the folder of a Python handler', () => {
    const folder = sourceProject({ 'python/a.py': 'def main(event, context):\n    return {}\n' });

    expect(sourceOf(Route.toHandler('a.main', { srcPath: 'python' }))).toEqual({ file: join(folder, 'python/a.py'), folder: join(folder, 'python') });
  });

  test('the file and the folder of a handler that is not bundled', () => {
    const folder = sourceProject({ 'src/a.js': 'exports.main = async () => 1;' });

    expect(sourceOf(Route.toHandler('a.main', { srcPath: 'src', bundling: Bundling.disabled() })))
      .toEqual({ file: join(folder, 'src/a.js'), folder: join(folder, 'src') });
  });

  test('what decides how a project is built, with its manifest as the file', () => {
    const project = { language: 'golang', handler: 'cmd/send', runtime: 'provided.al2023', architecture: 'arm64', options: { tags: ['beta'] } };
    const recorded = withPaths({ file: '/app/go.mod', folder: '/app', project }, (path) => relative('/app/cdk.out', path));

    expect(recorded).toEqual({ file: '../go.mod', folder: '..', project });
    expect(parseSource(recorded, '/app/cdk.out')).toEqual({ file: '/app/go.mod', folder: '/app', project });
  });

  test('no path of this machine', () => {
    const folder = sourceProject({ 'src/a.ts': 'export const main = async () => 1;', 'tsconfig.json': '{}' });
    const outdir = synth(Route.toHandler('src/a.main', { bundling: Bundling.esbuild({ tsconfig: resolve('tsconfig.json') }) }));

    expect(readFileSync(join(outdir, 'Stack.metadata.json'), 'utf8')).toContain('../src/a.ts');
    expect(readFileSync(join(outdir, 'Stack.metadata.json'), 'utf8')).not.toContain(folder);
  });
});

describe('the template', () => {
  test('tells nothing of it: no constants, no banner and no footer', () => {
    sourceProject({ 'a.ts': 'export const main = async () => process.env.KEY;' });
    const outdir = synth(Route.toHandler('a.main', {
      bundling: Bundling.esbuild({ define: { 'process.env.KEY': '"sk_live_1"' }, banner: '/* sk_live_2 */', footer: '/* sk_live_3 */' }),
    }));

    const template = readFileSync(join(outdir, 'Stack.template.json'), 'utf8');
    expect(template).not.toContain('sk_live');
    expect(template).not.toContain(SOURCE_METADATA);
  });

  test.each([false, true])('is the same from every working directory of an app (minified: %p)', (minify) => {
    const folder = sourceProject({
      'cdk.json': '{}', 'src/a.ts': 'import { b } from "./b"; export const main = async () => b;', 'src/b.ts': 'export const b = [1];', 'infra/x': '',
    });
    const templateFrom = (directory: string, handler: string) => {
      process.chdir(directory);
      const bundling = Bundling.esbuild({ minify, sourceMap: true });
      return readFileSync(join(synth(Route.toHandler(handler, { bundling }), ENABLED, join(folder, `cdk.out.${directory.length}`)), 'Stack.template.json'), 'utf8');
    };

    expect(templateFrom(join(folder, 'infra'), '../src/a.main')).toBe(templateFrom(folder, 'src/a.main'));
  });
});

describe('the cloud assembly tells of no source', () => {
  test('if the CDK CLI was told not to (--no-asset-metadata)', () => {
    sourceProject({ 'a.ts': 'export const main = async () => 1;' });

    expect(sourceOf(Route.toHandler('a.main'), {})).toBeUndefined();
  });

  test('for a function that was given', () => {
    sourceProject({});
    const app = new App({ context: ENABLED, outdir: 'cdk.out' });
    const stack = new Stack(app, 'Stack');
    const options: RouteOptions = {};
    new WebSocketApi(stack, 'Api', { routes: { $default: Route.toFunction(testFunction(stack), options) } });
    app.synth();

    expect(readFileSync('cdk.out/Stack.metadata.json', 'utf8')).not.toContain(SOURCE_METADATA);
  });
});

test.each([
  undefined, null, 'src/a.ts', {}, { file: 1 }, { file: 'a.ts', folder: 1 }, { file: 'a.ts', esbuild: 'minify' }, { file: 'a.ts', esbuild: null },
  { file: 'go.mod', project: [] }, { file: 'go.mod', project: 'golang' },
])('%j is no source', (value) => {
  expect(parseSource(value, '/assembly')).toBeUndefined();
});
