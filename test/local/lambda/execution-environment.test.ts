import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { testWhere } from '../../where';
import { functionFolder, isAlive, isStopped, localFunction, until } from '../local-function';

describe('between invocations', () => {
  test('a process stands still: work that was not awaited goes on with the next', async () => {
    const { call, folder } = localFunction({
      'index.mjs': `
        import { appendFileSync } from 'node:fs';
        let ticks = 0;
        export const handler = async ({ start, wait = 0 }) => {
          if (start) { setInterval(() => appendFileSync('ticks', String(++ticks)), 1); }
          await new Promise((resolve) => setTimeout(resolve, wait));
          return process.pid;
        };`,
    });
    const pid = await call({ start: true, wait: 20 });
    await until(() => isStopped(pid));
    const ticks = readFileSync(`${folder}/ticks`, 'utf8');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(readFileSync(`${folder}/ticks`, 'utf8')).toBe(ticks);
    expect(ticks).not.toBe('');

    await call({ wait: 20 });
    expect(readFileSync(`${folder}/ticks`, 'utf8').length).toBeGreaterThan(ticks.length);
  });

  test('so does what it started', async () => {
    const { call } = localFunction({
      'index.mjs': `
        import { spawn } from 'node:child_process';
        const child = spawn('sleep', ['1000']);
        export const handler = async () => child.pid;`,
    });
    const pid = await call();
    await until(() => isStopped(pid));
  });

  test('no timer of it runs, however soon it is called again', async () => {
    const { call } = localFunction({
      'index.mjs': `
        let ran = 0;
        export const handler = async () => {
          setTimeout(() => ran++, 20);
          return ran;
        };`,
    });
    const found = [];
    for (let count = 0; count < 20; count++) {
      found.push(await call());
      // On a busy machine it takes a while until the process stands still.
      await new Promise((resolve) => setTimeout(resolve, 30));
    }

    // A timer that is due runs after the answer of the next invocation.
    expect(found).toEqual(found.map((_, count) => Math.max(0, count - 1)));
  });

  test.each([
    ['a thread', 'import os, threading, time', 'threading.Thread(target=run, daemon=True).start()'],
    ['a child', 'import os, time', 'pid = os.fork()', 'if pid == 0: run()'],
  ])('of Python, %s stands still', async (_, imports, ...start) => {
    const { call, folder } = localFunction({
      'app.py': [
        imports, 'def run():', '    while True:', '        with open("ticks", "a") as file: file.write("x")', '        time.sleep(0.001)',
        'def handler(event, context):', ...start.map((line) => `    ${line}`),
        // A busy machine may take a while until it runs.
        '    while not os.path.exists("ticks") or os.path.getsize("ticks") == 0: time.sleep(0.001)',
        '    return os.getpid()',
      ].join('\n'),
    }, { runtime: 'python3.13', handler: 'app.handler' });
    const pid = await call();
    await until(() => isStopped(pid));
    const ticks = readFileSync(`${folder}/ticks`, 'utf8');
    await new Promise((resolve) => setTimeout(resolve, 20));

    expect(ticks).not.toBe('');
    expect(readFileSync(`${folder}/ticks`, 'utf8')).toBe(ticks);
  });

  test('it does not if it is called again at once', async () => {
    const { call } = localFunction({ 'index.mjs': 'export const handler = async () => process.pid;' });
    const pid = await call();
    await until(() => isStopped(pid));

    expect(await call()).toBe(pid);
  });
});

describe('the environment', () => {
  test('has what Lambda sets, and nothing of the developer', async () => {
    process.env.AWS_PROFILE = 'mine';
    process.env.MY_SECRET = 'mine';
    const { call, folder } = localFunction({ 'index.mjs': 'export const handler = async () => ({ ...process.env, cwd: process.cwd(), argv: process.argv.length });' }, {
      environment: { TABLE: 'messages', ENDPOINT: 'theirs', AWS_REGION: 'theirs' },
      runtime: 'nodejs22.x',
    }, { environment: { ENDPOINT: 'http://localhost' } });
    const environment = await call();
    delete process.env.AWS_PROFILE;
    delete process.env.MY_SECRET;

    expect(environment).toEqual({
      PATH: process.env.PATH,
      HOME: expect.stringMatching(/sbx_user/),
      LANG: 'en_US.UTF-8',
      TZ: ':UTC',
      NODE_PATH: '',
      LAMBDA_TASK_ROOT: folder,
      LAMBDA_RUNTIME_DIR: expect.stringMatching(/clients$/),
      AWS_REGION: 'eu-west-1',
      AWS_DEFAULT_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'ASIA1',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_SESSION_TOKEN: 'token',
      AWS_LAMBDA_FUNCTION_NAME: 'chat',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/chat',
      AWS_LAMBDA_LOG_STREAM_NAME: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][\da-f]{32}$/),
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_RUNTIME_API: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x',
      _HANDLER: 'index.handler',
      _X_AMZN_TRACE_ID: expect.stringMatching(/^Root=1-[\da-f]{8}-[\da-f]{24};Parent=[\da-f]{16};Sampled=0$/),
      TABLE: 'messages',
      ENDPOINT: 'http://localhost',
      cwd: folder,
      argv: 2,
    });
  });

  test('hands on the trace', async () => {
    const { pool } = localFunction({ 'index.mjs': 'export const handler = async () => process.env._X_AMZN_TRACE_ID;' });

    expect((await pool.invoke('{}', { traceId: 'Root=1-2-3' })).payload).toBe('"Root=1-2-3"');
  });

  test('finds layers', async () => {
    const layers = functionFolder({
      'bin/tool': 'x',
      'nodejs/node_modules/one/index.js': 'module.exports = "one";',
      'nodejs/node24/node_modules/two/index.js': 'module.exports = "two";',
    });
    const { call } = localFunction({
      'index.js': 'exports.handler = async () => [require("one"), require("two"), process.env.PATH.split(":")[0], process.env.LD_LIBRARY_PATH];',
    }, {}, { layersFolder: layers });

    expect(await call()).toEqual(['one', 'two', `${layers}/bin`, `${layers}/lib`]);
  });
});

describe('`/opt`', () => {
  const LAYER = { 'nodejs/x.js': 'module.exports = "from /opt";', 'nodejs/y.mjs': 'export default "from /opt";', 'settings.json': '{"a":1}' };

  test('is found by `require`, `import` and `fs` of Node.js', async () => {
    const { call } = localFunction({
      'index.mjs': `
        import { createRequire } from 'node:module';
        import { existsSync, readFileSync } from 'node:fs';
        import { readFile } from 'node:fs/promises';
        const require = createRequire(import.meta.url);
        export const handler = async () => [
          require('/opt/nodejs/x'), (await import('/opt/nodejs/y.mjs')).default, readFileSync('/opt/settings.json', 'utf8'),
          await readFile('/opt/settings.json', 'utf8'), existsSync('/opt/settings.json'), existsSync('/opt/nowhere'), existsSync('/var/task/index.mjs'),
        ];`,
    }, {}, { layersFolder: functionFolder(LAYER) });

    expect(await call()).toEqual(['from /opt', 'from /opt', '{"a":1}', '{"a":1}', true, false, true]);
  });

  test('is found by `import` and `open` of Python', async () => {
    const { call } = localFunction({
      'index.py': [
        'import os, sys', 'sys.path.append("/opt/more")', 'import extra',
        'def handler(event, context):', '    return [extra.NAME, open("/opt/settings.json").read(), os.path.exists("/opt/settings.json"), os.path.exists("/opt/nowhere")]',
      ].join('\n'),
    }, { runtime: 'python3.13' }, { layersFolder: functionFolder({ 'more/extra.py': 'NAME = "from /opt"', 'settings.json': '{}' }) });

    expect(await call()).toEqual(['from /opt', '{}', true, false]);
  });

  test('in variables is the folder here', async () => {
    const layersFolder = functionFolder({ 'preload.js': 'globalThis.preloaded = true;' });
    const { call } = localFunction({ 'index.mjs': 'export const handler = async () => globalThis.preloaded;' }, {
      environment: { NODE_OPTIONS: '--require /opt/preload.js' },
    }, { layersFolder });

    expect(await call()).toBe(true);
  });
});

describe('AWS_LAMBDA_EXEC_WRAPPER', () => {
  const WRAPPER = '#!/bin/sh\nexport WRAPPED_BY="$0" READ="$(cat /opt/settings)"\nexec "$@"\n';

  test('runs, with the command of the runtime', async () => {
    const layersFolder = functionFolder({ wrapper: WRAPPER, settings: 'of the layer' });
    chmodSync(`${layersFolder}/wrapper`, 0o755);
    const { call } = localFunction({ 'index.mjs': 'export const handler = async () => [process.env.WRAPPED_BY, process.env.READ];' }, {
      environment: { AWS_LAMBDA_EXEC_WRAPPER: '/opt/wrapper' },
    }, { layersFolder });

    expect(await call()).toEqual([expect.stringMatching(/wrapper$/), 'of the layer']);
  });

  test.each([
    ['/opt/nowhere', 0o755, /which is in neither the code nor the layers: write `\/opt\/…` or `\/var\/task\/…`$/],
    ['/opt/wrapper', 0o644, /which is not executable: `chmod \+x` it before it is packed$/],
  ])('that is %s with mode %i fails, and says why', async (path, mode, message) => {
    const layersFolder = functionFolder({ wrapper: WRAPPER });
    chmodSync(`${layersFolder}/wrapper`, mode);
    const { call } = localFunction({ 'index.mjs': '' }, { environment: { AWS_LAMBDA_EXEC_WRAPPER: path } }, { layersFolder });

    expect((await call()).errorMessage).toMatch(message);
  });
});

describe('the timeout', () => {
  test('kills the process and what it started, in Lambda\'s words', async () => {
    const { call, folder, events } = localFunction({
      'index.mjs': `
        import { spawn } from 'node:child_process';
        import { writeFileSync } from 'node:fs';
        export const handler = async () => {
          writeFileSync('pids', JSON.stringify([process.pid, spawn('sleep', ['1000']).pid]));
          for (;;);
        };`,
    }, { timeoutSeconds: 0.5 });

    expect(await call()).toEqual({ errorType: 'Sandbox.Timedout', errorMessage: expect.stringMatching(/^RequestId: [\da-f-]{36} Error: Task timed out after 0\.50 seconds$/) });
    const pids: number[] = JSON.parse(readFileSync(`${folder}/pids`, 'utf8'));
    await until(() => !pids.some(isAlive));
    expect(events).toContainEqual({ type: 'timeout', reason: expect.stringMatching(/timed out after 0\.50 seconds/) });
  });

  test('goes on when the caller waits no longer', async () => {
    const { pool, folder } = localFunction({
      'index.mjs': `
        import { writeFileSync } from 'node:fs';
        export const handler = async () => {
          await new Promise((resolve) => setTimeout(resolve, 100));
          writeFileSync('done', '');
        };`,
    });
    await pool.invoke('{}');
    rmSync(`${folder}/done`);
    const result = await pool.invoke('{}', { timeoutMillis: 50 });

    expect(existsSync(`${folder}/done`)).toBe(true);
    expect(result.functionError).toBeUndefined();
  });

  test('counts for each invocation, and leaves the next one alone', async () => {
    const { call } = localFunction({ 'index.mjs': 'export const handler = async ({ wait }) => { await new Promise((resolve) => setTimeout(resolve, wait)); return "done"; };' }, { timeoutSeconds: 1 });
    const results = [await call({ wait: 700 }), await call({ wait: 700 }), await call({ wait: 60_000 }), await call({ wait: 0 })];

    expect(results.map((result) => result.errorType ?? result)).toEqual(['done', 'done', 'Sandbox.Timedout', 'done']);
  });

  test('is ten seconds more for a start', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'performance'] });
    try {
      const { pool, events } = localFunction({ 'index.mjs': 'await new Promise((resolve) => setTimeout(resolve, 1_000_000));' }, { timeoutSeconds: 3 });
      const result = pool.invoke('{}');
      jest.advanceTimersByTime(12_999);
      expect(events).toEqual([{ type: 'start' }]);
      jest.advanceTimersByTime(1);

      expect(JSON.parse((await result).payload)).toEqual({ errorType: 'Sandbox.Timedout', errorMessage: expect.stringMatching(/Task timed out after 3\.00 seconds$/) });
    } finally {
      jest.useRealTimers();
    }
  });
});

describe('a process that ends', () => {
  const MORTAL = {
    'index.mjs': `
      export const handler = async ({ exit, kill }) => {
        if (exit !== undefined) { process.exit(exit); }
        if (kill) { process.kill(process.pid, kill); await new Promise((resolve) => setTimeout(resolve, 1000)); }
        return process.pid;
      };`,
  };

  test.each([
    [{ exit: 1 }, 'Runtime exited with error: exit status 1'],
    [{ exit: 0 }, 'Runtime exited without providing a reason'],
    [{ kill: 'SIGKILL' }, 'Runtime exited with error: signal: killed'],
    [{ kill: 'SIGABRT' }, 'Runtime exited with error: signal: aborted'],
    [{ kill: 'SIGUSR2' }, 'Runtime exited with error: signal: SIGUSR2'],
  ])('%j fails its invocation and no other', async (event, reason) => {
    const { call, events } = localFunction(MORTAL);

    expect(await call(event)).toEqual({ errorType: 'Runtime.ExitError', errorMessage: expect.stringMatching(new RegExp(`^RequestId: [\\da-f-]{36} Error: ${reason}$`)) });
    expect(await call()).toBeGreaterThan(0);
    expect(events).toContainEqual({ type: 'exit', reason });
  });

  test('while it has nothing to do is replaced for the next invocation', async () => {
    const { pool, call } = localFunction(MORTAL);
    const pid = await call();
    process.kill(pid, 'SIGKILL');
    await until(() => pool.stats.environments === 0);

    expect(await call()).not.toBe(pid);
  });

  test('as it starts fails the invocation', async () => {
    const { call } = localFunction({ 'index.mjs': 'process.exit(3);' });

    expect((await call()).errorMessage).toMatch(/^RequestId: [\da-f-]{36} Error: Runtime exited with error: exit status 3$/);
  });

  test('takes along what it started', async () => {
    const { call, folder } = localFunction({
      'index.mjs': `
        import { spawn } from 'node:child_process';
        import { writeFileSync } from 'node:fs';
        export const handler = async () => {
          writeFileSync('pid', String(spawn('sleep', ['1000'], { stdio: 'inherit' }).pid));
          process.exit(1);
        };`,
    });
    expect((await call()).errorType).toBe('Runtime.ExitError');
    await until(() => !isAlive(Number(readFileSync(`${folder}/pid`, 'utf8'))));
  });

  testWhere(process.platform === 'linux', 'only Linux lists what a process detached')('takes along what it detached', async () => {
    const { call, folder } = localFunction({
      'index.mjs': `
        import { spawn } from 'node:child_process';
        import { writeFileSync } from 'node:fs';
        export const handler = async () => {
          writeFileSync('pid', String(spawn('sleep', ['1000'], { stdio: 'inherit', detached: true }).pid));
          process.exit(1);
        };`,
    });
    expect((await call()).errorType).toBe('Runtime.ExitError');
    await until(() => !isAlive(Number(readFileSync(`${folder}/pid`, 'utf8'))));
  });

  test('while it is idle costs no invocation', async () => {
    const { call } = localFunction({ 'index.mjs': 'export const handler = async () => process.pid;' });
    let pid = await call();
    for (let count = 0; count < 10; count++) {
      await until(() => isStopped(pid));
      process.kill(pid, 'SIGKILL');
      // Now the gateway may know, or not yet.
      if (count % 2 === 0) { await new Promise((resolve) => setTimeout(resolve, count)); }
      const next = await call();
      expect(next).toEqual(expect.any(Number));
      expect(next).not.toBe(pid);
      pid = next;
    }
  });

  test('always before it reads its event fails the invocation in the end', async () => {
    const { pool, folder } = localFunction({
      bootstrap: ['#!/usr/bin/env python3', 'import os, socket', 'address = os.environ["AWS_LAMBDA_RUNTIME_API"]', 'host, port = address.split(":")',
        's = socket.create_connection((host, int(port)))', 's.sendall(f"GET /2018-06-01/runtime/invocation/next HTTP/1.1\\r\\nHost: {address}\\r\\n\\r\\n".encode())',
        'import select', 'select.select([s], [], [])', 'os.kill(os.getpid(), 9)'].join('\n'),
    }, { runtime: 'provided.al2023' });
    chmodSync(`${folder}/bootstrap`, 0o755);

    expect(JSON.parse((await pool.invoke('{}')).payload).errorMessage).toMatch(/4 processes ended before they read the event$/);
  });
});

describe('the Runtime API of a function', () => {
  const NEXT = (address: string) => `GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: ${address}\r\n\r\n`;

  function ask(address: string): Promise<string> {
    const [host, port] = address.split(':');
    return new Promise((resolve) => {
      let received = '';
      const socket = connect(Number(port), host, () => socket.write(NEXT(address)));
      socket.on('data', (chunk) => received += chunk).on('error', () => undefined).on('close', () => resolve(received));
    });
  }

  test('gives nothing to a stranger, and goes on', async () => {
    const { call } = localFunction({ 'index.mjs': 'export const handler = async () => process.env.AWS_LAMBDA_RUNTIME_API;' });
    const address = await call();

    expect(await ask(address)).toMatch(/^HTTP\/1\.1 403 /);
    expect(await call()).toBe(address);
  });

  test('has no events for a handler, which gets them in another way', async () => {
    const { call } = localFunction({
      'index.mjs': `
        import { get } from 'node:http';
        const NEXT = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2018-06-01/runtime/invocation/next';
        export const handler = () => new Promise((resolve) => get(NEXT, (response) => {
          response.on('data', (chunk) => resolve([response.statusCode, JSON.parse(chunk).errorType]));
        }));`,
    });

    expect(await call()).toEqual([403, 'InvalidStateTransition']);
  });

  test('may be hung up on by anyone at any time', async () => {
    const { call } = localFunction({ 'index.mjs': 'export const handler = async () => process.env.AWS_LAMBDA_RUNTIME_API;' });
    const address = await call();
    const [host, port] = address.split(':');
    for (let count = 0; count < 20; count++) {
      const socket = connect(Number(port), host, () => { socket.write(NEXT(address)); socket.destroy(); });
      await once(socket, 'close');
      expect(await call()).toBe(address);
    }
  });
});

describe('what a function prints', () => {
  test('is told line by line, with the invocation that it belongs to', async () => {
    const { pool, logs } = localFunction({
      'index.mjs': `
        console.log('starting');
        export const handler = async ({ text }) => {
          console.log(text);
          console.error('to stderr');
          process.stdout.write('no end');
        };`,
    });
    const ids: string[] = [];
    for (const text of ['one\ntwo', 'three']) { ids.push((await pool.invoke(JSON.stringify({ text }))).requestId); }
    const stdout = logs.filter(({ stream }) => stream === 'stdout');

    expect(stdout.slice(1)).toEqual([
      { requestId: ids[0], stream: 'stdout', text: 'one' },
      { requestId: ids[0], stream: 'stdout', text: 'two' },
      { requestId: ids[0], stream: 'stdout', text: 'no end' },
      { requestId: ids[1], stream: 'stdout', text: 'three' },
      { requestId: ids[1], stream: 'stdout', text: 'no end' },
    ]);
    expect(stdout[0]).toEqual({ stream: 'stdout', text: 'starting' });
    expect(logs.filter(({ stream }) => stream === 'stderr').map(({ requestId }) => requestId)).toEqual(ids);
  });

  test('comes before the answer, many times over', async () => {
    const { pool, logs } = localFunction({ 'index.mjs': 'export const handler = async (event) => { console.log(event); };' });
    for (let i = 0; i < 300; i++) {
      const { requestId } = await pool.invoke(String(i));
      expect(logs.at(-1)).toEqual({ requestId, stream: 'stdout', text: String(i) });
    }
  });

  test('may be ten megabytes without end', async () => {
    const { call, logs } = localFunction({ 'index.mjs': 'export const handler = async () => { console.log("x".repeat(10 * 1024 * 1024)); console.log("after"); return "done"; };' });

    expect(await call()).toBe('done');
    expect(logs.map(({ text }) => text.length)).toEqual([256 * 1024 + ' … (line cut at 256 KB)'.length, 5]);
  });

  test('is not lost when it ends', async () => {
    const { call, logs } = localFunction({ 'index.mjs': 'export const handler = async () => { process.stdout.write("last words"); process.exit(1); };' });
    await call();

    expect(logs).toEqual([{ requestId: expect.any(String), stream: 'stdout', text: 'last words' }]);
  });
});
