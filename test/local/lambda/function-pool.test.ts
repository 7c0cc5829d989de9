import { writeFileSync } from 'node:fs';
import type { ExecutionEnvironment } from '../../../src/local/lambda/execution-environment';
import { Spares } from '../../../src/local/lambda/process/spares';
import { startsAhead } from '../../../src/local/lambda/runtimes';
import { functionFolder, functionModel, isAlive, localFunction, until } from '../local-function';

const ECHO = { 'index.mjs': 'export const handler = async (event) => ({ pid: process.pid, event });' };
/** Answers when the file that the event names is there. */
const PATIENT = {
  'index.mjs': `
    import { existsSync } from 'node:fs';
    export const handler = async ({ file }) => {
      while (!existsSync(file)) { await new Promise((resolve) => setTimeout(resolve, 2)); }
      return process.pid;
    };`,
};

describe('an invocation', () => {
  test('gives what the function answers, and tells of its cold start once', async () => {
    const { pool } = localFunction(ECHO);
    const first = await pool.invoke('{"a":"ä"}');
    const second = await pool.invoke('{}');

    expect(JSON.parse(first.payload)).toEqual({ pid: expect.any(Number), event: { a: 'ä' } });
    expect(first).toEqual({ requestId: expect.stringMatching(/^[\da-f-]{36}$/), payload: expect.any(String), durationMillis: expect.any(Number), coldStartMillis: expect.any(Number) });
    expect(second.coldStartMillis).toBeUndefined();
    expect(second.requestId).not.toBe(first.requestId);
  });

  test('goes to the environment that is warm', async () => {
    const { pool, call } = localFunction(ECHO);
    const pids = new Set<number>();
    for (let i = 0; i < 20; i++) { pids.add((await call()).pid); }

    expect(pids.size).toBe(1);
    expect(pool.stats).toEqual({ environments: 1, busy: 0, queued: 0 });
  });

  test('takes events and answers of megabytes', async () => {
    const { call } = localFunction(ECHO);
    const event = { text: 'ä'.repeat(2_000_000) };

    expect((await call(event)).event).toEqual(event);
  });

  test('fails if its answer is larger than Lambda takes, and the next does not', async () => {
    const { call } = localFunction({ 'index.mjs': 'export const handler = async ({ size }) => "x".repeat(size);' });

    expect(await call({ size: 7 * 1024 * 1024 })).toEqual({
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
    });
    expect(await call({ size: 3 })).toBe('xxx');
  });
});

describe('many invocations', () => {
  test('share a few processes, and are served in their order', async () => {
    const { pool, events } = localFunction(ECHO, {}, { maxConcurrency: 2 });
    const order: number[] = [];
    const results = await Promise.all(Array.from({ length: 1000 }, async (_, index) => {
      const { payload } = await pool.invoke(JSON.stringify(index));
      order.push(index);
      return JSON.parse(payload);
    }));

    expect(results.map(({ event }) => event)).toEqual(Array.from({ length: 1000 }, (_, index) => index));
    expect(new Set(results.map(({ pid }) => pid)).size).toBeLessThanOrEqual(2);
    expect(events.filter(({ type }) => type === 'start').length).toBeLessThanOrEqual(2);
    expect(order.slice(0, 10).every((index) => index < 20)).toBe(true);
  });

  test('run one by one with a reserved concurrency of one', async () => {
    const { pool } = localFunction(ECHO, { reservedConcurrency: 1 });
    const results = await Promise.all([1, 2, 3, 4].map((event) => pool.invoke(String(event))));

    expect(new Set(results.map(({ payload }) => JSON.parse(payload).pid)).size).toBe(1);
  });

  test('run beside each other while one is slow', async () => {
    const { pool, folder } = localFunction(PATIENT);
    const slow = pool.invoke(JSON.stringify({ file: `${folder}/later` }));
    const fast = await pool.invoke(JSON.stringify({ file: `${folder}/index.mjs` }));
    touch(`${folder}/later`);

    expect((await slow).payload).not.toBe(fast.payload);
  });

  test('are not run when their callers have given up', async () => {
    let time = 0;
    const { pool, folder } = localFunction(PATIENT, {}, { maxConcurrency: 1, now: () => time });
    const running = pool.invoke(JSON.stringify({ file: `${folder}/later` }));
    const waiting = pool.invoke(JSON.stringify({ file: `${folder}/never` }), { timeoutMillis: 100 });
    const patient = pool.invoke(JSON.stringify({ file: `${folder}/index.mjs` }), { timeoutMillis: 1000 });
    expect(pool.stats.queued).toBe(3);
    await until(() => pool.stats.busy === 1);
    time = 101;
    touch(`${folder}/later`);

    expect((await waiting).functionError).toBe('Unhandled');
    expect((await running).functionError).toBeUndefined();
    expect((await patient).functionError).toBeUndefined();
  });
});

describe('new code', () => {
  test('serves at once, while the old finishes what it does', async () => {
    const { pool, folder } = localFunction(PATIENT);
    const old = pool.invoke(JSON.stringify({ file: `${folder}/later` }));
    await until(() => pool.stats.busy === 1);
    void pool.replace(functionModel(), functionFolder({ 'index.mjs': 'export const handler = async () => "new";' }));

    expect((await pool.invoke('{}')).payload).toBe('"new"');
    touch(`${folder}/later`);
    const pid = Number((await old).payload);
    expect(pid).toBeGreaterThan(0);
    await until(() => !isAlive(pid));
    await until(() => pool.stats.environments === 1);
  });

  test('ends environments that do nothing, and starts one ahead', async () => {
    const { pool, call, events } = localFunction(ECHO);
    const { pid } = await call();
    void pool.replace(functionModel(), functionFolder({ 'index.mjs': 'export const handler = async () => "new";' }));
    await until(() => !isAlive(pid));
    await until(() => events.filter(({ type }) => type === 'ready').length === 2);

    expect(await call()).toBe('new');
    expect(events.filter(({ type }) => type === 'start').length).toBe(2);
  });

  test('serves those who wait for the old to start', async () => {
    const { pool, call } = localFunction({ 'index.mjs': 'await new Promise((resolve) => setTimeout(resolve, 60_000)); export const handler = async () => "old";' });
    const waiting = call();
    void pool.replace(functionModel(), functionFolder({ 'index.mjs': 'export const handler = async () => "new";' }));

    expect(await waiting).toBe('new');
  });
});

describe('code that is replaced again', () => {
  const HANDLERS = {
    nodejs: (name: string) => ({
      'index.mjs': `
        import { readFileSync } from 'node:fs';
        const text = readFileSync('text', 'utf8');
        export const handler = async () => ({ name: '${name}', pid: process.pid, text, root: process.env.LAMBDA_TASK_ROOT });`,
      'text': name,
    }),
    python: (name: string) => ({
      'index.py': `import os\ntext = open("text").read()\ndef handler(event, context):\n    return {"name": "${name}", "pid": os.getpid(), "text": text, "root": os.environ["LAMBDA_TASK_ROOT"]}\n`,
      'text': name,
    }),
  };

  test.each([['nodejs24.x', HANDLERS.nodejs], ['python3.13', HANDLERS.python]])('of %s runs in a process that was started ahead', async (runtime, handler) => {
    const spares = new Spares<ExecutionEnvironment>();
    const { pool, call } = localFunction(handler('first'), { runtime }, { spares });
    const fn = functionModel({ runtime });
    await call();
    expect(pool.stats.environments).toBe(1);

    let old = (await call()).pid;
    for (const name of ['second', 'third', 'fourth']) {
      const root = functionFolder(handler(name));
      const before = pool.stats.environments;
      void pool.replace(fn, root);
      // The one that waits is taken: none is started.
      expect(pool.stats.environments).toBe(name === 'second' ? before + 1 : before);
      const answer = await call();
      expect(answer).toEqual({ name, pid: expect.any(Number), text: name, root });
      expect(answer.pid).not.toBe(old);
      old = answer.pid;
      await until(() => spares.has(pool) && pool.stats.environments === 2);
    }
  });

  test('starts anew where more than the code has changed', async () => {
    const spares = new Spares<ExecutionEnvironment>();
    const { pool, call } = localFunction(HANDLERS.nodejs('first'), {}, { spares });
    await call();
    void pool.replace(functionModel(), functionFolder(HANDLERS.nodejs('second')));
    await call();
    await until(() => spares.has(pool));
    void pool.replace(functionModel({ environment: { TEXT: 'new' } }), functionFolder({ 'index.mjs': 'export const handler = async () => process.env.TEXT;' }));

    expect(await call()).toBe('new');
  });

  test.each([
    ['options of Node.js', { environment: { NODE_OPTIONS: '--require ./first.cjs' } }],
    ['a path in the code', { environment: { FILE: '/var/task/text' } }],
    ['a wrapper', { environment: { AWS_LAMBDA_EXEC_WRAPPER: '/opt/wrapper' } }],
    ['a runtime of its own', { runtime: 'provided.al2023' }],
  ])('waits in no process where one depends on the code from its start: %s', (_, overrides) => {
    expect(startsAhead(functionModel(overrides), {})).toBe(false);
  });

  test('of many functions waits in two processes, of the latest', async () => {
    const spares = new Spares<ExecutionEnvironment>();
    const functions = [1, 2, 3].map(() => localFunction(HANDLERS.nodejs('first'), {}, { spares }));
    for (const { pool, call } of functions) {
      await call();
      void pool.replace(functionModel(), functionFolder(HANDLERS.nodejs('second')));
      await call();
      await until(() => spares.has(pool));
    }

    expect(functions.map(({ pool }) => spares.has(pool))).toEqual([false, true, true]);
    await until(() => functions[0].pool.stats.environments === 1);
  });
});

describe('closing', () => {
  test('leaves no process, and ends what runs as exited', async () => {
    const { pool, call } = localFunction({
      'index.mjs': `
        import { spawn } from 'node:child_process';
        const child = spawn('sleep', ['1000'], { stdio: 'inherit' });
        export const handler = async ({ stay }) => {
          await new Promise((resolve) => setTimeout(resolve, stay));
          return [process.pid, child.pid];
        };`,
    }, {}, { maxConcurrency: 1 });
    const pids: number[] = await call({ stay: 0 });
    const running = call({ stay: 1_000_000 });
    const queued = call({ stay: 0 });
    await until(() => pool.stats.busy === 1);
    await pool.close();

    await until(() => !pids.some(isAlive));
    expect(await running).toEqual({ errorType: 'Runtime.ExitError', errorMessage: expect.stringMatching(/^RequestId: [\da-f-]{36} Error: Runtime exited with error: signal: killed$/) });
    expect((await queued).errorType).toBe('Runtime.ExitError');
    expect(pool.stats).toEqual({ environments: 0, busy: 0, queued: 0 });
  });

  test('does not wait for a start', async () => {
    const { pool } = localFunction(ECHO);
    const waiting = pool.invoke('{}');
    await pool.close();

    expect((await waiting).functionError).toBe('Unhandled');
  });

  test('leaves nothing to invoke', async () => {
    const { pool, events } = localFunction(ECHO);
    await pool.close();
    const result = await pool.invoke('{}');

    expect(JSON.parse(result.payload).errorType).toBe('Runtime.ExitError');
    expect(events).toEqual([]);
  });
});

describe('a function that cannot start', () => {
  test('fails all that wait for it, and is tried again with the next', async () => {
    const { pool, call, events } = localFunction({ 'index.mjs': 'throw new TypeError("not today")' });
    const results = await Promise.all(Array.from({ length: 50 }, () => call()));

    expect(new Set(results.map(({ errorMessage }) => errorMessage))).toEqual(new Set(['not today']));
    expect(events.filter(({ type }) => type === 'start').length).toBeLessThanOrEqual(4);
    expect((await call()).errorType).toBe('TypeError');
    await until(() => pool.stats.environments === 0);
  });

  test('fails one invocation for each try, if it could start before', async () => {
    const { call, folder } = localFunction({
      'index.mjs': `
        import { existsSync } from 'node:fs';
        if (existsSync('broken')) { throw new Error('broken'); }
        export const handler = async ({ exit }) => exit ? process.exit(1) : 'fine';`,
    }, {}, { maxConcurrency: 1 });
    expect(await call()).toBe('fine');
    touch(`${folder}/broken`);
    const [exited, broken] = await Promise.all([call({ exit: true }), call()]);

    expect(exited.errorType).toBe('Runtime.ExitError');
    expect(broken.errorMessage).toBe('broken');
  });
});

function touch(path: string) {
  writeFileSync(path, '');
}
