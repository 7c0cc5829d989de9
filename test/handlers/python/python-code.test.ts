import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import { recordedTools } from './python-tools';
import { Bundling, HandlerRouteProps, Route, WebSocketApi } from '../../../src';
import { filesOf, invoke, sourceProject, synthesize, write } from '../source-project';

const HANDLER = { 'src/handler.py': 'def main(event, context):\n    return {"body": event.get("body")}\n' };

describe('a Python handler', () => {
  test('runs: an event in, the answer out', () => {
    sourceProject(HANDLER);

    expect(invoke(synthesizePython(), { body: 'hello' })).toEqual({ body: 'hello' });
  });

  test('in a folder of its source keeps its path', () => {
    sourceProject({ 'src/chat/connect.py': 'def main(event, context):\n    return "connected"\n', 'src/chat/__init__.py': '' });
    const fn = synthesize({ a: Route.toHandler('chat/connect.main', { srcPath: 'src' }) }).a;

    expect(fn.properties).toMatchObject({ Handler: 'chat/connect.main', Runtime: 'python3.13' });
    expect(invoke(fn)).toBe('connected');
  });

  test('is refused without `srcPath`, with the one to write', () => {
    sourceProject({ 'src/chat/report.py': '', 'top.py': '' });

    expect(() => synthesize({ a: Route.toHandler('src/chat/report.main') }))
      .toThrow('route `"a"`: handler `"src/chat/report.main"` is in Python, so it needs a `srcPath`, the folder that is deployed: write `srcPath: \'src/chat\'` and `\'report.main\'`');
    expect(() => synthesize({ a: Route.toHandler('top.main') })).toThrow('put the handlers into a folder of their own, and name it with `srcPath`');
  });

  test('is refused outside of its source folder', () => {
    sourceProject({ ...HANDLER, 'other.py': '' });

    expect(() => synthesize({ a: Route.toHandler('../other.main', { srcPath: 'src' }) }))
      .toThrow(/route `"a"`: handler file `.*other\.py` is outside of `srcPath`, which is the asset of a Python function: move the file into it, or name a folder above it/);
  });

  test('is refused when git ignores it, for it would not be deployed', () => {
    sourceProject({ ...HANDLER, 'src/.gitignore': 'handler.py' });

    expect(synthesizePython).toThrow(/handler file `.*handler\.py` would not be deployed/);
  });

  test('is refused with options of esbuild, which as a default are for the Node.js handlers', () => {
    sourceProject({ ...HANDLER, 'node.ts': 'export const main = async () => 1;' });

    expect(() => synthesizePython({ bundling: Bundling.esbuild() }))
      .toThrow('route `"a"`: `bundling` is `Bundling.esbuild()`, but the handler is in Python: write `Bundling.python()`, or leave it out');
    expect(() => synthesize({ a: Route.toHandler('node.main', { bundling: Bundling.python() }) }))
      .toThrow('`bundling` is `Bundling.python()`, but the handler is in Node.js: write `Bundling.esbuild()`, or leave it out');
    expect(() => synthesize(
      { a: Route.toHandler('handler.main', { srcPath: 'src' }) }, { defaultFunctionProps: { bundling: Bundling.esbuild({ minify: false }) } },
    )).not.toThrow();
  });
});

describe('the asset of a Python handler', () => {
  test('is its folder, but not what is no source', () => {
    sourceProject({
      ...HANDLER,
      'src/data.json': '{}',
      'src/lib/tool.py': '',
      'src/lib/__pycache__/tool.cpython-313.pyc': '',
      'src/env/pyvenv.cfg': '',
      'src/env/lib/python3.13/site-packages/big.py': '',
      'src/.git/HEAD': '',
      'src/node_modules/x/index.js': '',
      'src/cdk.out/manifest.json': '{}',
      'src/run.log': '',
    });

    expect(filesOf(synthesizePython().asset)).toEqual(['data.json', 'handler.py', 'lib/tool.py']);
  });

  test('has nothing that git ignores', () => {
    sourceProject({ ...HANDLER, 'src/.gitignore': 'out/\n', 'src/out/a': '', 'src/lib/.gitignore': '*.bin', 'src/lib/x.bin': '', 'src/y.bin': '' });

    expect(filesOf(synthesizePython().asset)).toEqual(['handler.py', 'y.bin']);
  });

  test('may be the folder of the app, which the cloud assembly is in', () => {
    sourceProject({ 'handler.py': 'def main(event, context):\n    return 1\n' });
    const synthesizeApp = () => synthesize({ a: Route.toHandler('handler.main', { srcPath: '.' }) }, {}, 'build/assembly').a.asset;
    const first = synthesizeApp();

    expect(filesOf(first)).toEqual(['handler.py']);
    expect(synthesizeApp()).toBe(first);
  });

  test('has no link, but what it leads to', () => {
    sourceProject({ ...HANDLER, 'shared/tool.py': '' });
    symlinkSync('../shared', 'src/shared');
    symlinkSync('.', 'src/itself');
    symlinkSync('nowhere', 'src/broken');

    expect(filesOf(synthesizePython().asset)).toEqual(['handler.py', 'shared/tool.py']);
  });

  test('is another one when a file changes, and the same one when none does', () => {
    sourceProject(HANDLER);
    const first = synthesizePython().asset;
    const again = synthesizePython().asset;
    write({ 'src/data.json': '{}' });

    expect(again).toBe(first);
    expect(synthesizePython().asset).not.toBe(first);
  });

  test('has no packages if bundling is disabled', () => {
    sourceProject({ ...HANDLER, 'src/requirements.txt': 'no-such-package' });

    expect(filesOf(synthesizePython({ bundling: Bundling.disabled() }).asset)).toEqual(['handler.py']);
  });

  test('is not built for a stack that is not going to be deployed', () => {
    sourceProject({ ...HANDLER, 'src/requirements.txt': 'no-such-package' });
    const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
    new WebSocketApi(new Stack(app, 'Stack'), 'Api', { routes: { a: Route.toHandler('handler.main', { srcPath: 'src' }) } });

    expect(() => app.synth()).not.toThrow();
  });
});

describe('the packages of a Python handler', () => {
  beforeEach(() => {
    sourceProject({ ...HANDLER, 'src/requirements.txt': 'a==1\n', 'installs/a.py': 'packaged', 'installs/handler.py': 'packaged', ...Object.fromEntries(['a', 'b', 'ab'].map((name) => [`builds/${name}/x-1-py3-none-any.whl`, ''])) });
    recordedTools('python3');
  });
  const assetWith = (props: HandlerRouteProps = {}) => synthesizePython(props).asset;
  const built = (...buildFromSource: string[]) => assetWith({ bundling: Bundling.python({ buildFromSource }) });

  test('are beside its source, and where both have a file, it is that of the source', () => {
    const asset = assetWith();

    expect(filesOf(asset)).toEqual(['a.py', 'handler.py']);
    expect(asset).toMatch(/asset\.[0-9a-f]{64}$/);
    expect(readFileSync(join(asset, 'handler.py'), 'utf8')).toBe(HANDLER['src/handler.py']);
  });

  test.each<[string, () => string]>([
    ['they are others', () => { write({ 'src/requirements.txt': 'a==2\n' }); return assetWith(); }],
    ['the source is another', () => { write({ 'src/more.py': '' }); return assetWith(); }],
    ['the runtime is another', () => assetWith({ runtime: Runtime.PYTHON_3_12 })],
    ['the architecture is another', () => assetWith({ architecture: Architecture.ARM_64 })],
    ['one of them is built', () => built('a')],
  ])('are installed into another asset if %s', (_, change) => {
    const first = assetWith();

    expect(change()).not.toBe(first);
  });

  test('are installed into the same asset wherever and in whatever order they are told', () => {
    expect(assetWith()).toBe(assetWith({ runtime: Runtime.PYTHON_3_13, architecture: Architecture.X86_64, bundling: Bundling.python() }));
    expect(built('a', 'b')).toBe(built('b', 'a'));
    expect(built('a', 'b')).not.toBe(built('ab'));
  });

  test('are installed for the platform of the function', () => {
    const calls = recordedTools('python3');
    assetWith({ runtime: Runtime.PYTHON_3_12, architecture: Architecture.ARM_64, bundling: Bundling.python({ buildFromSource: ['b'] }) });

    expect(calls.map(({ line }) => line[4])).toEqual(['wheel', 'install']);
    expect(calls[1].line).toEqual(expect.arrayContaining(['3.12', 'manylinux2014_aarch64']));
  });
});

const SECRETS = {
  '.env': '',
  '.env.production': '',
  '.envrc': '',
  'prod.env': '',
  'server.pem': '',
  'server.KEY': '',
  'store.p12': '',
  '.npmrc': '',
  '.pypirc': '',
  '.netrc': '',
  '.aws/credentials': '',
  '.ssh/id_rsa': '',
  'deep/id_ed25519': '',
  'terraform.tfstate': '',
  'prod.tfvars': '',
};

describe('secrets never get into an asset', () => {
  const secretsIn = (folder: string) => Object.fromEntries(Object.keys(SECRETS).map((path) => [`${folder}/${path}`, 'SECRET']));

  test('of a Python handler', () => {
    sourceProject({ ...HANDLER, ...secretsIn('src') });

    expect(filesOf(synthesizePython().asset)).toEqual(['handler.py']);
  });

  test('of a Node.js handler that is not bundled', () => {
    sourceProject({ 'dist/handler.js': 'exports.main = async () => 1;', ...secretsIn('dist'), 'dist/node_modules/x/index.js': '', 'dist/node_modules/x/authority.pem': '', 'dist/node_modules/x/.env': '', 'dist/.gitignore': 'node_modules' });
    const fn = synthesize({ a: Route.toHandler('handler.main', { srcPath: 'dist', bundling: Bundling.disabled() }) }).a;

    expect(filesOf(fn.asset)).toEqual(['handler.js', 'node_modules/x/authority.pem', 'node_modules/x/index.js']);
  });

  test('by way of a link with another name', () => {
    const folder = sourceProject({ ...HANDLER, 'other/.aws/credentials': 'SECRET', 'other/.env': 'SECRET' });
    symlinkSync(join(folder, 'other/.env'), 'src/settings');
    mkdirSync('src/config');
    symlinkSync(join(folder, 'other/.aws'), 'src/config/cloud');
    symlinkSync(join(folder, 'other/.aws/credentials'), 'src/config/account');

    expect(filesOf(synthesizePython().asset)).toEqual(['handler.py']);
  });

  test('and what may have been meant is told', () => {
    sourceProject({ ...HANDLER, 'src/certs/global-bundle.pem': '', 'src/.env': '' });
    const app = new App();
    new WebSocketApi(new Stack(app, 'Stack'), 'Api', { routes: { a: Route.toHandler('handler.main', { srcPath: 'src' }) } });
    const messages = app.synth().getStackByName('Stack').messages.map(({ entry }) => String(entry.data));

    expect(messages).toEqual([expect.stringMatching(/^`certs\/global-bundle\.pem` in `.*src` may be a private key, so it is not deployed/)]);
  });
});

function synthesizePython(props: HandlerRouteProps = {}) {
  return synthesize({ a: Route.toHandler('handler.main', { srcPath: 'src', ...props }) }).a;
}
