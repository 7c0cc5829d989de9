import { join } from 'node:path';
import { Runtime, RuntimeFamily } from 'aws-cdk-lib/aws-lambda';
import { onlyTools } from './python-tools';
import { Route } from '../../../src';
import { namesOf } from '../../../src/handlers/python/python-names';
import { sourceProject, synthesize, write } from '../source-project';

const synthesizePython = () => synthesize({ a: Route.toHandler('order.main', { srcPath: 'src' }) });
/** Older than any Python that runs these tests. */
const OLD = Runtime.PYTHON_3_9;
const withSource = (source: string) => write({ 'src/order.py': source });

describe.each([['Python', ['python3'] as const], ['no Python', [] as const]])('with %s on this machine', (_, tools) => {
  beforeEach(() => {
    sourceProject({});
    onlyTools(...tools);
  });

  test.each([
    ['a function', 'def main(event, context): ...'],
    ['a name that is assigned', 'main = wrap(lambda event, context: 1)'],
    ['a name among several', 'first, main = handlers()'],
    ['a name that is imported', 'from lib import main'],
    ['a name that is imported under another', 'from lib import (\n    run as main,\n)'],
    ['a function under a condition', 'import os\nif os.name:\n    def main(event, context): ...\nelse:\n    from b import main'],
    ['a global of a function', 'def make():\n    global main\n    main = 1\nmake()'],
    ['what another module may have', 'from lib import *'],
    ['what only running the module would tell', 'globals()["ma" + "in"] = 1'],
    ['an attribute that is made when it is asked for', 'def __getattr__(name): return lambda event, context: 1'],
    ['a function after text with quotes', 'text = \'\'\'it\'s "quoted" \\\'\'\' # "comment\ndef main(event, context): ...'],
  ])('a handler may be %s', (_name, source) => {
    withSource(source);

    expect(synthesizePython).not.toThrow();
  });

  test('a handler that its file does not have is an error, with the one that was meant', () => {
    withSource('"""main is elsewhere"""\nimport json  # main\n\n\ndef mian(event, context): ...\n\n\ndef helper(): ...\n');

    expect(synthesizePython).toThrow(
      'route `"a"`: handler `"order.main"` names the function `main`, which `src/order.py` does not have: it defines `mian`, `helper`; did you mean `"order.mian"`?');
  });

  test('a handler for which none of several may be meant is told of them all', () => {
    withSource('def first(event, context): ...\n\n\nclass Second: ...\n');

    expect(synthesizePython).toThrow(/it defines `first`, `Second`$/);
  });

  test('a handler is not looked for in a file that defines nothing', () => {
    withSource('import json\n');

    expect(synthesizePython).toThrow(/which `src\/order\.py` does not have: it defines nothing$/);
  });

  test('a handler is not looked for in the functions and texts of its file', () => {
    withSource('import json\n\n\ndef handler(event, context):\n    return "main"\n');

    expect(synthesizePython).toThrow('it defines `handler`; did you mean `"order.handler"`?');
  });
});

describe('a Python that is older than the runtime', () => {
  test.each([
    ['refuses a bracket that is never closed', 'def main(event, context):\n    return {"statusCode": 200\n', /^line 2: '\{' was never closed$/],
    ['refuses indentation that is wrong', 'def main(event, context):\nreturn 1\n', /^line 2: expected an indented block/],
    ['passes a bracket beside a template, whose grammar is newer', 'def main(event, context):\n    return (f"{event["body"]}"\n', undefined],
    ['passes what a newer grammar may allow', 'def main[T](event: T, context): ...\ntype Event = dict\n!\n', undefined],
  ])('%s', (_, source, error) => {
    const file = join(sourceProject({ 'handler.py': source }), 'handler.py');
    const found = namesOf([file], 99).get(file)!.error;

    expect(found).toEqual(error === undefined ? undefined : expect.stringMatching(error));
  });
});

describe('Python itself says', () => {
  beforeEach(() => {
    sourceProject({});
    onlyTools('python3');
  });

  test('that a file does not parse, with the line', () => {
    withSource('import json\n\n\ndef main(event, context)\n    return 1\n');

    // A Python that is older than the function's cannot judge it.
    expect(() => synthesize({ a: Route.toHandler('order.main', { srcPath: 'src', runtime: OLD }) }))
      .toThrow('route `"a"`: handler `"order.main"` cannot be loaded: `src/order.py`, line 4: ');
  });

  test('that a handler is `async`, which Lambda does not await', () => {
    withSource('async def main(event, context): ...\n');

    expect(synthesizePython).toThrow('handler `"order.main"` is `async`, and Lambda\'s Python calls it without awaiting it: write `def main(event, context)`');
  });

  test('nothing about a decorator, which may make another function of it', () => {
    withSource('from lib import sync\n\n\n@sync\nasync def main(event, context): ...\n');

    expect(synthesizePython).not.toThrow();
  });

  test('nothing about syntax that is newer than it', () => {
    withSource('def main(event, context):\n    return syntax of a future Python\n');

    expect(() => synthesize({ a: Route.toHandler('order.main', { srcPath: 'src', runtime: new Runtime('python3.99', RuntimeFamily.PYTHON) }) })).not.toThrow();
  });

  test('all that is wrong with many handlers at once', () => {
    write({ 'src/a.py': 'def x(): ...', 'src/b.py': 'def y(): ...', 'src/c.py': 'def main(event, context): ...' });

    expect(() => synthesize(Object.fromEntries(['a', 'b', 'c'].map((name) => [name, Route.toHandler(`${name}.main`, { srcPath: 'src' })]))))
      .toThrow(/^route `"a"`: [^]*\n\nroute `"b"`: [^\n]*$/);
  });
});
