// `node scripts/test/api-guard.mjs`: fails if the public API breaks against test/api-baseline.json, or if one of its names would change
// in some language. `--move` updates the baseline: run it for every release, and for an intended breaking change. `--self-test` shows
// that both checks can fail.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const require = createRequire(import.meta.url);
// The reserved words, from inside jsii's compiler: it has no public function for them.
const { isReservedName } = require(join(root, 'node_modules', 'jsii', 'lib', 'reserved-words.js'));

const BASELINE = join(root, 'test', 'api-baseline.json');
const assembly = read(join(root, '.jsii'));

switch (process.argv[2]) {
  case undefined: {
    const complaints = [...breakingChanges(read(BASELINE), assembly), ...renamedNames(assembly)];
    complaints.forEach((complaint) => console.error(complaint));
    if (complaints.length > 0) {
      console.error('If that is meant, move the baseline: node scripts/test/api-guard.mjs --move');
      process.exit(1);
    }
    break;
  }
  case '--move':
    writeFileSync(BASELINE, `${JSON.stringify(withoutProse(assembly), null, 2)}\n`);
    break;
  case '--self-test':
    selfTest();
    break;
  default:
    console.error(`unknown argument ${process.argv[2]}: there are --move and --self-test`);
    process.exit(1);
}

/** What `jsii-diff` finds, one line each. */
function breakingChanges(before, after) {
  const folder = mkdtempSync(join(tmpdir(), 'api-'));
  try {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    const [original, updated] = [['original', before], ['updated', after]].map(([name, content]) => {
      mkdirSync(join(folder, name));
      copyFileSync(join(root, 'package.json'), join(folder, name, 'package.json'));
      writeFileSync(join(folder, name, '.jsii'), JSON.stringify(content));
      return join(folder, name);
    });
    // The whole public API counts, although it is marked as experimental.
    const { status, stdout, stderr } = spawnSync('npx', ['jsii-diff', original, updated, '--error-on', 'all'], { cwd: root, encoding: 'utf8' });
    // The tool skips what it cannot load, and says so.
    if (status !== 0 || stderr.includes('Skipping analysis')) {
      const changes = stderr.split('\n').filter((line) => /^err /.test(line));
      return changes.length > 0 ? changes : [stdout + stderr];
    }
    return [];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Names that jsii would change in a language: a reserved word there, or in C# a member that is called like its class. */
function renamedNames({ types }) {
  return Object.values(types).flatMap((type) => {
    const methods = [...type.methods ?? [], ...type.initializer ? [{ name: 'constructor', ...type.initializer }] : []];
    const members = [...type.methods ?? [], ...type.properties ?? []];
    const named = [
      { name: type.name, where: type.fqn },
      ...members.map(({ name }) => ({ name, where: `${type.fqn}.${name}` })),
      ...methods.flatMap((method) => (method.parameters ?? []).map(({ name }) => ({ name, where: `${type.fqn}.${method.name}(${name})` }))),
    ];
    return [
      ...named.flatMap(({ name, where }) => languagesThatReserve(name).map((language) => `${where} would be renamed in ${language}, where \`${name}\` is a reserved word`)),
      ...members.filter(({ name }) => type.kind === 'class' && name.toLowerCase() === type.name.toLowerCase())
        .map(({ name }) => `${type.fqn} would be renamed in C#, because its member \`${name}\` is called like it`),
    ];
  });
}

function languagesThatReserve(name) {
  // The last is not a word of Java; it belongs to the builders that jsii makes there.
  return isReservedName(name) ?? (name === 'build' ? ['Java'] : []);
}

/** Drops the prose, so that the baseline changes only if the API does. */
function withoutProse(api) {
  const dropped = ['readme', 'description', 'keywords', 'metadata', 'dependencyClosure', 'fingerprint', 'locationInModule', 'symbolId'];
  return JSON.parse(JSON.stringify(api, (key, value) => {
    if (key === 'docs') { return { stability: value.stability, deprecated: value.deprecated }; }
    return dropped.includes(key) ? undefined : value;
  }));
}

function selfTest() {
  const type = ({ types }, name) => types[`cdk-websocket-api.${name}`];
  const breaking = {
    'a method that is gone': (api) => type(api, 'Dns').methods.shift(),
    'a prop that is needed now': (api) => delete type(api, 'WebSocketApiProps').properties[0].optional,
  };
  const renaming = {
    'a member called `lambda`': (api) => type(api, 'WebSocketApi').properties[0].name = 'lambda',
    'a parameter called `default`': (api) => type(api, 'WebSocketApi').methods.find(({ parameters }) => parameters).parameters[0].name = 'default',
    'a member called like its class': (api) => type(api, 'WebSocketApi').properties[0].name = 'webSocketApi',
    'a member called `build`': (api) => type(api, 'Route').methods[0].name = 'build',
  };
  expectComplaints(breaking, (doctored) => breakingChanges(assembly, doctored));
  expectComplaints(renaming, renamedNames);
}

function expectComplaints(doctors, check) {
  for (const [name, doctor] of Object.entries(doctors)) {
    const doctored = structuredClone(assembly);
    doctor(doctored);
    const complaints = check(doctored);
    console.log(`${name}: ${complaints.join('; ') || 'not noticed'}`);
    if (complaints.length === 0) { process.exitCode = 1; }
  }
}

function read(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
