import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Subject, SUBJECTS } from './asset-hashes-subjects';
import { Route } from '../../src';
import { withEnvironment } from './compiled/tool-chain';
import { sourceProject, synthesize, write } from './source-project';
import { findOnPath } from '../../src/handlers/tools/tool';
import { describeWhere } from '../where';

type Entries = { [path: string]: string };

const git = (...args: string[]) => execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
const status = () => git('status', '--porcelain', '--untracked-files=all');

/** The project in a new folder, at its first commit. */
function commitProject({ files, prepare }: Subject) {
  sourceProject({ '.gitignore': 'cdk.out\n', 'README.md': 'one', ...files });
  prepare?.();
  git('init');
  git('add', '.');
  git('commit', '-m', 'one');
}

/** What is in the asset, each with its mode. Then it goes, so that nothing is taken over from it. */
function builtOnce({ handler, props }: Subject): { hash: string; entries: Entries } {
  const { asset, properties } = synthesize({ a: Route.toHandler(handler, props) }).a;
  const entries = Object.fromEntries((readdirSync(asset, { recursive: true }) as string[]).sort().map((path) => {
    const file = join(asset, path);
    const { mode } = statSync(file);
    const contents = statSync(file).isFile() ? createHash('sha256').update(readFileSync(file)).digest('hex') : 'folder';
    return [path, `${mode.toString(8).slice(-3)} ${contents}`];
  }));
  rmSync('cdk.out', { recursive: true });
  return { hash: properties.Code.S3Key.replace('.zip', ''), entries };
}

function withUmask<T>(umask: number, run: () => T): T {
  const before = process.umask(umask);
  try {
    return run();
  } finally {
    process.umask(before);
  }
}

describe.each(Object.entries(SUBJECTS))('the asset of a handler in %s', (_, subject) => {
  const { tool, hash } = subject;
  describeWhere(tool === undefined || Boolean(findOnPath(tool)), `there is no \`${tool}\` on the PATH`)('is made of its sources:', () => {
    const caches = mkdtempSync(join(tmpdir(), 'tool-caches-'));
    let here: ReturnType<typeof builtOnce>;
    let elsewhere: ReturnType<typeof builtOnce>;
    let statuses: string[];
    beforeAll(() => {
      const inCaches = subject.caches(caches);
      withUmask(0o022, () => withEnvironment({ ...inCaches, TZ: 'UTC' }, () => {
        commitProject(subject);
        here = builtOnce(subject);
      }));
      withUmask(0o077, () => withEnvironment({ ...inCaches, TZ: 'Asia/Tokyo', ...subject.otherSettings }, () => {
        commitProject(subject);
        write({ 'README.md': 'two' });
        git('commit', '--all', '-m', 'two');
        write({ 'README.md': 'dirty' });
        statuses = [status()];
        elsewhere = builtOnce(subject);
        statuses.push(status());
      }));
    });
    afterAll(() => rmSync(caches, { recursive: true, force: true }));

    test('the same hash in another folder, at another commit, in a dirty tree, in another time zone, with another umask, with a cold and a warm cache', () => {
      expect(elsewhere.hash).toBe(here.hash);
    });

    test('what Lambda needs', () => {
      const files = Object.entries(here.entries).filter(([path, entry]) => !entry.endsWith(' folder') && !path.includes('.dist-info/'));
      expect(files.map(([path]) => path)).toEqual(subject.asset);
    });

    test('and the same files', () => expect(elsewhere.entries).toEqual(here.entries));

    test('which everyone may read, whatever the umask', () => {
      expect(Object.entries(elsewhere.entries).filter(([, entry]) => !/^(..[4-7] (?!folder)|..5 folder)/.test(entry))).toEqual([]);
    });

    test('and the build changes nothing in the project', () => expect(statuses[1]).toBe(statuses[0]));

    const changed = (files: Entries = {}, props = {}) => withEnvironment(subject.caches(caches), () => {
      sourceProject(subject.files);
      subject.prepare?.();
      write(files);
      return hash({ ...subject.props, ...props });
    });

    test('the same hash where nothing has changed', () => expect(changed()).toBe(here.hash));

    test.each(subject.changes)('another hash with %s', (__, files, props = {}) => expect(changed(files, props)).not.toBe(here.hash));
  });
});
