import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import { RecordedCall, recordedTools } from './python-tools';
import { installPackages } from '../../../src/handlers/python/install';
import { LocalProject, Packages } from '../../../src/handlers/python/packages';
import { withEnvironment } from '../compiled/tool-chain';
import { filesOf, sourceProject, write } from '../source-project';

// The tools only write down how they are called: what packages they are asked for, and what is left of what they install.
let folder: string;
beforeEach(() => { folder = sourceProject({ 'installs/a.py': '', 'lib/lib.py': '', 'lib/.env': 'SECRET' }); });

function install(tool: 'uv' | 'python3', more: Partial<Packages>, buildFromSource: string[] = []): RecordedCall[] {
  const packages: Packages = { manifest: '/app/requirements.txt', requirements: [], constraints: [], names: [], projects: [], complete: false, key: [], ...more };
  const calls = recordedTools(tool);
  mkdirSync('out', { recursive: true });
  installPackages(packages, { runtime: Runtime.PYTHON_3_13, architecture: Architecture.X86_64, buildFromSource }, join(folder, 'out'));
  return calls;
}

const lib = (more: Partial<LocalProject> = {}): LocalProject => ({ path: join(folder, 'lib'), extras: '', marker: '', ...more });
const wheelOf = (name: string, file = `${name}-1.0-py3-none-any.whl`) => write({ [`builds/${name}/${file}`]: 'wheel' });
/** What a tool installs, with the name of the wheel's folder left out: it is a new one each time. */
const linesOf = ({ files }: RecordedCall) => files['requirements.txt'].replace(/\S+\/(?=wheel-)/g, '').split('\n').slice(0, -1);
/** The options at the end, which say what to install. */
const askedFor = ({ line }: RecordedCall) => line.slice(line.indexOf('-r'));

describe.each(['uv', 'python3'] as const)('%s is asked for', (tool) => {
  test('the requirements, once, for the folder of the asset', () => {
    const calls = install(tool, { requirements: ['--no-index', 'a==1', 'b'] });

    expect(calls.map(linesOf)).toEqual([['--no-index', 'a==1', 'b']]);
    expect(askedFor(calls[0])).toEqual(['-r', 'requirements.txt']);
    expect(calls[0].line).toEqual(expect.arrayContaining(['--target', join(folder, 'out')]));
    expect(filesOf('out')).toEqual(['a.py']);
  });

  test('nothing where there are options only', () => {
    expect(install(tool, { requirements: ['--no-index'] })).toEqual([]);
  });

  test('requirements of another place', () => {
    expect(install(tool, { requirements: ['-r https://example.com/r.txt'] }).map(linesOf)).toEqual([['-r https://example.com/r.txt']]);
  });

  test('what the constraints allow', () => {
    const [call] = install(tool, { requirements: ['a'], constraints: ['a<2', 'b<3'] });

    expect(askedFor(call)).toEqual(['-r', 'requirements.txt', '-c', 'constraints.txt']);
    expect(call.files['constraints.txt']).toBe('a<2\nb<3');
  });

  test('no more than a lock has', () => {
    expect(askedFor(install(tool, { requirements: ['a==1'], complete: true })[0])).toEqual(['-r', 'requirements.txt', '--no-deps']);
  });

  test('a wheel of a project of this machine, built from a copy of its source', () => {
    wheelOf('lib');
    const [build, installed, ...others] = install(tool, { requirements: ['a'], projects: [lib({ extras: '[x]', marker: '; os_name == "posix"' })] });

    expect(Object.keys(build.files)).toEqual(['constraints.txt', 'project-0/lib/lib.py']);
    expect(build.line.at(-1)).toBe(join(dirname(dirname(build.line.at(-1)!)), 'project-0/lib'));
    expect(linesOf(installed)).toEqual(['a', 'wheel-0/lib-1.0-py3-none-any.whl[x] ; os_name == "posix"']);
    expect(others).toEqual([]);
    expect(filesOf('lib')).toEqual(['.env', 'lib.py']);
  });

  test('wheels of many projects, also of the same name, and of archives', () => {
    write({ 'more/lib/more.py': '', 'c.zip': 'archive' });
    ['lib', 'c.zip'].forEach((name) => wheelOf(name, 'x-1-py3-none-any.whl'));
    const calls = install(tool, { projects: [lib(), lib({ path: join(folder, 'more/lib') }), lib({ path: join(folder, 'c.zip') })] });

    expect(calls.map(({ files }) => Object.keys(files).filter((path) => path.startsWith('project-')).at(-1))).toEqual(['project-0/lib/lib.py', 'project-1/lib/more.py', 'project-2/c.zip', 'project-2/c.zip']);
    expect(linesOf(calls[3])).toEqual([0, 1, 2].map((index) => `wheel-${index}/x-1-py3-none-any.whl`));
  });

  test('a project with a hash where others have one', () => {
    wheelOf('lib');
    const calls = install(tool, { requirements: ['a --hash=sha256:00'], projects: [lib({ marker: '; x' })] });

    expect(linesOf(calls[1])).toEqual(['a --hash=sha256:00', `wheel-0/lib-1.0-py3-none-any.whl ; x --hash=sha256:${createHash('sha256').update('wheel').digest('hex')}`]);
  });

  test('what the tool says of its failure is told, with no way out that does not fit', () => {
    write({ fails: 'the disk is full\n' });

    expect(() => install(tool, { requirements: ['a'] }))
      .toThrow(new Error(`the packages of \`/app/requirements.txt\` cannot be installed for Lambda: ${tool === 'uv' ? 'uv' : 'pip'} said\n\nthe disk is full`));
  });

  test.each([
    'because a has no usable wheels', 'no matching wheel', 'because only wheels are required', 'Building from source is disabled', 'building source distributions is disabled',
    'ERROR: No matching distribution found for a', '(from versions: none)',
  ])('what builds from source is told where the tool says: %s', (complaint) => {
    write({ fails: complaint });

    expect(() => install(tool, { requirements: ['a'] })).toThrow(/^[^]* said\n\n[^\n]*\n\nOnly wheels for Lambda are installed\. [^\n]*buildFromSource: \['its-name'\]/);
  });

  test('nothing is left of the work, also where it fails', () => {
    mkdirSync('tmp');
    withEnvironment({ TMPDIR: join(folder, 'tmp') }, () => {
      expect(install(tool, { requirements: ['a'] })).toHaveLength(1);
      write({ fails: '' });
      expect(() => install(tool, { requirements: ['a'] })).toThrow();
    });

    expect(readdirSync('tmp')).toEqual([]);
  });

  test('a project has to make a wheel, one that runs everywhere', () => {
    expect(() => install(tool, { projects: [lib()] })).toThrow(`building \`${folder}/lib\` made no wheel`);
    wheelOf('lib', 'lib.tar.gz');
    expect(() => install(tool, { projects: [lib()] })).toThrow(`building \`${folder}/lib\` made no wheel`);
    wheelOf('lib', 'lib-1-cp312-cp312-linux_x86_64.whl');
    expect(() => install(tool, { projects: [lib()] })).toThrow(`\`${folder}/lib\`, which \`/app/requirements.txt\` asks for, has a compiled part`);
  });
});

describe('packages that exist as source only', () => {
  test('are built by pip before, as they are asked for, and by the same options', () => {
    wheelOf('My.Pure', 'pure-1-py3-none-any.whl');
    const [build, installed] = install('python3', { requirements: ['--no-index', 'my_pure==1', 'a', '-r https://example.com/r.txt', '-f x'], constraints: ['c<1'] }, ['My.Pure']);

    expect(build.files).toMatchObject({ 'my-pure.txt': '--no-index\n-f x\nmy_pure==1', 'constraints.txt': 'c<1' });
    expect(build.line.slice(-8)).toEqual(['--no-binary', 'My.Pure', '--wheel-dir', expect.stringMatching(/\/wheel-of-my-pure$/), '--requirement', expect.stringMatching(/\/my-pure\.txt$/), '--constraint', expect.stringMatching(/\/constraints\.txt$/)]);
    expect(linesOf(installed)).toEqual(['--no-index', 'a', '-r https://example.com/r.txt', '-f x', 'wheel-of-my-pure/pure-1-py3-none-any.whl']);
  });

  test('are built by pip by their names if others ask for them', () => {
    wheelOf('pure');

    expect(install('python3', { requirements: ['a'] }, ['pure'])[0].files['pure.txt']).toBe('pure');
  });

  test('are left to uv', () => {
    const calls = install('uv', { requirements: ['pure==1'] }, ['pure']);

    expect(calls.map(linesOf)).toEqual([['pure==1']]);
    expect(calls[0].line).toEqual(expect.arrayContaining(['--no-binary', 'pure']));
  });

  test('have to make a wheel', () => {
    expect(() => install('python3', { requirements: ['pure'] }, ['pure'])).toThrow('building `pure` made no wheel');
  });
});

describe('a lock of uv', () => {
  const uvLock = { root: '/app', packageName: 'chat', localNames: ['lib'] };

  test('is written out, and installed as it says', () => {
    write({ lock: 'lock-version = "1.0"\n' });
    const [exported, installed, ...others] = install('uv', { uvLock, complete: true });

    expect(exported.line).toEqual(expect.arrayContaining(['export', '--project', '/app', '--package', 'chat', '--no-emit-package', 'lib']));
    expect(installed.files['pylock.toml']).toBe('lock-version = "1.0"\n');
    expect(askedFor(installed)).toEqual(['-r', 'pylock.toml']);
    expect(others).toEqual([]);
  });

  test('has its local projects beside it', () => {
    write({ lock: '' });
    wheelOf('lib');
    const calls = install('uv', { uvLock, complete: true, projects: [lib()] });

    expect(calls.map(({ line }) => line[1])).toEqual(['build', 'export', 'pip', 'pip']);
    expect(askedFor(calls[3])).toEqual(['-r', 'requirements.txt', '--no-deps']);
  });
});

test('uv has the settings of the project, as TOML', () => {
  expect(Object.keys(install('uv', { requirements: ['a'] })[0].files)).not.toContain('uv.toml');
  const [{ files }] = install('uv', { requirements: ['a'], uvSettings: { 'no-index': true, 'find-links': ['/wheels', 'https://example.com'], 'index': [{ name: 'mine', url: 'https://example.com/"' }] } });

  expect(files['uv.toml']).toBe('no-index = true\nfind-links = ["/wheels", "https://example.com"]\nindex = [{ name = "mine", url = "https://example.com/\\"" }]\n');
});

test('a tool starts in a folder of its own, in an environment without colours', () => {
  const [{ environment, files }] = install('python3', { requirements: ['a'] });

  expect(environment).toMatchObject({ NO_COLOR: '1', PIP_USER: '0' });
  expect(Object.keys(files)).toEqual(['constraints.txt', 'requirements.txt']);
});

describe('what is installed', () => {
  test('has nothing that belongs to this machine', () => {
    write({
      'installs/.lock': '',
      'installs/a-1.dist-info/direct_url.json': '',
      'installs/a-1.dist-info/uv_cache.json': '',
      'installs/a-1.dist-info/METADATA': '',
      'installs/deep/__pycache__/a.pyc': '',
      'installs/deep/a.py': '',
      'installs/bin/a': '#!/usr/bin/python3\nimport a\n',
      'installs/bin/b': '#!/bin/sh\n# not for python\n',
      'installs/bin/c': 'no #!/usr/bin/python\n',
      'installs/tools/d': '#!/usr/bin/python3\n',
    });
    install('uv', { requirements: ['a'] });

    expect(filesOf('out')).toEqual(['a-1.dist-info/METADATA', 'a.py', 'bin/b', 'bin/c', 'deep/a.py', 'tools/d']);
    expect(existsSync('out/deep/__pycache__')).toBe(false);
  });

  test('can be read by the user that Lambda runs as', () => {
    write({ 'installs/deep/a.py': '', 'installs/deep/run': '' });
    ['installs/a.py', 'installs/deep/a.py'].forEach((path) => chmodSync(path, 0o600));
    ['installs/deep', 'installs/deep/run'].forEach((path) => chmodSync(path, 0o700));
    symlinkSync('a.py', 'installs/link');
    install('uv', { requirements: ['a'] });

    expect(['a.py', 'deep', 'deep/a.py', 'deep/run'].map((path) => (statSync(`out/${path}`).mode % 0o1000).toString(8))).toEqual(['644', '755', '644', '755']);
  });

  test('lists the files that are there, in the words of the package', () => {
    const record = ['a.py,sha256=x,1', '"with,comma.py",,', 'gone.py,,', 'a-1.dist-info/RECORD,,', 'bin/a,,'];
    write({ 'installs/a-1.dist-info/RECORD': `${record.join('\r\n')}\r\n`, 'installs/b-1.dist-info/METADATA': '', 'installs/RECORD': 'gone.py,,\n', 'installs/c/RECORD': 'gone.py,,\n' });
    install('uv', { requirements: ['a'] });

    expect(readFileSync('out/a-1.dist-info/RECORD', 'utf8')).toBe(`${[record[0], record[1], record[3]].join('\r\n')}\r\n`);
    expect([readFileSync('out/RECORD', 'utf8'), readFileSync('out/c/RECORD', 'utf8')]).toEqual(['gone.py,,\n', 'gone.py,,\n']);
  });

  test.each([
    ['linux_x86_64', true], ['macosx_11_0_arm64', true], ['win_amd64', true], ['manylinux_2_28_x86_64', false], ['any', false],
  ])('is refused if it was compiled on this machine: %s', (platform, isRefused) => {
    write({ 'installs/my_lib-1.0.dist-info/WHEEL': `Wheel-Version: 1.0\nTag: cp312-cp312-${platform}\n`, 'installs/b-1.dist-info/METADATA': '', 'installs/data/WHEEL': 'Tag: py3-none-linux_x86_64\n' });
    const installed = expect(() => install('uv', { requirements: ['a'] }));

    if (isRefused) {
      installed.toThrow('`my_lib`, which `/app/requirements.txt` asks for, has a compiled part, and code compiled on this machine does not run on Lambda');
    } else {
      installed.not.toThrow();
    }
  });

  test('may have been compiled for this machine and others', () => {
    write({ 'installs/a-1.dist-info/WHEEL': 'Tag: py3-none-linux_x86_64\nTag: py3-none-manylinux1_x86_64\n', 'installs/b-1.dist-info/WHEEL': 'Wheel-Version: 1.0\n' });

    expect(() => install('uv', { requirements: ['a'] })).not.toThrow();
  });
});
