import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { Reaper } from '../../../../src/local/lambda/process/reaper';
import { filesOf } from '../../../handlers/source-project';
import { testWhere } from '../../../where';
import { functionFolder, functionModel, isAlive, isStopped, until } from '../../local-function';

const SOURCES = resolve('src/local');

function sleeper(): number {
  return spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' }).pid!;
}

test('what is listed is ended and removed at the end, what was taken off is not', async () => {
  const reaper = new Reaper();
  const [listed, other, taken] = [sleeper(), sleeper(), sleeper()];
  const folder = functionFolder({ 'a/b': 'x' });
  const kept = functionFolder({ c: 'x' });
  for (const pid of [listed, taken, other]) { reaper.add(pid); }
  reaper.addFolder(folder);
  reaper.remove(taken);
  reaper.remove(999_999_999);
  await reaper.close();
  await until(() => !isAlive(listed) && !isAlive(other));

  expect(isAlive(taken)).toBe(true);
  expect(existsSync(folder)).toBe(false);
  expect(existsSync(kept)).toBe(true);
  process.kill(taken, 'SIGKILL');
});

testWhere(process.platform === 'linux', 'only Linux shows the environment of a process')('what carries the mark of the gateway is ended, in whatever group it is', async () => {
  const reaper = new Reaper();
  const stray = spawn('sleep', ['1000'], { detached: true, stdio: 'ignore', env: { ...process.env, AWS_LAMBDA_LOG_STREAM_NAME: `x]${reaper.mark}0` } }).pid!;
  const other = sleeper();
  await reaper.close();
  await until(() => !isAlive(stray));

  expect(isAlive(other)).toBe(true);
  process.kill(other, 'SIGKILL');
});

test('a folder may have any name but one with a line break', async () => {
  const reaper = new Reaper();
  const odd = functionFolder({ 'it\'s "$HOME" *;/file': 'x' });
  const folder = join(odd, 'it\'s "$HOME" *;');
  reaper.addFolder(folder);
  expect(() => reaper.addFolder('/a\nb')).toThrow('folder "/a\\nb" has a line break in its name: use another one');
  await reaper.close();
  await reaper.close();

  expect(existsSync(folder)).toBe(false);
  expect(existsSync(odd)).toBe(true);
});

test('there is none on Windows', async () => {
  const { platform } = process;
  Object.defineProperty(process, 'platform', { value: 'win32' });
  const reaper = new Reaper();
  Object.defineProperty(process, 'platform', { value: platform });
  reaper.add(999_999_999);
  reaper.remove(999_999_999);
  reaper.addFolder('/nowhere');
  await reaper.close();
});

test('it stays when it is asked to go, and does its work', async () => {
  const folder = functionFolder();
  const shell = spawn('sh', ['-x', join(SOURCES, 'lambda/process/reaper.sh')], { stdio: ['pipe', 'ignore', 'pipe'] });
  let steps = '';
  shell.stderr.on('data', (chunk) => steps += chunk);
  shell.stdin.write(`+dir ${folder}\n`);
  await until(() => steps.includes(`folders=${folder}`) || steps.includes(`folders='${folder}`));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) { shell.kill(signal); }
  shell.stdin.end();
  const [code, signal] = await once(shell, 'exit');

  expect([code, signal]).toEqual([0, null]);
  expect(existsSync(folder)).toBe(false);
});

test('a function that stands still does not outlive a gateway that was killed', async () => {
  const folder = functionFolder({
    'code/index.mjs': 'export const handler = async () => process.pid;',
    'gateway.js': `
      const { FunctionPool } = require('./local/lambda/function-pool.js');
      const { Reaper } = require('./local/lambda/process/reaper.js');
      const pool = new FunctionPool(${JSON.stringify(functionModel())}, {
        codeFolder: 'code', appFolder: __dirname, credentials: {}, reaper: new Reaper(), onLog: () => undefined,
      });
      pool.invoke('{}').then(({ payload }) => console.log(payload));`,
  });
  compile(join(folder, 'local'));
  const gateway = spawn(process.execPath, ['gateway.js'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  const [chunk] = await once(gateway.stdout, 'data');
  const pid = Number(chunk);
  await until(() => isStopped(pid));
  gateway.kill('SIGKILL');

  await until(() => !isAlive(pid));
});

/** The gateway as it is packaged: compiled, with what is beside the code. */
function compile(folder: string) {
  cpSync(SOURCES, folder, { recursive: true });
  for (const file of filesOf(folder).filter((name) => name.endsWith('.ts'))) {
    const { outputText } = transpileModule(readFileSync(join(folder, file), 'utf8'), { compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 } });
    writeFileSync(join(folder, file.replace(/ts$/, 'js')), outputText);
  }
}
