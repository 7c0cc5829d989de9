import { parseGo } from '../../../src/handlers/go/go-file';

test('the imports of a file are those before its code, in every form', () => {
  expect(parseGo(`// Package main says "import".
/* import "no" */ package main; import "a"
import (
  // "b"
  c "example.com/c"
  _ \`example.com/d\`; . "example.com/e" /* "f" */
)
import g "example.com/g"

var x = "import \\"h\\""
`)).toEqual({ packageName: 'main', imports: ['a', 'example.com/c', 'example.com/d', 'example.com/e', 'example.com/g'], embeds: [] });
});

test('the patterns of embedded files are found wherever they are', () => {
  expect(parseGo('package p\n\nimport _ "embed"\n\n//go:embed a.txt "b c.txt" `d`\n//go:embed all:e\nvar x string\n').embeds).toEqual(['a.txt', 'b c.txt', 'd', 'all:e']);
});

test('a file that builds ignore is of no package', () => {
  expect(parseGo('//go:build ignore\n\npackage main\n')).toEqual({ imports: [], embeds: [] });
});

test.each(['', '// nothing', 'package', 'package p\nimport (', 'import "x"'])('an incomplete file has no imports: %j', (text) => {
  expect(parseGo(text).imports).toEqual([]);
});
