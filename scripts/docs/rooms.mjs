// `node scripts/docs/rooms.mjs`: draws the imports between the rooms of src in CONTRIBUTING.md, from the code. `--check` writes nothing,
// and fails if the picture is out of date, or if the map leaves out a room.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('../..', import.meta.url)));
const PAGE = 'CONTRIBUTING.md';
const [BEGIN, END] = ['<!-- rooms: made by scripts/docs/rooms.mjs -->', '<!-- end of the rooms -->'];

const imports = importsBetweenRooms();
const page = readFileSync(PAGE, 'utf8');
const [before, rest] = halves(page, BEGIN);
const [, after] = halves(rest, END);
const generated = `${before}${BEGIN}\n${picture()}\n${END}${after}`;
const unnamed = [...imports.keys()].filter((room) => !page.includes(`\`${room}\``));
unnamed.forEach((room) => fail(`the map in ${PAGE} has no sentence for \`${room}\``));
if (!process.argv.includes('--check')) {
  writeFileSync(PAGE, generated);
} else if (generated !== page) {
  fail(`the picture in ${PAGE} is not that of the code: run \`node scripts/docs/rooms.mjs\``);
}

/** Two drawings: the library, and the gateway with the command. An import that another path of imports implies is left out. */
function picture() {
  const isGateway = (room) => /^src\/(local|cli)\//.test(`${room}/`);
  const drawing = (title, rooms) => [
    `**${title}**`, '', '```mermaid', 'flowchart TD',
    ...rooms.map((room) => `  ${idOf(room)}["${labelOf(room)}"]`),
    ...rooms.flatMap((room) => direct(room).filter((other) => rooms.includes(other)).map((other) => `  ${idOf(room)} --> ${idOf(other)}`)),
    '```', '',
  ].join('\n');
  const rooms = [...imports.keys()].sort();
  return [
    '',
    drawing('The library', rooms.filter((room) => !isGateway(room) && imports.get(room).size + incoming(room) > 0)),
    drawing('The local gateway and the command', rooms.filter(isGateway)),
  ].join('\n');
}

function incoming(room) {
  return [...imports.values()].filter((others) => others.has(room)).length;
}

/** The imports of a room, but for those that one of the others implies. */
function direct(room) {
  const others = [...imports.get(room)].sort();
  return others.filter((other) => !others.some((between) => between !== other && reaches(between, other)));
}

function reaches(from, to, seen = new Set()) {
  if (seen.has(from)) { return false; }
  seen.add(from);
  return imports.get(from).has(to) || [...imports.get(from)].some((next) => reaches(next, to, seen));
}

/** A room is a folder of src or src/local; files that lie beside the rooms count each for itself. */
function roomOf(file) {
  const parts = relative('src', file).split(sep);
  const depth = parts[0] === 'local' ? 2 : 1;
  return ['src', ...parts.slice(0, depth)].join('/').replace(/\.ts$/, '');
}

function importsBetweenRooms() {
  const files = readdirSync('src', { recursive: true }).filter((file) => file.endsWith('.ts')).map((file) => join('src', file));
  const found = new Map(files.map((file) => [roomOf(file), new Set()]));
  for (const file of files) {
    for (const [, path] of readFileSync(file, 'utf8').matchAll(/(?:from|import|require\()\s*'(\.[^']*)'/g)) {
      const target = [`${resolve(dirname(file), path)}.ts`, join(resolve(dirname(file), path), 'index.ts')].find((one) => files.some((other) => resolve(other) === one));
      const room = target && roomOf(relative('.', target));
      if (room && room !== roomOf(file)) { found.get(roomOf(file)).add(room); }
    }
  }
  return found;
}

function idOf(room) {
  return room.replace(/\W/g, '_');
}

function labelOf(room) {
  return room.replace(/^src\/(local\/)?/, '');
}

function halves(text, mark) {
  const at = text.indexOf(mark);
  if (at < 0) { throw new Error(`${PAGE} has no \`${mark}\``); }
  return [text.slice(0, at), text.slice(at + mark.length)];
}

function fail(message) {
  console.error(message);
  process.exitCode = 1;
}
