import { Code, Runtime } from 'aws-cdk-lib/aws-lambda';
import { filesOf, invoke, sourceProject, synthesize } from './source-project';
import { Bundling, Route } from '../../src';

describe('a handler that is not bundled', () => {
  const plain = (handler: string, srcPath?: string) => synthesize({ a: Route.toHandler(handler, { srcPath, bundling: Bundling.disabled() }) }).a;

  test('is its source folder as it stands, and keeps its name', () => {
    sourceProject({ 'dist/chat/connect.js': 'exports.main = async (event) => event.body;', 'dist/chat/data.json': '{}', 'dist/node_modules/x/index.js': '' });
    const fn = plain('chat/connect.main', 'dist');

    expect(fn.properties.Handler).toBe('chat/connect.main');
    expect(filesOf(fn.asset)).toEqual(['chat/connect.js', 'chat/data.json', 'node_modules/x/index.js']);
    expect(invoke(fn, { body: 'hello' })).toBe('hello');
  });

  test('is refused when it is not JavaScript', () => {
    sourceProject({ 'src/connect.ts': '' });

    expect(() => plain('connect.main', 'src'))
      .toThrow(/route `"a"`: `.*connect\.ts` is not JavaScript that Lambda can run, and bundling is disabled: bundle it, or name the compiled file/);
  });

  test('is refused when its source folder is that of the whole app', () => {
    const folder = sourceProject({ 'connect.js': '' });

    expect(() => plain('connect.main')).toThrow(`bundling is disabled, so the asset would be the whole of \`${folder}\`: name with \`srcPath\` the folder that is`);
    expect(() => plain('connect.main', folder)).toThrow('bundling is disabled, so the asset would be the whole of');
  });

  test('is refused outside of its source folder', () => {
    sourceProject({ 'dist/a.js': '', 'other.js': '' });

    expect(() => plain('../other.main', 'dist')).toThrow(/handler file `.*other\.js` is outside of `srcPath`, which is the asset where bundling is disabled/);
  });
});

describe('handlers of several kinds', () => {
  test('are built for the routes that they belong to', () => {
    sourceProject({
      'a.ts': 'export const main = async () => "from TypeScript";',
      'python/b.py': 'def main(event, context):\n    return "from Python"\n',
      'plain/c.js': 'exports.main = async () => "from JavaScript";',
      'given/index.js': 'exports.main = async () => "from elsewhere";',
    });
    const functions = synthesize({
      a: Route.toHandler('a.main'),
      b: Route.toHandler('b.main', { srcPath: 'python' }),
      c: Route.toHandler('c.main', { srcPath: 'plain', bundling: Bundling.disabled() }),
      d: Route.toHandler('index.main', { code: Code.fromAsset('given'), runtime: Runtime.NODEJS_22_X }),
    });

    expect(Object.values(functions).map((fn) => invoke(fn))).toEqual(['from TypeScript', 'from Python', 'from JavaScript', 'from elsewhere']);
  });
});
