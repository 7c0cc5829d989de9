import { join } from 'node:path';
import { recordedTools } from './python-tools';
import { namesOf } from '../../../src/handlers/python/python-names';
import * as toolModule from '../../../src/handlers/tools/tool';
import { sourceProject, write } from '../source-project';

/** A version that no other test asks for: what is known of a text is remembered. */
const MINOR = 98;
let folder: string;
beforeEach(() => { folder = sourceProject({}); });

describe('without Python, of a module', () => {
  const scanned = (source: string) => {
    recordedTools();
    write({ 'a.py': source });
    return namesOf([join(folder, 'a.py')], MINOR).get(join(folder, 'a.py'))!;
  };

  test('all words may be names', () => {
    expect(scanned('import os\n_a9 = état.x(os)\n')).toEqual({ names: ['import', 'os', '_a9', 'état', 'x'], defined: [], awaited: [] });
  });

  test.each([
    '"hidden"', '\'hidden\'', 'rb"hidden"', 'F\'hidden\'', '"a\\"hidden"', '\'it\\\'s hidden\'', '"it\'s hidden"', '"""\nhidden "hidden" """', '\'\'\'\nhidden \\\'\'\' hidden\'\'\'', '"" # hidden', '1 # it\'s hidden',
  ])('the words in texts and comments are none: %j', (literal) => {
    expect(scanned(`before = ${literal}\nafter = 1\n`).names!.filter((name) => /before|hidden|after/.test(name))).toEqual(['before', 'after']);
  });

  test('a text that does not end on its line hides nothing', () => {
    expect(scanned('a = "one\nb = 1\nc = "two"\n').names).toEqual(expect.arrayContaining(['a', 'one', 'b', 'c']));
  });

  test.each([
    'globals()["a"] = 1', 'exec(code)', 'vars()["a"] = 1', 'setattr(me, "a", 1)', 'def __getattr__(name): ...', 'me.__dict__["a"] = 1', 'sys.modules[__name__].a = 1', 'from a import *',
    'from a import(*)', 'from a import ( * )', 'from a import  *',
  ])('nothing is certain where it can have any name: %s', (source) => {
    expect(scanned(`${source}\n`).names).toBeUndefined();
  });

  test.each(['my_globals = 1', 'text = "exec"', 'a = important * 2', '# from a import *', 'from a import b\nc = 2 * 3'])('all is certain otherwise: %j', (source) => {
    expect(scanned(`${source}\n`).names).toBeDefined();
  });

  test('functions and classes are told, but not those inside of others', () => {
    expect(scanned('def first(): ...\nasync  def b():\n    def inner(): ...\nclass  Third:\n    def method(self): ...\nundef = 1\nx = 1; def_ = 2\n').defined).toEqual(['first', 'b', 'Third']);
  });
});

describe('Python is asked', () => {
  const FOUND = { defined: ['main'], awaited: [], names: ['main'] };
  let spy: jest.SpyInstance;
  const play = (answer: (command: string, files: string[]) => unknown) => {
    spy = jest.spyOn(toolModule, 'runTool').mockImplementation((command, _, { input } = {}) => {
      const found = answer(command, JSON.parse(input!)[1]);
      return { ok: found !== undefined, stdout: JSON.stringify(found), complaint: '' };
    });
  };
  afterEach(() => { spy.mockRestore(); });
  const asked = () => spy.mock.calls.map(([command, , { input }]) => [command, ...JSON.parse(input)[1]].map((one: string) => one.replace(`${folder}/`, '')).join(' '));
  const names = (...files: string[]) => {
    files.forEach((file) => write({ [file]: `# ${file} in ${folder}\n` }));
    return [...namesOf(files.map((file) => join(folder, file)), MINOR).values()];
  };

  test('once for all files, and once for each text', () => {
    play((_, files) => files.map(() => FOUND));

    expect(names('a.py', 'b.py')).toEqual([FOUND, FOUND]);
    expect(names('a.py', 'c.py', 'b.py')).toEqual([FOUND, FOUND, FOUND]);
    expect(names('b.py')).toEqual([FOUND]);
    expect(asked()).toEqual(['python3 a.py b.py', 'python3 c.py']);
  });

  test('in isolation, about the version of the runtime', () => {
    play((_, files) => files.map(() => FOUND));
    names('a.py');
    const [, args, { input, cwd }] = spy.mock.calls[0];

    expect(args.slice(0, 5)).toEqual(['-I', '-S', '-W', 'ignore', '-c']);
    expect([JSON.parse(input)[0], cwd]).toEqual([MINOR, undefined]);
  });

  test('by its other name where the first does not run', () => {
    play((command, files) => command === 'python3' ? undefined : files.map(() => FOUND));

    expect(names('a.py')).toEqual([FOUND]);
    expect(asked()).toEqual(['python3 a.py', 'python a.py']);
  });

  test('in vain about a file that it is too old for, which is then read without it', () => {
    play(() => [null, FOUND]);

    expect(names('a.py', 'b.py')).toEqual([{ names: [], defined: [], awaited: [] }, FOUND]);
  });

  test('anew about a text for another version', () => {
    play((_, files) => files.map(() => FOUND));
    names('a.py');
    namesOf([join(folder, 'a.py')], MINOR + 1);

    expect(asked()).toEqual(['python3 a.py', 'python3 a.py']);
  });
});
