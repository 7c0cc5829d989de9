import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Debugger, javaDebugger, nodeDebugger, pythonDebugger } from './debuggers';
import { FunctionModel, Model } from '../../../src/local/definition/model';
import { GatewayEvent, Trace } from '../../../src/local/events/trace';
import { Callers } from '../../../src/local/iam/callers';
import { Functions } from '../../../src/local/lambda/functions';
import { InspectedFunctions } from '../../../src/local/lambda/inspected-functions';
import { testWhere } from '../../where';
import { newFolder } from '../assembly-folder';
import { functionModel, until } from '../local-function';

// A debugger attaches before the first event, stops in the handler, reads a variable, and goes on after every time-out would have passed.

const TIMEOUT_SECONDS = 1;
const INTEGRATION_MILLIS = 500;

const pythonTest = testWhere(spawnSync('python3', ['-c', 'import venv']).status === 0, 'there is no python3');
const javaTest = testWhere(spawnSync('javac', ['-version']).status === 0 && spawnSync('which', ['jdb']).status === 0, 'there is no JDK');

let functions: Functions | undefined;
let attached: Debugger | undefined;
afterEach(async () => {
  attached?.detach();
  await functions?.close();
  attached = functions = undefined;
});

async function serve(change: Partial<FunctionModel>, { name = '', appFolder = newFolder() } = {}) {
  const trace = new Trace(Date.now);
  const fn = functionModel({ timeoutSeconds: TIMEOUT_SECONDS, ...change });
  functions = new Functions({ callers: new Callers(), trace, appFolder, inspected: new InspectedFunctions(name, appFolder, trace) });
  const model = { principals: [], functions: new Map([[fn.arn, fn]]) } as unknown as Model;
  await functions.serve(model, { environmentOf: ({ environment }) => ({ ...environment }) });
  await functions.warmInspected([fn.arn]);
  const told = () => (trace.events() as Array<Extract<GatewayEvent, { type: 'function' }>>).find(({ what }) => what === 'inspect')?.reason ?? '';
  const [, port, folder] = /127\.0\.0\.1:(\d+); its code is in (.*)$/.exec(told()) ?? [];
  return { fn, trace, port: Number(port), folder };
}

/** Lets more time pass than the function and the integration have. */
const linger = () => new Promise((resolve) => setTimeout(resolve, 1000 * TIMEOUT_SECONDS + INTEGRATION_MILLIS));

async function debug(client: Debugger, fn: FunctionModel, place: Parameters<Debugger['stopAt']>[0], expression: string) {
  attached = client;
  await client.stopAt(place);
  const answer = functions!.invoke(fn.arn, '{"text":"hello"}', INTEGRATION_MILLIS);
  await client.stopped();
  const read = await client.evaluate(expression);
  await linger();
  await client.goOn();
  const { payload, functionError, timedOut } = await answer;
  return { read, payload, functionError, timedOut };
}

test('Node.js', async () => {
  const code = newFolder({ 'index.js': 'exports.handler = async (event) => {\n  const text = event.text + "!";\n  return text;\n};\n' });
  const { fn, port } = await serve({ code });

  expect(await debug(await nodeDebugger(port), fn, { file: 'index.js', line: 3 }, 'text'))
    .toEqual({ read: 'hello!', payload: '"hello!"', functionError: undefined, timedOut: undefined });
});

pythonTest('Python', async () => {
  const appFolder = newFolder();
  execFileSync('python3', ['-m', 'venv', join(appFolder, '.venv')]);
  execFileSync(join(appFolder, '.venv/bin/pip'), ['install', '--quiet', '--disable-pip-version-check', '--no-compile', 'debugpy==1.8.17']);
  const code = newFolder({ 'index.py': 'def handler(event, context):\n    text = event["text"] + "!"\n    return text\n' });
  const { fn, port, folder } = await serve({ code, runtime: 'python3.13' }, { appFolder });

  expect(await debug(await pythonDebugger(port), fn, { file: join(folder, 'index.py'), line: 3 }, 'text'))
    .toEqual({ read: "'hello!'", payload: '"hello!"', functionError: undefined, timedOut: undefined });
});

pythonTest('Python without debugpy runs, and it is said what to install', async () => {
  const appFolder = newFolder();
  execFileSync('python3', ['-m', 'venv', '--without-pip', join(appFolder, '.venv')]);
  const { fn, trace } = await serve({ code: newFolder({ 'index.py': 'def handler(event, context):\n    return "here"\n' }), runtime: 'python3.13', timeoutSeconds: 20 }, { appFolder });

  expect(trace.events()).toContainEqual(expect.objectContaining({ type: 'warning', text: expect.stringMatching(/^no debugger can attach to `Stack\/Chat`: `.*` has no debugpy: `.* -m pip install debugpy`$/) }));
  expect((await functions!.invoke(fn.arn, '{}')).payload).toBe('"here"');
});

javaTest('Java', async () => {
  const code = newFolder({
    'app/Handler.java': 'package app;\npublic class Handler {\n  public String handle(java.util.Map<String, Object> event) { return say(event.get("text") + "!"); }\n  static String say(String text) { return text; }\n}\n',
  });
  execFileSync('javac', ['-g', join(code, 'app/Handler.java')]);
  const { fn, port } = await serve({ code, runtime: 'java21', handler: 'app.Handler::handle' });

  expect(await debug(await javaDebugger(port), fn, { file: 'Handler.java', line: 4, method: 'app.Handler.say' }, 'text'))
    .toEqual({ read: '"hello!"', payload: '"hello!"', functionError: undefined, timedOut: undefined });
});

test('a function whose code changes keeps its port', async () => {
  const code = newFolder({ 'index.js': 'exports.handler = async () => 1;' });
  const { fn, port } = await serve({ code });
  await functions!.swap(fn, newFolder({ 'index.js': 'exports.handler = async () => {\n  return 2;\n};' }));
  const client = await nodeDebugger(port);

  expect(await debug(client, fn, { file: 'index.js', line: 2 }, '1 + 1')).toMatchObject({ read: '2', payload: '2' });
});

test('a function that is not named has time-outs, and no debugger', async () => {
  const { fn, trace } = await serve({ code: newFolder({ 'index.js': 'exports.handler = () => new Promise(() => setTimeout(() => {}, 60_000));' }) }, { name: 'Stack/Other' });

  expect(JSON.parse((await functions!.invoke(fn.arn, '{}')).payload).errorType).toBe('Sandbox.Timedout');
  await until(() => trace.events().some((event) => event.type === 'function' && event.what === 'timeout'));
  expect(trace.events().filter((event) => event.type === 'function' && event.what === 'inspect')).toEqual([]);
});

test.each(['provided.al2023', 'dotnet8'])('what takes no debugger is named: %s', async (runtime) => {
  const { trace } = await serve({ code: newFolder({ bootstrap: '' }), runtime });

  expect(trace.events()).toContainEqual(expect.objectContaining({ type: 'warning', text: `no debugger can attach to \`Stack/Chat\`: its runtime \`${runtime}\` takes none here` }));
});
