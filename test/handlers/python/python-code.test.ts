import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import { HandlerRouteProps, Route, WebSocketApi } from '../../../src';
import { filesOf, invoke, sourceProject, synthesize, write } from '../source-project';

const HANDLER = { 'src/handler.py': 'def main(event, context):\n    return {"body": event.get("body")}\n' };
const USES_GREETING = { 'src/handler.py': 'import greeting\n\n\ndef main(event, context):\n    return greeting.HELLO\n' };
const FROM_WHEELS = '--no-index\n--find-links ../wheels\n';

const PATH = process.env.PATH;
afterEach(() => { process.env.PATH = PATH; });

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

  test('takes its folder along, but not what is no source', () => {
    sourceProject({
      ...HANDLER,
      'src/data.json': '{}',
      'src/lib/tool.py': '',
      'src/lib/__pycache__/tool.cpython-313.pyc': '',
      'src/env/pyvenv.cfg': '',
      'src/env/lib/python3.13/site-packages/big.py': '',
      'src/.env': 'SECRET=1',
      'src/.git/HEAD': '',
      'src/node_modules/x/index.js': '',
      'src/cdk.out/manifest.json': '{}',
    });

    expect(filesOf(synthesizePython().asset)).toEqual(['data.json', 'handler.py', 'lib/tool.py']);
  });

  test('may have the folder of the app as its source, which the cloud assembly is in', () => {
    sourceProject({ 'handler.py': 'def main(event, context):\n    return 1\n' });
    const first = synthesize({ a: Route.toHandler('handler.main') }, {}, 'build/assembly').a.asset;

    expect(filesOf(first)).toEqual(['handler.py']);
    expect(synthesize({ a: Route.toHandler('handler.main') }, {}, 'build/assembly').a.asset).toBe(first);
  });

  test('is refused outside of its source folder', () => {
    sourceProject({ ...HANDLER, 'other.py': '' });

    expect(() => synthesize({ a: Route.toHandler('../other.main', { srcPath: 'src' }) }))
      .toThrow(/route `"a"`: handler file `.*other\.py` is outside of `srcPath`, which is the asset of a Python function: move `srcPath` up or the file in/);
  });

  test('has its dependencies not installed for a stack that is not going to be deployed', () => {
    sourceProject({ ...HANDLER, 'src/requirements.txt': 'no-such-package' });
    const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
    new WebSocketApi(new Stack(app, 'Stack'), 'Api', { routes: { a: Route.toHandler('handler.main', { srcPath: 'src' }) } });

    expect(() => app.synth()).not.toThrow();
  });
});

describe('the requirements.txt of the app itself', () => {
  test.each([
    ['requirements.txt', 'aws-cdk-lib==2.260.0\nconstructs>=10\n'],
    ['requirements.txt', '# the app\naws-cdk-lib>=2\n'],
    ['pyproject.toml', '[project]\nname = "app"\ndependencies = [\n  "aws-cdk-lib>=2",\n]\n'],
    ['uv.lock', '[[package]]\nname = "aws-cdk-lib"\n'],
  ])('is refused for a function: %s', (file, contents) => {
    sourceProject({ ...HANDLER, [`src/${file}`]: contents });

    expect(synthesizePython).toThrow(/route `"a"`: `.*` asks for aws-cdk-lib, so it is the CDK app's own and not the function's: put the handlers into a folder of their own/);
  });
});

// uv is used where it is on the PATH, and pip else: so both have to do the same. A machine may have no uv, so the tests bring one that does as
// it does with the options that matter, by means of pip, and writes down what it was asked.
describe.each([['uv', fakeUv], ['pip', noUv]])('dependencies installed with %s', (tool, prepare) => {
  beforeEach(() => {
    sourceProject(USES_GREETING);
    wheel('greeting', '1.0', 'HELLO = "hello"');
    prepare();
  });

  test('lie beside the source', () => {
    write({ 'src/requirements.txt': `${FROM_WHEELS}greeting==1.0\n` });
    const fn = synthesizePython();

    expect(filesOf(fn.asset)).toEqual(expect.arrayContaining(['greeting.py', 'handler.py', 'requirements.txt']));
    expect(filesOf(fn.asset).filter((path) => path.endsWith('.pyc') || path === '.lock')).toEqual([]);
    expect(invoke(fn)).toBe('hello');
  });

  test('may be none', () => {
    write({ 'src/handler.py': HANDLER['src/handler.py'], 'src/requirements.txt': '# nothing yet\n' });

    expect(invoke(synthesizePython(), { body: 'b' })).toEqual({ body: 'b' });
  });

  test('are for the platform of the function, which this machine need not be', () => {
    wheel('greeting', '1.1', 'HELLO = "arm"', 'cp312-cp312-manylinux_2_28_aarch64');
    write({ 'src/requirements.txt': `${FROM_WHEELS}greeting==1.1\n` });

    expect(() => synthesizePython()).toThrow('the Python packages of');
    expect(invoke(synthesizePython({ architecture: Architecture.ARM_64, runtime: Runtime.PYTHON_3_12 }))).toBe('arm');
  });

  test('make another asset when they change, and the same one when they do not', () => {
    write({ 'src/requirements.txt': `${FROM_WHEELS}greeting\n` });
    const first = synthesizePython().asset;
    const again = synthesizePython().asset;
    write({ 'src/requirements.txt': `${FROM_WHEELS}greeting>=1\n` });

    expect(again).toBe(first);
    expect(synthesizePython().asset).not.toBe(first);
  });

  test('that cannot be installed are an error, in the words of the tool', () => {
    write({ 'src/requirements.txt': `${FROM_WHEELS}absent==1.0\n` });

    expect(synthesizePython).toThrow(/the Python packages of `.*src` cannot be installed for Lambda: `[^`]*` said\n\n[^]*absent/);
  });

  test('can be those of a pyproject.toml', () => {
    write({ 'src/pyproject.toml': `[project]\nname = "handlers"\nversion = "1"\ndependencies = ["greeting @ file://${join(process.cwd(), 'wheels/greeting-1.0-py3-none-any.whl')}"]\n` });

    if (tool === 'uv') {
      synthesizeWhatCan();
      expect(asked()).toContainEqual(expect.arrayContaining(['pip', 'install', '--requirements', 'pyproject.toml']));
    } else {
      expect(invoke(synthesizePython())).toBe('hello');
    }
  });

  test('can be those of a uv.lock, which only uv reads', () => {
    write({ 'src/uv.lock': '', 'src/pyproject.toml': '' });

    if (tool === 'uv') {
      synthesizeWhatCan();
      expect(asked().map(([command, subcommand]) => command === 'pip' ? subcommand : command)).toEqual(['export', 'install']);
    } else {
      expect(synthesizePython).toThrow(/uv\.lock` cannot be installed: there is no `uv` on the PATH; install it, or write a requirements\.txt/);
    }
  });
});

test('the asset is the same for uv and pip', () => {
  sourceProject(USES_GREETING);
  wheel('greeting', '1.0', 'HELLO = "hello"');
  write({ 'src/requirements.txt': `${FROM_WHEELS}greeting==1.0\n` });
  noUv();
  const pip = synthesizePython({}, 'one.out').properties.Code.S3Key;
  fakeUv();

  expect(synthesizePython({}, 'two.out').properties.Code.S3Key).toBe(pip);
});

test('dependencies cannot be installed where there is neither uv nor Python', () => {
  sourceProject({ ...HANDLER, 'src/requirements.txt': 'x' });
  mkdirSync('empty');
  process.env.PATH = join(process.cwd(), 'empty');

  expect(synthesizePython).toThrow('there is neither `uv` nor `python3` with pip on the PATH; install one of them');
});

function synthesizePython(props: HandlerRouteProps = {}, outdir?: string) {
  return synthesize({ a: Route.toHandler('handler.main', { srcPath: 'src', ...props }) }, {}, outdir).a;
}

/** For what the uv of the tests writes down but cannot do. */
function synthesizeWhatCan() {
  try { synthesizePython(); } catch { /* what it was asked is all that matters */ }
}

/** A wheel with one module, in `wheels/`. */
function wheel(name: string, version: string, code: string, tag = 'py3-none-any') {
  mkdirSync('wheels', { recursive: true });
  const info = `${name}-${version}.dist-info`;
  execFileSync('python3', ['-c', `
import sys, zipfile
name, version, code, tag, info = sys.argv[1:]
with zipfile.ZipFile(f"wheels/{name}-{version}-{tag}.whl", "w") as wheel:
    wheel.writestr(f"{name}.py", code)
    wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n")
    wheel.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: {tag}\\n")
    wheel.writestr(f"{info}/RECORD", f"{name}.py,,\\n{info}/METADATA,,\\n{info}/WHEEL,,\\n{info}/RECORD,,\\n")
`, name, version, code, tag, info]);
}

/** A PATH with Python but no uv. */
function noUv() {
  const real = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).stdout.trim();
  mkdirSync('bin', { recursive: true });
  write({ 'bin/python3': `#!/bin/sh\nexec ${real} "$@"\n` });
  chmodSync('bin/python3', 0o755);
  process.env.PATH = join(process.cwd(), 'bin');
}

/** A PATH with a uv that installs by means of pip, and writes its arguments into `asked`. */
function fakeUv() {
  noUv();
  write({
    'bin/uv': `#!${process.execPath}
const { appendFileSync } = require('node:fs');
const { spawnSync } = require('node:child_process');
const args = process.argv.slice(2);
if (args[0] === '--version') { process.exit(0); }
appendFileSync(${JSON.stringify(join(process.cwd(), 'asked'))}, JSON.stringify(args) + '\\n');
const value = (name) => args[args.indexOf(name) + 1];
if (args[0] !== 'pip') { process.exit(0); }
const { status, stderr } = spawnSync('python3', ['-m', 'pip', 'install', '--quiet', '--no-compile', '--target', value('--target'), '--only-binary', value('--only-binary'),
  '--python-version', value('--python-version'), '--platform', value('--python-platform').replace(/(.*)-(manylinux.*)/, '$2_$1'), '--requirement', value('--requirements')], { encoding: 'utf8' });
require('node:fs').writeFileSync(value('--target') + '/.lock', '');
process.stderr.write(stderr);
process.exit(status);
`,
  });
  chmodSync('bin/uv', 0o755);
}

function asked(): string[][] {
  return existsSync('asked') ? readFileSync('asked', 'utf8').trim().split('\n').map((line) => JSON.parse(line)) : [];
}
