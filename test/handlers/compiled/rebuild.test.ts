import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { assetKey } from '../../../src/handlers/compiled/asset-key';
import { ProjectBuild } from '../../../src/handlers/compiled/rebuild';
import { sourceProject, write } from '../source-project';

/** A Go that copies what it is asked to build, counts how often, and fails if the source says so. */
const FAKE_GO = `#!/bin/sh
[ "$1" = env ] && exit 0
echo >> "$PWD/../runs"
while [ "$1" != -o ]; do shift; done
grep -q broken "$3/main.go" && { echo "$3/main.go:1:1: broken" >&2; exit 1; }
cp "$3/main.go" "$2"
`;

const { PATH } = process.env;
let folder: string;
/** Builds are shared by their contents, and each test is to have its own. */
let source: string;
beforeEach(() => {
  folder = sourceProject({ 'app/go.mod': 'module example.com/chat\n', 'bin/go': FAKE_GO, 'runs': '' });
  source = `package main // ${folder}\n`;
  write({ 'app/cmd/main.go': source });
  chmodSync('bin/go', 0o755);
  process.env.PATH = `${join(folder, 'bin')}${delimiter}${PATH}`;
});
afterEach(() => { process.env.PATH = PATH; });

const projectBuild = (changes: object = {}) => new ProjectBuild({
  folder: join(folder, 'app'), project: { language: 'golang', handler: 'cmd', runtime: 'provided.al2023', architecture: 'x86_64', options: {}, ...changes },
});
const runs = () => readFileSync(join(folder, 'runs'), 'utf8').length;

async function built(build = projectBuild()) {
  return build.build(build.inputs().hash);
}

/** Builds handlers as a process does that has built none before. */
async function builtInNewProcess(...handlers: string[]) {
  let Fresh!: typeof ProjectBuild;
  jest.isolateModules(() => { ({ ProjectBuild: Fresh } = jest.requireActual('../../../src/handlers/compiled/rebuild')); });
  const folders: string[] = [];
  for (const handler of handlers) {
    folders.push(await built(new Fresh({
      folder: join(folder, 'app'), project: { language: 'golang', handler, runtime: 'provided.al2023', architecture: 'x86_64', options: {} },
    })));
  }
  return folders;
}

describe('a project that is built again', () => {
  test('is of a language that this version knows', () => {
    expect([projectBuild().isKnown, projectBuild({ language: 'maven' }).isKnown, projectBuild({ language: 'cobol' }).isKnown]).toEqual([true, true, false]);
  });

  test('is built from its files, which decide its hash', () => {
    const { files, hash } = projectBuild().inputs();
    expect(files).toEqual([join(folder, 'app/go.mod'), join(folder, 'app/cmd/main.go')]);
    expect(projectBuild({ architecture: 'arm64' }).inputs().hash).not.toBe(hash);
    write({ 'app/cmd/main.go': `${source}// changed\n` });

    expect(projectBuild().inputs().hash).not.toBe(hash);
  });

  test('is built once for all of its functions', async () => {
    const [one, two] = await Promise.all([built(), built(projectBuild())]);

    expect(two).toBe(one);
    expect(readFileSync(join(one, 'bootstrap'), 'utf8')).toBe(source);
    expect(await built()).toBe(one);
    expect(runs()).toBe(1);
  });

  test('leaves the folder of an older build behind when it changes, and those of other projects alone', async () => {
    write({ 'app/other/main.go': `${source}// other\n` });
    const other = await built(projectBuild({ handler: 'other' }));
    const before = await built();
    write({ 'app/cmd/main.go': `${source}// changed\n` });
    const after = await built();
    await new Promise((done) => { setImmediate(done); });

    expect([before, join(before, '..'), after, other].map((one) => existsSync(one))).toEqual([false, false, true, true]);
  });

  test.each([[['cmd']], [['cmd', 'other']]])('is gone when the process ends, with all that was built: %j', async (handlers) => {
    write({ 'app/other/main.go': `${source}// other\n` });
    const before = process.listeners('exit');
    const folders = await builtInNewProcess(...handlers);
    const listeners = process.listeners('exit').filter((listener) => !before.includes(listener));
    expect(listeners).toHaveLength(1);
    listeners[0](0);

    expect(folders.filter((one) => existsSync(join(one, '..')))).toEqual([]);
  });

  test('is tried again after a build that failed, which keeps the one before', async () => {
    const before = await built();
    write({ 'app/cmd/main.go': `${source}// broken\n` });
    await expect(built()).rejects.toThrow('go said\n\n./cmd/main.go:1:1: broken');
    await expect(built()).rejects.toThrow('go said');

    expect(runs()).toBe(3);
    expect(existsSync(before)).toBe(true);
  });
});

test('what identifies an asset is the same in whatever order its files are found', () => {
  sourceProject({ 'app/b.txt': 'b', 'app/a.txt': 'a' });
  const project = join(process.cwd(), 'app');
  const keyOf = (...names: string[]) => assetKey('Go', {
    request: { handler: 'cmd', srcDir: project, architecture: 'arm64', options: {} }, runtime: 'provided.al2023', entry: 'bootstrap', project, manifest: join(project, 'a.txt'),
  }, { files: names.map((name) => join(project, name)), settings: ['-tags'] });

  expect(keyOf('b.txt', 'a.txt', 'b.txt')).toEqual(keyOf('a.txt', 'b.txt'));
  expect(keyOf('a.txt', 'b.txt').filter((part) => part.length < 64)).toEqual(['Go', 'provided.al2023', 'arm64', '-tags', 'a.txt', 'b.txt']);
});
