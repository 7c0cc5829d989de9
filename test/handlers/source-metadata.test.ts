import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { sourceProject } from './source-project';
import { Bundling, Route, RouteOptions, WebSocketApi } from '../../src';
import { testFunction } from '../test-stack';

const KEY = 'cdk-websocket-api:source';

function sourceOf(route: Route, context: { [name: string]: unknown } = { 'aws:cdk:enable-asset-metadata': true }): any {
  const stack = new Stack(new App({ context }), 'Stack');
  new WebSocketApi(stack, 'Api', { routes: { $default: route } });
  const functions = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function'));
  return functions.map(({ Metadata }) => Metadata?.[KEY]).find((source) => source !== undefined);
}

describe('beside a function, the template holds', () => {
  test('the file of a bundled handler, and what esbuild is called with', () => {
    sourceProject({ 'src/a.ts': 'export const main = async () => 1;' });

    expect(sourceOf(Route.toHandler('a.main', { srcPath: 'src', bundling: Bundling.esbuild({ minify: false, nodeModules: [] }) }))).toEqual({
      file: 'src/a.ts',
      esbuild: {
        bundle: true, platform: 'node', format: 'cjs', outExtension: { '.js': '.js' }, target: 'node24', minify: false, sourcemap: false, external: ['@aws-sdk/*'],
      },
    });
  });

  test('the file and the folder of a Python handler', () => {
    sourceProject({ 'python/a.py': 'def main(event, context):\n    return {}\n' });

    expect(sourceOf(Route.toHandler('a.main', { srcPath: 'python' }))).toEqual({ file: 'python/a.py', folder: 'python' });
  });

  test('the file and the folder of a handler that is not bundled', () => {
    sourceProject({ 'src/a.js': 'exports.main = async () => 1;' });

    expect(sourceOf(Route.toHandler('a.main', { srcPath: 'src', bundling: Bundling.disabled() }))).toEqual({ file: 'src/a.js', folder: 'src' });
  });
});

describe('the template tells of no source', () => {
  test('where the CDK CLI was told not to (--no-asset-metadata)', () => {
    sourceProject({ 'a.ts': 'export const main = async () => 1;' });

    expect(sourceOf(Route.toHandler('a.main'), {})).toBeUndefined();
  });

  test('for a function that was given', () => {
    const stack = new Stack(new App({ context: { 'aws:cdk:enable-asset-metadata': true } }), 'Stack');
    const options: RouteOptions = {};
    new WebSocketApi(stack, 'Api', { routes: { $default: Route.toFunction(testFunction(stack), options) } });

    expect(JSON.stringify(Template.fromStack(stack).toJSON())).not.toContain(KEY);
  });
});
