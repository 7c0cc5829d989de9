import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { withEnvironment } from '../compiled/tool-chain';
import { sourceProject, write } from '../source-project';

type Library = typeof import('../../../src/handlers/nodejs/esbuild');

// What worked once is remembered, so each test has the library anew.
let library: Library;
beforeEach(() => { jest.isolateModules(() => { library = jest.requireActual('../../../src/handlers/nodejs/esbuild'); }); });

/** An esbuild that a test plays, in both ways of waiting. */
const played = (build: (options: object) => unknown) => ({
  buildSync: jest.fn(build),
  build: jest.fn(async (options: object) => build(options)),
  formatMessagesSync: jest.fn((messages: Array<{ text: string }>) => messages.map(({ text }) => `X ${text}\n\n`)),
});
type Played = ReturnType<typeof played>;
const failing = (error: unknown) => played(() => { throw error; });
const ANSWER = { outputFiles: [] };

describe.each<[string, (options: object, ...esbuilds: Played[]) => Promise<unknown>, 'build' | 'buildSync']>([
  ['that waits', async (options, ...esbuilds) => library.buildWithEsbuild(options, esbuilds as any), 'buildSync'],
  ['in the background', (options, ...esbuilds) => library.buildInBackground(options, esbuilds as any), 'build'],
])('a build %s', (_, build, called) => {
  test('writes nothing to the disk and nothing to the terminal', async () => {
    const esbuild = played(() => ANSWER);

    expect(await build({ bundle: true, write: true }, esbuild)).toBe(ANSWER);
    expect(esbuild[called].mock.calls).toEqual([[{ bundle: true, write: false, metafile: true, logLevel: 'silent' }]]);
  });

  test('is by the first that runs, which is not looked for again', async () => {
    const [broken, works, other] = [failing(new Error('no such platform')), played(() => ANSWER), played(() => ({}))];

    expect(await build({}, broken, works, other)).toBe(ANSWER);
    expect(other[called]).not.toHaveBeenCalled();
    expect([...library.candidates()]).toEqual([works]);
  });

  test('fails as the last one does if none runs, and then all are looked for again', async () => {
    await expect(build({}, failing(new Error('one')), failing(new Error('two')))).rejects.toThrow('two');
    expect([...library.candidates()]).not.toHaveLength(0);
  });

  test('of code with faults is an error with all of them and their files, and no other is asked', async () => {
    const errors = [{ text: 'one', location: { file: 'src/a.ts' } }, { text: 'two', location: null }, { text: 'three', location: { file: '/b.ts' } }];
    const [esbuild, other] = [failing({ errors }), played(() => ANSWER)];
    const error = await build({ absWorkingDir: '/app' }, esbuild, other).catch((reason) => reason);

    expect(error).toBeInstanceOf(library.BuildError);
    expect(error).toMatchObject({ message: 'X one\n\nX two\n\nX three', files: ['/app/src/a.ts', '/b.ts'] });
    expect(esbuild.formatMessagesSync).toHaveBeenCalledWith(errors, { kind: 'error', color: false });
    expect(other[called]).not.toHaveBeenCalled();
    expect([...library.candidates()]).not.toContain(esbuild);
  });

  test.each([[undefined, ''], ['', ''], ['--no-warnings', '--no-warnings ']])('has esbuild start fast, and leaves the environment as it was: NODE_OPTIONS is %p', async (before, prefix) => {
    const seen: Array<string | undefined> = [];
    const note = () => { seen.push(process.env.NODE_OPTIONS); };
    const options = { NODE_OPTIONS: before };
    const left = await withEnvironment(options, () => {
      const outcome = build({}, played(() => { note(); return ANSWER; })).catch(() => undefined);
      seen.push(process.env.NODE_OPTIONS);
      return outcome;
    });

    expect(left).toBe(ANSWER);
    expect(seen).toEqual([expect.stringMatching(new RegExp(`^${prefix}--import data:text/javascript,\\S+--wasm-tiering-budget=\\d+'\\)$`)), before]);
  });

  test('leaves the environment as it was if it fails', async () => {
    await withEnvironment({ NODE_OPTIONS: '--no-warnings' }, async () => {
      const outcome = build({}, failing(new Error('x'))).catch(() => undefined);
      expect(process.env.NODE_OPTIONS).toBe('--no-warnings');
      await outcome;
    });
  });
});

describe('esbuild is looked for', () => {
  const { version } = jest.requireActual('esbuild-wasm/package.json');
  /** A native esbuild, which says where it is. */
  const native = (folder: string, ofVersion = version, code = `exports.where = '${folder}';`) => write({
    [`${folder}/node_modules/esbuild/package.json`]: JSON.stringify({ name: 'esbuild', version: ofVersion, main: 'lib/main.js' }),
    [`${folder}/node_modules/esbuild/lib/main.js`]: code,
    [`${folder}/node_modules/esbuild/bin/esbuild`]: '',
  });
  const found = (path = '') => withEnvironment({ PATH: path }, () => [...library.candidates()] as Array<Partial<Record<'where' | 'initialize', unknown>>>);
  const placesOf = (esbuilds: ReturnType<typeof found>) => esbuilds.flatMap(({ where }) => where ?? []);
  let folder: string;
  beforeEach(() => { folder = sourceProject({}); });

  test('from the working directory upwards, then where npm put it on the PATH, and at last in this package', () => {
    ['.', 'one', 'two'].forEach((place) => native(place));
    mkdirSync('bin');
    mkdirSync('app');
    symlinkSync('../two/node_modules/esbuild/bin/esbuild', 'bin/esbuild');
    chmodSync('two/node_modules/esbuild/bin/esbuild', 0o755);
    process.chdir('app');
    const esbuilds = found(`/nowhere:${folder}/bin:${folder}/one/node_modules/esbuild/bin`);

    expect(placesOf(esbuilds)).toEqual(['.', 'two', 'one']);
    expect(esbuilds.at(-1)).toHaveProperty('buildSync');
  });

  test('in the one version that is known', () => {
    native('.', '0.0.1');

    expect(placesOf(found())).toEqual([]);
  });

  test('past one that cannot be loaded', () => {
    native('.', version, 'throw new Error("no such platform");');
    native('other');

    expect(placesOf(found(`${folder}/other/node_modules/esbuild/bin`))).toEqual(['other']);
  });

  test('also without a PATH', () => {
    expect(withEnvironment({ PATH: undefined }, () => [...library.candidates()].length)).toBeGreaterThan(0);
  });
});
