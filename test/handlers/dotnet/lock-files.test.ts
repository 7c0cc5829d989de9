import { changeOfLock, lockFilesIn, withPlatform } from '../../../src/handlers/dotnet/lock-files';

const lock = (dependencies: object) => JSON.stringify({ version: 1, dependencies });
const resolved = (version: string) => ({ type: 'Direct', resolved: version });

test('lock files are told by their names', () => {
  expect(lockFilesIn(['/a/packages.lock.json', '/a/packages.Chat.lock.json', '/a/package.lock.json', '/a/packages.lock.json.bak', '/a/my.packages.lock.json', '/packages.lock.json/a']))
    .toEqual(['/a/packages.lock.json', '/a/packages.Chat.lock.json']);
});

describe('a lock file names the platform', () => {
  test('behind each of its frameworks, with no packages of its own', () => {
    const text = withPlatform(lock({ 'net8.0': { a: resolved('1') }, 'net10.0': {} }), 'linux-x64');

    expect(Object.keys(JSON.parse(text).dependencies)).toEqual(['net8.0', 'net10.0', 'net8.0/linux-x64', 'net10.0/linux-x64']);
    expect(JSON.parse(text)).toMatchObject({ version: 1, dependencies: { 'net8.0': { a: resolved('1') }, 'net8.0/linux-x64': {} } });
  });

  test('and keeps what it has of it', () => {
    const dependencies = { 'net8.0': {}, 'net8.0/linux-x64': { a: resolved('1') }, 'net8.0/win-x64': {} };

    expect(JSON.parse(withPlatform(`\ufeff${lock(dependencies)}`, 'linux-x64')).dependencies).toEqual(dependencies);
  });

  test.each(['{"version":1}', 'no lock', 'null'])('and is left as it is if it is none: %s', (text) => {
    expect(withPlatform(text, 'linux-x64')).toBe(text);
  });
});

describe('a restore that took another version', () => {
  const before = lock({ 'net8.0': { a: resolved('1.0'), b: resolved('2.0'), words: { type: 'Project' } } });

  test('is told by the first package', () => {
    expect(changeOfLock(before, lock({ 'net8.0': { a: resolved('1.0'), b: resolved('2.1') } }))).toBe('`b` 2.0, and NuGet took 2.1');
  });

  test.each([
    ['the same', before],
    ['one package more', lock({ 'net8.0': { a: resolved('1.0'), b: resolved('2.0'), c: resolved('1') } })],
    ['no such package any more', lock({ 'net8.0': {} })],
    ['no such framework', lock({ 'net10.0': { a: resolved('3.0') } })],
    ['a project in its place', lock({ 'net8.0': { a: { type: 'Project' } } })],
    ['a version where there was a project', lock({ 'net8.0': { words: resolved('1') } })],
    ['nothing that can be read', 'no lock'],
  ])('is not one that took %s', (_, after) => {
    expect(changeOfLock(before, after)).toBeUndefined();
  });

  test('is none where there was nothing that could be read', () => {
    expect([changeOfLock('no lock', before), changeOfLock('{}', before)]).toEqual([undefined, undefined]);
  });
});
