import { mkdirSync } from 'node:fs';
import { relative } from 'node:path';
import { filesOfPackage, filesWithCgo } from '../../../src/handlers/go/go-inputs';
import { readModule } from '../../../src/handlers/go/go-module';
import { sourceProject, write } from '../source-project';

const MOD = { 'go.mod': 'module example.com/chat\n' };

/** The files that the package in `cmd` is built from, as git shows them. */
function filesOf(files: { [path: string]: string }): string[] {
  const folder = sourceProject({ ...MOD, ...files });
  return filesOfPackage(readModule(folder), `${folder}/cmd`).map((file) => relative(folder, file)).sort();
}

const importing = (...paths: string[]) => `package main\n\nimport (\n${paths.map((path) => `\t"${path}"\n`).join('')})\n`;

describe('a package in Go is built from', () => {
  test('its module, its own files, and those of what it imports, however far away', () => {
    expect(filesOf({
      'cmd/main.go': importing('fmt', 'example.com/chat/a', 'example.com/elsewhere'),
      'a/a.go': 'package a\n\nimport "example.com/chat/b"\n',
      'b/b.go': 'package b\n\nimport "example.com/chat/a"\n',
      'c/c.go': 'package c\n',
    })).toEqual(['a/a.go', 'b/b.go', 'cmd/main.go', 'go.mod']);
  });

  test('Go files that are no tests, and that builds do not ignore', () => {
    expect(filesOf({
      'cmd/main.go': 'package main\n',
      'cmd/main_test.go': 'package main\n',
      'cmd/_old.go': 'package main\n',
      'cmd/.new.go': 'package main\n',
      'cmd/tool.go': '//go:build ignore\n\npackage main\n',
      'cmd/notes.txt': '',
      'cmd/folder.go/x.txt': '',
    })).toEqual(['cmd/main.go', 'go.mod']);
  });

  test('assembly, headers and objects beside them', () => {
    expect(filesOf({ 'cmd/main.go': 'package main\n', 'cmd/a.s': '', 'cmd/b.S': '', 'cmd/c.h': '', 'cmd/d.syso': '', 'cmd/e.c': '' }))
      .toEqual(['cmd/a.s', 'cmd/b.S', 'cmd/c.h', 'cmd/d.syso', 'cmd/main.go', 'go.mod']);
  });
});

describe('what is embedded is a part of it:', () => {
  const TREE = {
    'cmd/a.txt': '',
    'cmd/b.txt': '',
    'cmd/ab.txt': '',
    'cmd/a.md': '',
    'cmd/a+b.txt': '',
    'cmd/-.txt': '',
    'cmd/data/one.json': '',
    'cmd/data/.hidden': '',
    'cmd/data/_draft': '',
    'cmd/data/deep/two.json': '',
    'cmd/data/.deep/three.json': '',
  };
  const embedded = (...patterns: string[]) => filesOf({ ...TREE, 'cmd/main.go': `package main\n\nimport _ "embed"\n\n//go:embed ${patterns.join(' ')}\nvar x string\n` })
    .filter((file) => !['go.mod', 'cmd/main.go'].includes(file)).map((file) => file.slice('cmd/'.length));

  test.each<[pattern: string, files: string[]]>([
    ['a.txt', ['a.txt']],
    ['./a.txt', ['a.txt']],
    ['*.txt', ['-.txt', 'a+b.txt', 'a.txt', 'ab.txt', 'b.txt']],
    ['?.txt', ['-.txt', 'a.txt', 'b.txt']],
    ['[ab].txt', ['a.txt', 'b.txt']],
    ['[^a].txt', ['-.txt', 'b.txt']],
    ['[a-b]?.txt', ['ab.txt']],
    ['[\\\\-a].txt', ['-.txt', 'a.txt']],
    ['a+b.txt', ['a+b.txt']],
    ['a\\\\+b.txt', ['a+b.txt']],
    ['data', ['data/deep/two.json', 'data/one.json']],
    ['all:data', ['data/.deep/three.json', 'data/.hidden', 'data/_draft', 'data/deep/two.json', 'data/one.json']],
    ['data/.hidden', ['data/.hidden']],
    ['data/*/*.json', ['data/.deep/three.json', 'data/deep/two.json']],
    ['a.txt/b', []],
    ['nowhere/b', []],
  ])('%s', (pattern, files) => {
    expect(embedded(pattern.includes('\\') ? `"${pattern}"`.replaceAll('\\\\', '\\') : pattern)).toEqual(files);
  });

  test('all the patterns of a line', () => {
    expect(embedded('a.txt', '"b.txt"', 'data/*.json')).toEqual(['a.txt', 'b.txt', 'data/one.json']);
  });
});

describe('files that use cgo', () => {
  test('are those that import "C", of all the folders that files are in', () => {
    const folder = sourceProject({
      'a/one.go': 'package a\n\nimport "C"\n', 'a/two.go': 'package a\n\nimport "fmt"\n', 'b/three.go': 'package b\n', 'text/x.txt': '',
    });
    mkdirSync(`${folder}/empty`);
    write({ 'c/four.go': 'package c\n\nimport "C"\n' });

    expect(filesWithCgo(['a/two.go', 'b/three.go', 'text/x.txt'].map((file) => `${folder}/${file}`))).toEqual([`${folder}/a/one.go`]);
  });
});
