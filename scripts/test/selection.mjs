// What `npm test -- <name>…` runs: parts, languages, rooms, or test files.
import { existsSync, readdirSync } from 'node:fs';
import { basename, join, relative } from 'node:path';

/** Folders below test/ that hold no tests of a room. */
const NOT_ROOMS = ['fixtures', 'goldens', 'languages', 'public'];

/** @returns the rooms by name, each with its folder of tests */
export function rooms() {
  const folders = readdirSync('test', { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((folder) => !NOT_ROOMS.some((name) => relative('test', folder).split(/[\\/]/)[0] === name))
    .filter((folder) => readdirSync(folder, { recursive: true }).some((file) => file.endsWith('.test.ts')));
  return new Map(folders.map((folder) => [basename(folder), folder]));
}

/**
 * @param words what was given on the command line
 * @param parts the names of the parts
 * @param languages the names of the languages
 * @returns the selected parts, languages and paths of unit tests; everything if there are no words
 */
export function select(words, parts, languages) {
  const byName = rooms();
  const selected = { everything: words.length === 0, parts: [], languages: [], paths: [] };
  for (const word of words) {
    if (parts.includes(word)) {
      selected.parts.push(word);
    } else if (languages.includes(word)) {
      selected.languages.push(word);
    } else if (existsSync(word) && word.startsWith('test')) {
      selected.paths.push(word);
    } else if (byName.has(word)) {
      selected.paths.push(byName.get(word));
    } else {
      throw new Error(`there is nothing called \`${word}\` to test. Write one of these, or the path of a test file:\n` +
        `  parts      ${parts.join(' ')}\n  languages  ${languages.join(' ')}\n  rooms      ${[...byName.keys()].join(' ')}`);
    }
  }
  return selected;
}
