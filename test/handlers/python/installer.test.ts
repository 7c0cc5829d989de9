import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import { recordedTools } from './python-tools';
import { chooseInstaller } from '../../../src/handlers/python/installer';
import { Packages } from '../../../src/handlers/python/packages';
import { sourceProject } from '../source-project';

const ASKED = { manifest: '/app/requirements.txt' } as Packages;
const X86 = { runtime: Runtime.PYTHON_3_13, architecture: Architecture.X86_64, buildFromSource: [] };
beforeEach(() => { sourceProject({}); });

/** What follows an option, each time that it is there. */
const valuesOf = (line: string[], option: string) => line.flatMap((one, index) => one === option ? [line[index + 1]] : []);
const installer = (...tools: Array<'python3' | 'python' | 'uv'>) => {
  recordedTools(...tools);
  return chooseInstaller(ASKED);
};

describe('packages are installed', () => {
  test('by uv if it is there, which is told the Python of the PATH', () => {
    const uv = installer('uv', 'python3');

    expect(uv.name).toBe('uv');
    expect(uv.install(X86, '/out', ['-r', 'requirements.txt'])).toEqual([
      'uv', 'pip', 'install', '--quiet', '--target', '/out', '--python', 'python3', '--only-binary', ':all:', '--python-version', '3.13', '--python-platform', 'x86_64-manylinux_2_34',
      '-r', 'requirements.txt',
    ]);
  });

  test('by uv on a machine without Python, of which it then says nothing', () => {
    expect(installer('uv').install(X86, '/out', [])).not.toContain('--python');
  });

  test.each(['python3', 'python'] as const)('by pip of `%s` if there is no uv, isolated from where it starts', (python) => {
    const pip = installer(python);

    expect(pip.name).toBe('pip');
    expect(pip.install(X86, '/out', ['-r', 'requirements.txt']).slice(0, 15)).toEqual([
      python, '-I', '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--root-user-action', 'ignore', '--no-compile', '--target', '/out', '--only-binary', ':all:', '--implementation',
    ]);
    expect(pip.install(X86, '/out', ['-r', 'requirements.txt']).slice(-2)).toEqual(['-r', 'requirements.txt']);
  });

  test('by `python3` rather than by `python`', () => {
    expect(installer('python', 'python3').install(X86, '/out', [])[0]).toBe('python3');
  });

  test('by nothing else', () => {
    expect(() => installer()).toThrow('`/app/requirements.txt` cannot be installed: there is neither `uv` nor `python3` with pip on the PATH; install one of them');
  });

  test('by uv alone where only uv understands them', () => {
    recordedTools('python3');
    expect(() => chooseInstaller({ ...ASKED, onlyUv: '`uv.lock`' })).toThrow('`/app/requirements.txt` cannot be installed: it has `uv.lock`, and there is no `uv` on the PATH; install it');

    recordedTools('uv');
    expect(chooseInstaller({ ...ASKED, onlyUv: '`uv.lock`' }).name).toBe('uv');
  });
});

describe('the platform of the function', () => {
  test.each([
    [Runtime.PYTHON_3_13, Architecture.X86_64, '3.13', 'x86_64-manylinux_2_34'],
    [Runtime.PYTHON_3_12, Architecture.ARM_64, '3.12', 'aarch64-manylinux_2_34'],
    [Runtime.PYTHON_3_11, Architecture.X86_64, '3.11', 'x86_64-manylinux2014'],
    [Runtime.PYTHON_3_9, Architecture.ARM_64, '3.9', 'aarch64-manylinux2014'],
  ])('is told to uv by its name: %s', (runtime, architecture, version, platform) => {
    const line = installer('uv').install({ runtime, architecture, buildFromSource: [] }, '/out', []);

    expect([valuesOf(line, '--python-version'), valuesOf(line, '--python-platform')]).toEqual([[version], [platform]]);
  });

  test.each<[Runtime, Architecture, string, string[]]>([
    [Runtime.PYTHON_3_13, Architecture.X86_64, '3.13', ['manylinux_2_34_x86_64', 'manylinux_2_33_x86_64', 'manylinux_2_5_x86_64', 'manylinux2014_x86_64', 'manylinux2010_x86_64', 'manylinux1_x86_64']],
    [Runtime.PYTHON_3_11, Architecture.ARM_64, '3.11', ['manylinux_2_17_aarch64', 'manylinux_2_16_aarch64', 'manylinux_2_5_aarch64', 'manylinux2014_aarch64', 'manylinux2010_aarch64', 'manylinux1_aarch64']],
  ])('is told to pip by all names that it has, the newest first: %s', (runtime, architecture, version, [newest, next, ...others]) => {
    const line = installer('python3').install({ runtime, architecture, buildFromSource: [] }, '/out', []);
    const platforms = valuesOf(line, '--platform');

    expect(valuesOf(line, '--python-version')).toEqual([version]);
    expect(valuesOf(line, '--implementation')).toEqual(['cp']);
    expect([...platforms.slice(0, 2), ...platforms.slice(-4)]).toEqual([newest, next, ...others]);
    expect(platforms).toHaveLength(Number(/_2_(\d+)_/.exec(newest)![1]) - 4 + 3);
  });
});

describe('packages that exist as source only', () => {
  const target = { ...X86, buildFromSource: ['a', 'b'] };

  test('are built by uv while it installs', () => {
    const uv = installer('uv');

    expect(uv.buildsAhead).toBe(false);
    expect(valuesOf(uv.install(target, '/out', []), '--no-binary')).toEqual(['a', 'b']);
    expect(() => uv.buildPackage('a', 'a.txt', 'c.txt', 'wheels')).toThrow('uv builds while it installs');
  });

  test('are built by pip before, in isolation: an older pip asks this machine for the package `wheel` otherwise', () => {
    const pip = installer('python3');

    expect(pip.buildsAhead).toBe(true);
    expect(valuesOf(pip.install(target, '/out', []), '--no-binary')).toEqual([]);
    expect(pip.buildPackage('a', 'a.txt', 'c.txt', 'wheels')).toEqual([
      'python3', '-I', '-m', 'pip', 'wheel', '--quiet', '--disable-pip-version-check', '--use-pep517', '--no-deps', '--no-binary', 'a', '--wheel-dir', 'wheels', '--requirement', 'a.txt',
      '--constraint', 'c.txt',
    ]);
  });
});

describe('a project is built as a wheel, without what it needs,', () => {
  test('by uv, which does not look for its other projects', () => {
    expect(installer('uv', 'python3').buildProject('project-0/lib', 'wheels'))
      .toEqual(['uv', 'build', '--quiet', '--wheel', '--no-sources', '--python', 'python3', '--out-dir', 'wheels', '--', 'project-0/lib']);
  });

  test('by pip, in isolation', () => {
    expect(installer('python3').buildProject('project-0/lib', 'wheels')).toEqual([
      'python3', '-I', '-m', 'pip', 'wheel', '--quiet', '--disable-pip-version-check', '--use-pep517', '--no-deps', '--wheel-dir', 'wheels', '--', 'project-0/lib',
    ]);
  });
});

test('the lock of a project is written out by uv as it is, without the project and what else is on this machine', () => {
  expect(installer('uv', 'python3').exportLock('/app', 'chat', ['lib', 'more'])).toEqual([
    'uv', 'export', '--quiet', '--project', '/app', '--frozen', '--no-default-groups', '--no-emit-project', '--python', 'python3',
    '--package', 'chat', '--no-emit-package', 'lib', '--no-emit-package', 'more', '--format', 'pylock.toml',
  ]);
  expect(() => installer('python3').exportLock('/app', 'chat', [])).toThrow('only uv reads its lock');
});

describe('a tool is not told', () => {
  test.each(['uv', 'python3'] as const)('to write colours into what is read here: %s', (tool) => {
    expect(installer(tool).environment).toMatchObject({ NO_COLOR: '1', FORCE_COLOR: undefined, CLICOLOR_FORCE: undefined });
    expect(Object.keys(installer(tool).environment)).toEqual(expect.arrayContaining(['FORCE_COLOR', 'CLICOLOR_FORCE']));
  });

  test('by the user\'s settings to put packages elsewhere, or to ask: pip', () => {
    const { environment } = installer('python3');

    expect(environment).toMatchObject({ PIP_REQUIRE_VIRTUALENV: '0', PIP_USER: '0', PIP_NO_INPUT: '1' });
    expect(Object.entries(environment).filter(([, value]) => value === undefined).map(([name]) => name)).toEqual(expect.arrayContaining(['PIP_TARGET', 'PIP_PREFIX']));
  });

  test.each(['uv', 'python3'] as const)('a version of a project by git, whose history it does not have, but one that the user gives: %s', (tool) => {
    delete process.env.SETUPTOOLS_SCM_PRETEND_VERSION;
    expect(installer(tool).environment.SETUPTOOLS_SCM_PRETEND_VERSION).toBe('0');

    process.env.SETUPTOOLS_SCM_PRETEND_VERSION = '1.2';
    expect(installer(tool).environment.SETUPTOOLS_SCM_PRETEND_VERSION).toBe('1.2');
  });
});

test('uv is told of the indexes that pip is told of', () => {
  recordedTools('uv');
  process.env.PIP_INDEX_URL = 'https://example.com/simple';

  expect(chooseInstaller(ASKED).environment.UV_DEFAULT_INDEX).toBe('https://example.com/simple');
});
