// `npm test -- <language>…`: what users of each language get, tried as they would: the packages of `dist` installed outside of
// this repository, the same scenario synthesized in every language and the templates compared, wrong inputs, the chat example.
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runOrThrow, secondsSince } from '../commands.mjs';
import { compareAssemblies } from './compare-assemblies.mjs';
import * as csharp from './csharp.mjs';
import * as go from './go.mjs';
import * as java from './java.mjs';
import * as python from './python.mjs';
import * as typescript from './typescript.mjs';
import { packaged, SUMMARY, TARGETS } from '../package-all.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The others are compared with the first; the slowest come next. */
const LANGUAGES = [typescript, go, java, python, csharp];
export const LANGUAGE_NAMES = LANGUAGES.map(({ language }) => language);

/**
 * Tests what `package-all.mjs` built.
 *
 * @param report is called for each check: name, whether it passed, seconds, output
 * @param note is called with other lines
 * @param names the languages, all by default; TypeScript is always tested, because the others are compared with it
 * @param atOnce how many languages are tested at a time: 1 if the measurements matter
 * @returns how many checks passed, failed and were skipped
 */
export async function testLanguages({ report, note }, { names = LANGUAGE_NAMES, atOnce = 1 } = {}) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const measures = new Map();
  const assemblies = new Map();
  const temporary = [];

  const waiting = LANGUAGES.filter((module) => module === typescript || names.includes(module.language));
  const next = async () => {
    for (let module = waiting.shift(); module; module = waiting.shift()) {
      await testLanguage(module);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, next));

  for (const [language, assembly] of assemblies) {
    if (language === typescript.language) { continue; }
    await check(language, 'the scenario has the template that it has in TypeScript', () => {
      if (!assemblies.has(typescript.language)) { throw new Error('TypeScript has no template to compare with: see its failure above'); }
      compareAssemblies(assemblies.get(typescript.language), assembly);
    });
  }
  temporary.forEach((folder) => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  printMeasures(measures, note);
  return counts;

  async function testLanguage(module) {
    const { language } = module;
    const reason = module.missing();
    if (reason) {
      counts.skipped++;
      note(`- ${language} is skipped: ${reason}`);
      return;
    }
    if (!readPackages()[language]) {
      note(`- ${language} is not tested: its package was not built, see the failure above`);
      return;
    }
    measures.set(language, { ...readPackages()[language] });
    const work = realpathSync(mkdtempSync(join(tmpdir(), `${language}-`)));
    temporary.push(work);
    const started = Date.now();
    try {
      checkPackaged(language);
      const { scenario } = await module.test({
        root,
        work,
        run,
        check: (name, test) => check(language, name, test),
        note,
        measure: (name, value) => { measures.get(language)[name] = value; },
      });
      assemblies.set(language, scenario);
      measures.get(language)['all tests'] = `${secondsSince(started)} s`;
    } catch (error) {
      counts.failed++;
      report(`${language}: the tests run to their end`, false, secondsSince(started), error.stack);
    }
  }

  /** @returns whether the check passed, so that what depends on it need not be tried */
  async function check(language, name, test) {
    const started = Date.now();
    try {
      const number = await test();
      counts.passed += typeof number === 'number' ? number : 1;
      report(`${language}: ${name}`, true, secondsSince(started), '');
      return true;
    } catch (error) {
      counts.failed++;
      report(`${language}: ${name}`, false, secondsSince(started), error.message);
      return false;
    }
  }
}

function readPackages() {
  return existsSync(SUMMARY) ? JSON.parse(readFileSync(SUMMARY, 'utf8')) : {};
}

function checkPackaged(language) {
  const target = Object.keys(TARGETS).find((name) => TARGETS[name].language === language);
  if (packaged(target).length === 0) {
    throw new Error('there is no package of what is compiled: run `npm run package:all`');
  }
}

/** Runs a command as a user's shell would: nothing of this repository is on the PATH, and nothing of the npm that may have started this. */
function run(command, args, { cwd, env } = {}) {
  return runOrThrow(command, args, { cwd, env: { ...environment(), ...env } });
}

function environment() {
  const ofNpm = /^(npm_(package|lifecycle)_.*|npm_config_(local_prefix|call)|npm_command|INIT_CWD|NODE_PATH)$/;
  return {
    ...Object.fromEntries(Object.keys(process.env).filter((name) => ofNpm.test(name)).map((name) => [name, undefined])),
    PATH: process.env.PATH.split(delimiter).filter((folder) => !folder.includes('node_modules')).join(delimiter),
    // Silences the banner about the age of Node.js, which is not under test.
    JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20',
  };
}

/** A row for each measure, a column for each language. */
function printMeasures(measures, note) {
  const names = [...new Set([...measures.values()].flatMap(Object.keys))];
  const rows = [['', ...measures.keys()], ...names.map((name) => [name, ...[...measures.values()].map((values) => values[name] ?? '')])];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  note(`\n${rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd()).join('\n')}`);
}
