// Which tests a room's mutants have to pass. All tests of the library would be honest and take days; fewer can only lower a score.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The room that is measured folder by folder, each with its tests and those of the room itself. `handlers/*.ts` are the files that are in
 * no folder.
 */
const DIVIDED = 'handlers';
const OWN_FILES = `${DIVIDED}/*.ts`;
/** A folder whose code is also that of others, whose tests are its tests. */
const TESTED_BY = {
  'handlers': ['handlers/go', 'handlers/python', 'handlers/nodejs'],
  'handlers/compiled': ['handlers/java', 'handlers/dotnet'],
  'handlers/tools': ['handlers/go', 'handlers/java', 'handlers/dotnet'],
  'handlers/source-files': ['handlers/python'],
};
/** They take minutes, or need a process to themselves. */
const LEFT_OUT = /^test\/handlers\/(asset-hashes(\.properties)?|shipped-function|nodejs\/esbuild)\.test/;
/** Python is started for each of these tests. Only the code that does it has to pass them, and it is measured if it is named. */
const SLOW = /^test\/handlers\/python\/python-exports\.test/;
/** Maven, .NET, pip and uv take seconds a build. How they are called, tests state that play them. */
const BUILDS = /^test\/handlers\/(java\/java-builds|dotnet\/dotnet-builds|python\/install)\.test/;
const SLOW_CODE = ['handlers/python/python-exports.ts'];
/** What tests share comes first: its hooks are for all of them, and what it replaces is replaced for all. */
const SHARED = { 'handlers': ['handlers/source-project.ts'], 'handlers/python': ['handlers/python/python-tools.ts'] };
const WITH_ESBUILD = ['handlers/nodejs/nodejs-code.test.ts'];
const FIRST = { 'handlers': WITH_ESBUILD, 'handlers/nodejs': WITH_ESBUILD };

/** What is measured of a room, one after the other. */
export function piecesOf(room) {
  if (room !== DIVIDED) { return [room]; }
  const folders = readdirSync(join('src', DIVIDED), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => `${DIVIDED}/${name}`);
  return [OWN_FILES, ...folders];
}

export function isRoom(room) {
  return room === OWN_FILES || existsSync(join('src', room));
}

/** The code of a piece, as Stryker is told. */
export function codeOf(piece) {
  if (piece.endsWith('.ts')) { return [`src/${piece}`]; }
  return [`src/${piece}/**/*.ts`, ...apartFrom(piece).map((file) => `!src/${file}`)];
}

/** Files of a folder that are not measured with it. */
export function apartFrom(piece) {
  return SLOW_CODE.filter((file) => file.startsWith(`${piece}/`));
}

/** The tests of a piece: `first` are loaded before the others, and `left` are tests of its room that it need not pass. */
export function testsOf(piece) {
  const [room] = piece.split('/');
  const all = testFiles(room);
  if (room !== DIVIDED) { return { first: [], tests: all, left: [] }; }
  const folder = piece.endsWith('.ts') ? dirname(piece) : piece;
  const tested = [folder, ...TESTED_BY[folder] ?? []];
  const first = [...new Set([...FIRST[folder] ?? [], ...SHARED[room], ...tested.flatMap((one) => SHARED[one] ?? [])])].map((file) => `test/${file}`);
  const folders = tested.filter((one) => one !== room).map((one) => `test/${one}/`);
  const belongs = (file) => {
    if (LEFT_OUT.test(file) || BUILDS.test(file) || first.includes(file)) { return false; }
    if (SLOW.test(file) && !SLOW_CODE.includes(piece)) { return false; }
    return dirname(file) === `test/${room}` || folders.some((one) => file.startsWith(one));
  };
  const tests = all.filter(belongs);
  return { first, tests, left: all.filter((file) => !tests.includes(file) && !first.includes(file)) };
}

function testFiles(room) {
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', `test/${room}`], { encoding: 'utf8' });
  return files.split('\n').filter((file) => file.endsWith('.test.ts') && existsSync(file));
}
