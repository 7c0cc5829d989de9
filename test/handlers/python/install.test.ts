import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import { onlyTools, project, sourceArchive, uv, wheel } from './python-tools';
import { Bundling, HandlerRouteProps, Route } from '../../../src';
import { filesOf, invoke, sourceProject, synthesize, write } from '../source-project';

// Real tools, and packages that are made here: nothing is asked of an index.
const USES_GREETING = { 'src/handler.py': 'import greeting\n\n\ndef main(event, context):\n    return greeting.HELLO\n' };
const FROM_WHEELS = '--no-index\n--find-links ../wheels\n';
const UV_FROM_WHEELS = '\n[tool.uv]\nno-index = true\nfind-links = ["WHEELS"]\n';

describe.each([['uv', ['uv', 'python3'] as const], ['pip', ['python3'] as const]])('packages installed with %s', (tool, tools) => {
  beforeEach(() => {
    sourceProject(USES_GREETING);
    wheel('greeting', '1.0', 'HELLO = "hello"');
    onlyTools(...tools);
  });

  test('are beside the source, without what belongs to this machine', () => {
    write({ 'src/requirements.txt': `${FROM_WHEELS}greeting==1.0\n` });
    const fn = synthesizePython();

    expect(filesOf(fn.asset).filter((path) => !path.includes('.dist-info/'))).toEqual(['greeting.py', 'handler.py']);
    expect(filesOf(fn.asset).filter((path) => path.endsWith('direct_url.json'))).toEqual([]);
    expect(invoke(fn)).toBe('hello');
  });

  test('may be none', () => {
    write({ 'src/handler.py': 'def main(event, context):\n    return 1\n', 'src/requirements.txt': '# nothing yet\n' });

    expect(invoke(synthesizePython())).toBe(1);
  });

  test('are for the platform of the function, which this machine need not be', () => {
    wheel('greeting', '1.1', 'HELLO = "arm"', { tag: 'cp312-cp312-manylinux_2_28_aarch64' });
    wheel('greeting', '1.2', 'HELLO = "x86"', { tag: 'cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64' });
    write({ 'src/requirements.txt': `${FROM_WHEELS}greeting>1.0\n` });
    const on = (architecture: Architecture) => synthesizePython({ architecture, runtime: Runtime.PYTHON_3_12 });
    const [arm, x86] = [on(Architecture.ARM_64), on(Architecture.X86_64)];

    expect([invoke(arm), invoke(x86)]).toEqual(['arm', 'x86']);
    expect(arm.asset).not.toBe(x86.asset);
  });

  test('are none that need a newer C library than the runtime has', () => {
    wheel('greeting', '1.1', 'HELLO = "new"', { tag: 'py3-none-manylinux_2_28_x86_64' });
    write({ 'src/requirements.txt': `${FROM_WHEELS}greeting\n` });

    expect(invoke(synthesizePython({ runtime: Runtime.PYTHON_3_13 }))).toBe('new');
    expect(invoke(synthesizePython({ runtime: Runtime.PYTHON_3_11 }))).toBe('hello');
  });

  test('follow `-r` and `-c`, and make another asset when those change', () => {
    wheel('greeting', '2.0', 'HELLO = "new"');
    write({ 'src/requirements.txt': '-r ../base.txt\n-c ../constraints.txt\n', 'base.txt': '--no-index\n-f wheels\ngreeting\n', 'constraints.txt': 'greeting<2\n' });
    const first = synthesizePython();
    write({ 'constraints.txt': 'greeting>=2\n' });
    const second = synthesizePython();

    expect([invoke(first), invoke(second)]).toEqual(['hello', 'new']);
  });

  test('may be projects of this machine, editable or not, which are built as wheels and make another asset when they change', () => {
    write({ 'src/requirements.txt': `${FROM_WHEELS}-e ../shared\n../more\n`, 'src/handler.py': 'import more, shared\n\n\ndef main(event, context):\n    return [shared.A, more.B]\n' });
    project('shared', 'shared', 'import greeting\nA = greeting.HELLO\n', { dependencies: ['greeting'] });
    project('more', 'more', 'B = 1\n');
    write({ 'shared/.env': 'SECRET' });
    const first = synthesizePython();
    write({ 'more/more.py': 'B = 2\n' });
    const second = synthesizePython();

    expect([invoke(first), invoke(second)]).toEqual([['hello', 1], ['hello', 2]]);
    expect(filesOf(first.asset).filter((path) => /\.pth$|\.env$/.test(path))).toEqual([]);
    expect(filesOf('shared')).toEqual(['.env', 'build-backend/backend.py', 'pyproject.toml', 'shared.py']);
  });

  test('with hashes are checked, local projects beside them', () => {
    project('shared', 'shared', '');
    write({ 'src/requirements.txt': `${FROM_WHEELS}greeting==1.0 \\\n  --hash=sha256:${'0'.repeat(64)}\n../shared\n` });

    expect(synthesizePython).toThrow(/hash/i);
  });

  test('are those of a `pyproject.toml`, also on a machine whose Python reads no TOML', () => {
    write({ 'src/pyproject.toml': `[project]\nname = "handlers"\nversion = "1"\ndependencies = ["greeting @ file://${join(process.cwd(), 'wheels/greeting-1.0-py3-none-any.whl')}"]\n` });

    expect(invoke(synthesizePython())).toBe('hello');
  });

  test('are those of a project that has its source in a folder of its own', () => {
    write({
      'pyproject.toml': `[project]\nname = "handlers"\nversion = "1"\ndependencies = ["greeting @ file://${process.cwd()}/wheels/greeting-1.0-py3-none-any.whl"]\n`,
    });

    expect(invoke(synthesizePython())).toBe('hello');
  });

  test('are those of a `poetry.lock`', () => {
    write({ 'src/pyproject.toml': '[tool.poetry.dependencies]\npython = "^3.13"\ngreeting = "*"\n', 'src/poetry.lock': POETRY_LOCK });
    process.env.PIP_FIND_LINKS = join(process.cwd(), 'wheels');
    process.env.PIP_NO_INDEX = '1';

    expect(invoke(synthesizePython())).toBe('hello');
  });

  test('are those of a `Pipfile.lock`', () => {
    write({ 'src/Pipfile': '', 'src/Pipfile.lock': JSON.stringify({ default: { greeting: { version: '==1.0', markers: 'python_version >= \'3.9\'' } }, develop: { absent: { version: '==1' } } }) });
    process.env.PIP_FIND_LINKS = join(process.cwd(), 'wheels');
    process.env.PIP_NO_INDEX = '1';

    expect(invoke(synthesizePython())).toBe('hello');
  });

  test('come from the private index that pip has been told of, and its password is in no message', () => {
    write({ 'src/requirements.txt': 'greeting\n', 'pip.conf': `[global]\nindex-url = file://${process.cwd()}/index\n` });
    index('greeting', 'greeting-1.0-py3-none-any.whl');
    process.env.PIP_CONFIG_FILE = join(process.cwd(), 'pip.conf');
    expect(invoke(synthesizePython())).toBe('hello');

    write({ 'pip.conf': '[global]\nindex-url = http://me:hunter2@127.0.0.1:9/simple\nretries = 0\n' });
    process.env.UV_HTTP_RETRIES = '0';
    write({ 'src/requirements.txt': 'greeting>0\n' });
    expect(messageOf(synthesizePython)).not.toContain('hunter2');
  });

  test('that are there as source only are refused, with the option that builds them', () => {
    sourceArchive('wheels', 'pure', 'A = 1\n');
    write({ 'src/requirements.txt': `${FROM_WHEELS}pure\n`, 'src/handler.py': 'import pure\n\n\ndef main(event, context):\n    return pure.A\n' });

    expect(synthesizePython).toThrow('`bundling: Bundling.python({ buildFromSource: [\'its-name\'] })`');
    expect(invoke(synthesizePython({ bundling: Bundling.python({ buildFromSource: ['pure'] }) }))).toBe(1);
  });

  test('that cannot be installed are an error, in the words of the tool', () => {
    write({ 'src/requirements.txt': `${FROM_WHEELS}absent==1.0\n` });

    expect(synthesizePython).toThrow(new RegExp(`the packages of \`.*src/requirements\\.txt\` cannot be installed for Lambda: ${tool} said\n\n[^]*absent`));
  });

  test('are installed without running what is in the folder of the handler', () => {
    const trap = 'open("/TRAP/sprung", "w").close()\n'.replace('/TRAP', process.cwd());
    write({ 'src/requirements.txt': `${FROM_WHEELS}greeting\n`, 'src/pip.py': trap, 'src/tomllib.py': trap, 'src/sitecustomize.py': trap, 'src/setup.py': trap });
    synthesizePython();

    expect(filesOf('.')).not.toContain('sprung');
  });

  test('are not installed again when nothing changed', () => {
    write({ 'src/requirements.txt': `${FROM_WHEELS}greeting\n` });
    const first = synthesizePython().asset;
    process.env.PATH = '/nowhere';

    expect(synthesizePython().asset).toBe(first);
  });

  if (tool === 'pip') {
    test('are not those of a lock that only uv reads', () => {
      write({ 'src/pyproject.toml': '[project]\nname = "app"\nversion = "1"\ndependencies = ["greeting"]\n', 'src/uv.lock': UV_LOCK });

      expect(synthesizePython).toThrow(/uv\.lock` cannot be installed: it has `uv\.lock`, and there is no `uv` on the PATH; install it, or write a requirements\.txt/);
    });
  }
});

describe('a workspace of uv', () => {
  beforeEach(() => {
    sourceProject({ 'functions/chat/src/handler.py': 'import shared\n\n\ndef main(event, context):\n    return shared.A\n' });
    wheel('greeting', '1.0', 'HELLO = "hello"');
    wheel('unrelated', '1.0', '');
    wheel('aws_cdk_lib', '2.0', '');
    write({ 'pyproject.toml': `[project]\nname = "root"\nversion = "1"\nrequires-python = ">=3.9"\ndependencies = ["unrelated"]\n[tool.uv.workspace]\nmembers = ["functions/*", "libs/*"]\n${UV_FROM_WHEELS.replace('WHEELS', './wheels')}` });
    project('libs/shared', 'shared', 'import greeting\nimport outside\nA = [greeting.HELLO, outside.B]\n', {
      dependencies: ['greeting', 'outside'], more: '[tool.uv.sources]\noutside = { path = "../../outside", editable = true }\n',
    });
    project('outside', 'outside', 'B = 1\n');
    project('functions/chat', 'chat', '', {
      dependencies: ['shared'], more: '[tool.uv.sources]\nshared = { workspace = true }\n[dependency-groups]\ncdk = ["aws-cdk-lib"]\n[tool.uv]\ndefault-groups = ["cdk"]\n',
    });
    uv('lock');
    onlyTools('uv', 'python3');
  });
  const chat = () => synthesize({ a: Route.toHandler('handler.main', { srcPath: 'functions/chat/src' }) }).a;

  test('gives a member what its lock, at the root, says, with members and local projects as wheels', () => {
    const fn = chat();

    expect(invoke(fn)).toEqual(['hello', 1]);
    expect(filesOf(fn.asset).filter((path) => !path.includes('.dist-info/'))).toEqual(['greeting.py', 'handler.py', 'outside.py', 'shared.py']);
  });

  test('is read also where colours are forced, as many do in their builds', () => {
    process.env.FORCE_COLOR = process.env.CLICOLOR_FORCE = '1';

    expect(invoke(chat())).toEqual(['hello', 1]);
  });

  test('makes another asset when a project that the member needs changes, and the same one when others do', () => {
    const first = chat().asset;
    write({ 'outside/outside.py': 'B = 2\n' });
    const second = chat();
    write({ 'functions/chat/README.md': 'no source' });

    expect(second.asset).not.toBe(first);
    expect(invoke(second)).toEqual(['hello', 2]);
    expect(chat().asset).toBe(second.asset);
  });

  test('whose lock is older than what a member declares is refused', () => {
    project('functions/chat', 'chat', '', { dependencies: ['shared', 'absent>=2'] });

    expect(chat).toThrow(/uv\.lock` is older than `.*functions\/chat\/pyproject\.toml`: `"absent>=2"` is not in it\. Run `uv lock`/);
  });
});

test('the asset is the same for uv and pip', () => {
  sourceProject(USES_GREETING);
  wheel('greeting', '1.0', 'HELLO = "hello"');
  write({ 'src/requirements.txt': `${FROM_WHEELS}greeting==1.0\n` });
  onlyTools('python3');
  const pip = synthesizePython({}, 'one.out').properties.Code.S3Key;
  onlyTools('uv', 'python3');

  expect(synthesizePython({}, 'two.out').properties.Code.S3Key).toBe(pip);
});

test('packages cannot be installed without uv and without Python', () => {
  sourceProject({ ...USES_GREETING, 'src/requirements.txt': 'x' });
  process.env.PATH = join(process.cwd(), 'empty');

  expect(synthesizePython).toThrow('there is neither `uv` nor `python3` with pip on the PATH; install one of them');
});

function synthesizePython(props: HandlerRouteProps = {}, outdir?: string) {
  return synthesize({ a: Route.toHandler('handler.main', { srcPath: 'src', ...props }) }, {}, outdir).a;
}

function messageOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
}

/** A package index as a folder: PEP 503. */
function index(name: string, file: string) {
  mkdirSync(`index/${name}`, { recursive: true });
  write({ [`index/${name}/index.html`]: `<!DOCTYPE html><html><body><a href="${file}">${file}</a></body></html>` });
  write({ 'index/index.html': `<a href="${name}/">${name}</a>` });
  copyFileSync(`wheels/${file}`, `index/${name}/${file}`);
}

const POETRY_LOCK = `
[[package]]
name = "greeting"
version = "1.0"
optional = false
python-versions = ">=3.9"
groups = ["main"]
files = []

[[package]]
name = "absent"
version = "1.0"
optional = false
python-versions = "*"
groups = ["dev"]
files = []

[metadata]
lock-version = "2.1"
`;

const UV_LOCK = `
version = 1
[[package]]
name = "app"
version = "1"
source = { virtual = "." }
dependencies = [{ name = "greeting" }]

[[package]]
name = "greeting"
version = "1.0"
source = { registry = "https://example.com/simple" }
`;
