import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { BuiltSource } from '../../../src/cli/watching/built-source';
import { sourceOf } from '../../../src/cli/watching/source-of';
import { ProjectBuild } from '../../../src/handlers/compiled/rebuild';
import { findOnPath } from '../../../src/handlers/tools/tool';
import { FunctionModel } from '../../../src/local/definition/model';
import { describeWithTool, withEnvironment } from '../../handlers/compiled/tool-chain';
import { sourceProject, write } from '../../handlers/source-project';

// What a machine has in Go's own settings is not the users'.
beforeAll(() => { process.env.GOENV = 'off'; });

const FILES = {
  'go.mod': 'module example.com/chat\n\ngo 1.21\n',
  'cmd/say/main.go': 'package main\n\nimport "example.com/chat/words"\n\nfunc main() { println(words.Word) }\n',
  'words/words.go': 'package words\n\nconst Word = "first"\n',
  'other/other.go': 'package other\n',
};

const outputs: string[] = [];
afterAll(() => outputs.forEach((folder) => rmSync(folder, { recursive: true })));

function watched(language = 'golang', code = '/assembly/asset.1'): BuiltSource | undefined {
  const project = { language, handler: 'cmd/say', runtime: 'provided.al2023', architecture: 'x86_64', options: {} };
  return sourceOf({ code, source: { file: join(process.cwd(), 'go.mod'), folder: process.cwd(), project } } as FunctionModel, process.cwd(), '/assembly');
}

/** What the new code says; undefined if there is none. */
async function built(source: BuiltSource): Promise<string | undefined> {
  const writeCode = await source.build();
  if (!writeCode) { return undefined; }
  const folder = mkdtempSync(join(tmpdir(), 'rebuilt-'));
  outputs.push(folder);
  writeCode(folder);
  return spawnSync(join(folder, 'bootstrap'), { encoding: 'utf8' }).stderr.trim();
}

describeWithTool('go', 'a handler of a project', () => {
  test('is built again when what it is made from changes, and only then', async () => {
    const folder = sourceProject(FILES);
    const source = watched()!;

    expect(await built(source)).toBe('first');
    expect(await built(source)).toBeUndefined();
    expect(source.folders().sort()).toEqual(['', 'cmd/say', 'words'].map((path) => join(folder, path)).sort());
    expect(['words/words.go', 'go.mod', 'other/other.go', 'README.md'].map((path) => source.uses(join(folder, path), false))).toEqual([true, true, false, false]);
    write({ 'words/words.go': 'package words\n\nconst Word = "second"\n' });
    expect(await built(source)).toBe('second');
  });

  test('is not built when it starts, if the assembly is as the sources are', async () => {
    sourceProject(FILES);
    const project = { language: 'golang', handler: 'cmd/say', runtime: 'provided.al2023', architecture: 'x86_64', options: {} };
    const { hash } = new ProjectBuild({ folder: process.cwd(), project }).inputs();

    expect(await built(watched('golang', `/assembly/asset.${hash}`)!)).toBeUndefined();
  });

  test('shares its build with the other handlers of the same code', async () => {
    sourceProject({ ...FILES, 'go.mod': `${FILES['go.mod']}// shared\n` });
    const sources = [watched()!, watched()!, watched()!];
    const real = findOnPath('go')!.command;
    write({ 'bin/go': `#!/bin/sh\n[ "$1" = build ] && echo >> "${process.cwd()}/builds"\nexec "${real}" "$@"\n` });
    chmodSync('bin/go', 0o755);
    const outcomes = await withEnvironment({ PATH: `${join(process.cwd(), 'bin')}${delimiter}${process.env.PATH}` }, () => Promise.all(sources.map(built)));

    expect(outcomes).toEqual(['first', 'first', 'first']);
    expect(readFileSync('builds', 'utf8')).toHaveLength(1);
  });

  test('says what does not compile, and a new file may be what was missing', async () => {
    const folder = sourceProject({ ...FILES, 'words/words.go': 'package words\n\nconst Word = missing\n' });
    const source = watched()!;

    await expect(built(source)).rejects.toThrow('words/words.go:3:14: undefined: missing');
    write({ 'words/missing.go': 'package words\n\nconst missing = "found"\n' });
    expect(source.uses(join(folder, 'words/missing.go'), true)).toBe(true);
    expect(await built(source)).toBe('found');
  });
});

test('a handler in a language that only another version knows changes with its asset alone', () => {
  sourceProject(FILES);

  expect(watched('cobol')).toBeUndefined();
});
