import { writeFileSync } from 'node:fs';
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
