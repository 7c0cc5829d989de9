import { chmodSync, mkdirSync, realpathSync, symlinkSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findOnPath, firstThatRuns, runSteps, runStepsInBackground, runTool, Steps, toolAt, ToolCall } from '../../../src/handlers/tools/tool';
import { withEnvironment } from '../compiled/tool-chain';
import { sourceProject, write } from '../source-project';

/** A script of the shell, which anyone may run. */
function tool(file: string, script: string): string {
  write({ [file]: `#!/bin/sh\n${script}\n` });
  chmodSync(file, 0o755);
  return join(process.cwd(), file);
}

const call = (script: string, more: Partial<ToolCall> = {}): ToolCall => ({ command: '/bin/sh', args: ['-c', script], ...more });

/** What a call answers, in both ways of waiting. */
async function answers(one: ToolCall) {
  function* steps(): Steps<unknown> { return yield one; }
  const [waited, meanwhile] = [runSteps(steps()), await runStepsInBackground(steps())];
  expect(meanwhile).toEqual(waited);
  return waited;
}

describe('a tool that runs', () => {
  test('answers with what it writes', async () => {
    expect(await answers(call('echo out; echo err >&2'))).toEqual({ ok: true, stdout: 'out\n', complaint: 'err' });
  });

  test.each([
    ['on stderr', 'echo out; echo " wrong " >&2; exit 3', 'wrong'],
    ['on stdout, where it writes nothing else', 'echo " wrong "; exit 3', 'wrong'],
    ['with a password in a URL', 'echo "no https://me:hunter2@example.com/x and http://token@[::1]/" >&2; exit 1', 'no https://****@example.com/x and http://****@[::1]/'],
    ['with an address that has none', 'echo "no https://example.com/me@you" >&2; exit 1', 'no https://example.com/me@you'],
  ])('and fails is heard %s', async (_, script, complaint) => {
    expect(await answers(call(script))).toMatchObject({ ok: false, complaint });
  });

  test('and is not there is told', async () => {
    function* steps(): Steps<unknown> { return yield { command: '/nowhere/tool', args: [] }; }

    for (const answer of [runSteps(steps()), await runStepsInBackground(steps())]) {
      expect(answer).toEqual({ ok: false, stdout: '', complaint: expect.stringMatching(/^Error: spawn(Sync)? \/nowhere\/tool ENOENT$/) });
    }
  });

  test('starts where it is told to, else in no folder of the user\'s', async () => {
    const folder = sourceProject({});

    expect(await answers(call('pwd -P', { cwd: folder }))).toMatchObject({ stdout: `${folder}\n` });
    expect(await answers(call('pwd -P'))).toMatchObject({ stdout: `${realpathSync(tmpdir())}\n` });
  });

  test('has the environment of this process, and what it is given besides', async () => {
    expect(await answers(call('echo $HOME $GIVEN_HERE', { environment: { GIVEN_HERE: '1' } }))).toMatchObject({ stdout: `${process.env.HOME} 1\n` });
  });

  test('may be given something to read, and nothing', async () => {
    expect(runTool('/bin/cat', [], { input: 'text' })).toEqual({ ok: true, stdout: 'text', complaint: 'text' });
    expect(await answers(call('cat'))).toMatchObject({ ok: true, stdout: '' });
  });

  test('may be one of many, each of which knows what the one before answered', async () => {
    function* steps(): Steps<string> {
      const { stdout: one } = yield call('echo 1');
      const { stdout: two } = yield call(`echo ${one.trim()}2`);
      return two;
    }

    expect([runSteps(steps()), await runStepsInBackground(steps())]).toEqual(['12\n', '12\n']);
  });
});

describe('a tool on the PATH', () => {
  const onPath = (path: string, ...names: string[]) => withEnvironment({ PATH: path }, () => findOnPath(...names))?.command;

  test('is the first that can be run, of any of the names', () => {
    const folder = sourceProject({ 'one/a': 'text', 'two/c/x': '' });
    const [first, second] = [tool('two/a', ':'), tool('three/a', ':')];
    tool('three/b', ':');
    mkdirSync('one/b');
    const path = ['', 'one', 'two', 'three'].map((name) => name && join(folder, name)).join(':');

    expect(onPath(path, 'a')).toBe(first);
    expect(onPath(path, 'b', 'a')).toBe(first);
    expect(onPath(`${folder}/three:${folder}/two`, 'a')).toBe(second);
    expect([onPath(path, 'c'), onPath('', 'a'), onPath(`${folder}/one`, 'a')]).toEqual([undefined, undefined, undefined]);
  });

  test('is not looked for in the working directory', () => {
    sourceProject({});
    tool('a', ':');

    expect(onPath(':/nowhere:', 'a')).toBeUndefined();
  });

  test('is another one when it changes, and the same wherever a link to it is', () => {
    sourceProject({});
    const file = tool('a', ':');
    symlinkSync(file, 'b');
    const before = toolAt(file)!.identity;
    expect(toolAt(join(process.cwd(), 'b'))!.identity).toBe(before);
    utimesSync(file, 1, 1);
    const touched = toolAt(file)!.identity;
    tool('a', ': longer');
    utimesSync(file, 1, 1);

    expect(new Set([before, touched, toolAt(file)!.identity]).size).toBe(3);
  });

  test('is none that is not there, or that nobody may run', () => {
    sourceProject({ a: '' });
    chmodSync('a', 0o644);

    expect([toolAt(join(process.cwd(), 'a')), toolAt('/nowhere/a'), toolAt('/')]).toEqual([undefined, undefined, undefined]);
  });
});

test('of many commands, the first that runs is asked for once, until the PATH changes', () => {
  const folder = sourceProject({});
  const [broken, works] = [tool('broken', 'exit 1'), tool('works', `echo >> '${folder}/runs'; [ "$1" = --version ]`)];
  const first = (path: string, args = ['--version'], name = 'tool') => withEnvironment({ PATH: path }, () => firstThatRuns(name, [broken, works], args));

  expect([first('/one'), first('/one'), first('/two')]).toEqual([works, works, works]);
  expect(first('/one', ['--nothing'], 'other')).toBeUndefined();
  expect(runTool('/bin/cat', [`${folder}/runs`]).stdout).toHaveLength(3);
});
