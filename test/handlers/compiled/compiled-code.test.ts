import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { compiledCode, NamedSource } from '../../../src/handlers/compiled/compiled-code';
import { CompiledLanguage, CompiledSource } from '../../../src/handlers/compiled/compiled-language';
import { filesOf, sourceProject, write } from '../source-project';

/** What was asked of a language that needs no tool. */
let asked: Array<[what: string, ...entries: string[]]>;
let work: string[];
beforeEach(() => {
  const folder = sourceProject({});
  // Builds of a process are shared by their contents, and each test is to have its own.
  write({ 'one/a': `a ${folder}`, 'one/b': `b ${folder}`, 'two/a': `two ${folder}` });
  [asked, work] = [[], []];
});

/** Its handlers are files, which it copies. */
const language = (changes: Partial<CompiledLanguage> = {}): CompiledLanguage => ({
  name: 'Copied',
  bundling: 'golang',
  find: () => { throw new Error('it is found'); },
  inputs: (source) => {
    asked.push(['inputs', source.entry]);
    return { files: [source.manifest], settings: [] };
  },
  toolIdentity: () => 'cp 1',
  batch: ({ project }) => project,
  * build(sources, folders) {
    asked.push(['build', ...sources.map(({ entry }) => entry)]);
    work.push(...folders.map((folder) => dirname(folder)));
    sources.forEach(({ manifest }, index) => write({ copied: readFileSync(manifest, 'utf8') }, folders[index]));
    yield* [];
  },
  ...changes,
});

const source = (file: string, changes: Partial<CompiledSource> = {}): CompiledSource => ({
  request: { handler: file, srcDir: process.cwd(), runtime: 'provided.al2023', architecture: 'arm64', options: { tags: ['a'] } },
  runtime: 'provided.al2023',
  entry: file,
  project: join(process.cwd(), dirname(file)),
  manifest: join(process.cwd(), file),
  ...changes,
});
const named = (file: string, of = language(), changes: Partial<NamedSource> = {}): NamedSource => ({ name: `route ${file}`, language: of, source: source(file), ...changes });

function codesOf(handlers: NamedSource[], outdir = 'cdk.out', context = {}) {
  const stack = new Stack(new App({ outdir, context }), 'Stack');
  return compiledCode(stack, handlers).map((compiled, index) => ({ ...compiled, key: compiled.code.bind(new Construct(stack, `Handler${index}`)).s3Location!.objectKey }));
}
const builds = () => asked.filter(([what]) => what === 'build').map(([, ...entries]) => entries);

describe('handlers that are compiled', () => {
  test('get the code of each, in their order, and what deploys it', () => {
    const [b, a] = codesOf([named('one/b'), named('one/a')]);

    expect(readFileSync(join('cdk.out', `asset.${a.key.replace('.zip', '')}`, 'copied'), 'utf8')).toMatch(/^a /);
    expect(b).toMatchObject({
      handler: 'one/b',
      runtime: Runtime.PROVIDED_AL2023,
      source: {
        file: join(process.cwd(), 'one/b'),
        folder: process.cwd(),
        project: { language: 'golang', handler: 'one/b', runtime: 'provided.al2023', architecture: 'arm64', options: { tags: ['a'] } },
      },
    });
  });

  test('keep a runtime that is not in the list of the CDK', () => {
    const runtime = new Runtime('provided.al2099');

    expect(codesOf([named('one/a', undefined, { runtime, source: source('one/a', { runtime: runtime.name }) })])[0].runtime).toBe(runtime);
  });

  test('of the same inputs share an asset, and what decides it is read once a handler', () => {
    const of = language();
    const [one, other, third] = codesOf([named('one/a', of), named('one/a', of), named('one/a', of, { source: source('one/a', { entry: 'another' }) })]);

    expect([other.key, third.key, third.handler]).toEqual([one.key, one.key, 'another']);
    expect(asked).toEqual([['inputs', 'one/a'], ['inputs', 'another'], ['build', 'one/a']]);
  });

  test.each<[what: string, other: () => NamedSource, runs: string[][]]>([
    ['are built in one run if they have a batch in common', () => named('one/b'), [['one/a', 'one/b']]],
    ['of another batch are built in another', () => named('two/a'), [['one/a'], ['two/a']]],
    ['for other tools are built in another', () => named('one/b', language({ toolIdentity: () => 'cp 2' })), [['one/a'], ['one/b']]],
    ['in another language are built in another', () => named('one/b', language({ name: 'Other' })), [['one/a'], ['one/b']]],
  ])('%s', (_, other, runs) => {
    const codes = codesOf([named('one/a'), other()]);

    expect(builds()).toEqual(runs);
    expect(new Set(codes.map(({ key }) => key)).size).toBe(2);
    expect(work.filter((folder) => existsSync(folder))).toEqual([]);
  });

  test('are built again only if something has changed', () => {
    codesOf([named('one/a'), named('one/b')]);
    write({ 'one/b': 'changed' });
    codesOf([named('one/a'), named('one/b')]);
    expect(builds()).toEqual([['one/a', 'one/b'], ['one/b']]);
    codesOf([named('one/a', language({ toolIdentity: () => 'cp 2' })), named('one/b')]);
    expect(builds().slice(2)).toEqual([['one/a']]);
  });

  test('are not built for a stack that needs no bundling, nor is anything asked', () => {
    const refuse = () => { throw new Error('nobody is asked'); };
    const of = language({ inputs: refuse, toolIdentity: refuse, missingEntry: refuse });
    const codes = codesOf([named('one/a', of), named('one/b', of)], 'cdk.out', { 'aws:cdk:bundling-stacks': [] });

    expect(codes.map(({ handler, source: { file } }) => [handler, file])).toEqual(['one/a', 'one/b'].map((file) => [file, join(process.cwd(), file)]));
    expect(new Set(codes.map(({ key }) => key)).size).toBe(2);
    expect(filesOf('cdk.out')).toEqual([]);
  });
});

describe('what is wrong with handlers that are compiled is told', () => {
  const failing = (message: string) => function* () {
    yield* [];
    throw new Error(message);
  };

  test('of all routes of a build, and of all builds', () => {
    const of = language({ build: failing('no') });

    expect(() => codesOf([named('one/a', of), named('one/a', of, { name: 'again' }), named('two/a', language({ build: failing('never') }))]))
      .toThrow(/^cannot build the handler of route one\/a, again: no\n\ncannot build the handler of route two\/a: never$/);
    expect(filesOf('cdk.out')).toEqual([]);
  });

  test('of those routes of a build that it is about', () => {
    const of = language({ build: failing('b is no'), atFault: (sources, message) => sources.filter(({ entry }) => message.startsWith(entry.slice(-1))) });

    expect(() => codesOf([named('one/a', of), named('one/b', of)])).toThrow(/^cannot build the handler of route one\/b: b is no$/);
  });

  test('of each route whose handler is not there, in the asset that was built', () => {
    const of = language({ missingEntry: ({ entry }, asset) => entry === 'one/a' ? `${entry} is not in ${filesOf(asset).join()}` : undefined });

    expect(() => codesOf([named('one/a', of), named('one/b', of), named('one/a', of, { name: 'again' })])).toThrow(/^route one\/a: one\/a is not in copied\n\nagain: one\/a is not in copied$/);
    expect(() => codesOf([named('one/b', of)])).not.toThrow();
  });

  test('without looking for handlers where a build has failed', () => {
    const of = language({ missingEntry: () => 'it is missing' });

    expect(() => codesOf([named('one/a', of), named('two/a', language({ build: failing('no') }))])).toThrow(/^cannot build the handler of route two\/a: no$/);
  });

  test('of a route whose inputs or tools are not there', () => {
    const refuse = () => { throw new Error('there is none'); };

    expect(() => codesOf([named('one/b'), named('one/a', language({ toolIdentity: refuse }))])).toThrow(/^route one\/a: there is none$/);
    expect(() => codesOf([named('one/a', language({ inputs: refuse }))])).toThrow(/^route one\/a: there is none$/);
  });

  test('of a project in the cloud assembly, but not of one beside it', () => {
    write({ 'cdk.out/x/a': '', 'cdk.out/a': '', 'cdk.out2/a': 'beside' });

    for (const file of ['cdk.out/x/a', 'cdk.out/a']) { expect(() => codesOf([named(file)])).toThrow(`route ${file}: \`${file}\` is in the cloud assembly`); }
    expect(() => codesOf([named('cdk.out2/a')])).not.toThrow();
  });
});
