import { mkdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { write } from '../../../handlers/source-project';
import { functionFolder, localFunction } from '../../local-function';

const legacy = { runtime: 'nodejs20.x' };

describe('a handler', () => {
  test.each([
    ['an ES module', { 'index.mjs': 'export const handler = async () => "here";' }, 'index.handler'],
    ['CommonJS', { 'index.js': 'exports.handler = async () => "here";' }, 'index.handler'],
    ['.cjs', { 'index.cjs': 'exports.handler = async () => "here";' }, 'index.handler'],
    ['.js in a package of modules', { 'index.js': 'export const handler = async () => "here";', 'package.json': '{"type":"module"}' }, 'index.handler'],
    ['in a folder', { 'src/app/index.mjs': 'export const main = async () => "here";' }, 'src/app/index.main'],
    ['in an object', { 'index.js': 'exports.a = { b: async () => "here" };' }, 'index.a.b'],
    ['in a package', { 'node_modules/app/index.js': 'exports.handler = async () => "here";' }, 'app.handler'],
    ['with a top-level await', { 'index.mjs': 'const text = await Promise.resolve("here"); export const handler = async () => text;' }, 'index.handler'],
    ['that gives a value at once', { 'index.mjs': 'export const handler = () => "here";' }, 'index.handler'],
    ['that gives something like a promise', { 'index.mjs': 'export const handler = () => ({ then: (done) => done("here") });' }, 'index.handler'],
  ])('can be %s', async (_, files, handler) => {
    expect(await localFunction(files as unknown as { [path: string]: string }, { handler }).call()).toBe('here');
  });

  test('gets an event and a context', async () => {
    const { pool } = localFunction({
      'index.mjs': `export const handler = async (event, context) => ({
        event, ...context, keys: Object.keys(context), remaining: context.getRemainingTimeInMillis(), argumentsHere: 2,
      });`,
    });
    const { requestId, payload } = await pool.invoke('{"a":[1]}');
    const { remaining, keys, ...rest } = JSON.parse(payload);

    expect(rest).toEqual({
      event: { a: [1] },
      argumentsHere: 2,
      functionName: 'chat',
      functionVersion: '$LATEST',
      invokedFunctionArn: 'arn:aws:lambda:eu-west-1:111111111111:function:chat',
      memoryLimitInMB: '256',
      awsRequestId: requestId,
      logGroupName: '/aws/lambda/chat',
      logStreamName: expect.stringContaining('[$LATEST]'),
    });
    expect(keys).not.toContain('callbackWaitsForEmptyEventLoop');
    expect(remaining).toBeGreaterThan(20_000);
    expect(remaining).toBeLessThanOrEqual(30_000);
  });

  test('that answers nothing answers null', async () => {
    expect(await localFunction({ 'index.mjs': 'export const handler = async () => {};' }).call()).toBeNull();
  });

  test('has its memory', async () => {
    const { call } = localFunction({ 'index.mjs': 'import { getHeapStatistics } from "node:v8"; export const handler = async () => getHeapStatistics().heap_size_limit / 1024 / 1024;' }, { memoryMB: 1000 });
    const limit = await call();

    expect(limit).toBeGreaterThan(850);
    expect(limit).toBeLessThan(1100);
  });

  test('has its own options', async () => {
    const { call } = localFunction({ 'index.mjs': 'export const handler = async () => [...process.execArgv, process.env.NODE_OPTIONS].join(" ");' }, { environment: { NODE_OPTIONS: '--enable-source-maps' } });

    expect(await call()).toMatch(/--max-old-space-size=\d+ --enable-source-maps$/);
  });

  test('may write its answer to a stream, which is sent when it is whole', async () => {
    const { pool } = localFunction({
      'index.mjs': `
        export const handler = awslambda.streamifyResponse(async (event, stream) => {
          if (event.prelude) { stream = awslambda.HttpResponseStream.from(stream, { statusCode: 200 }); }
          stream.setContentType('text/plain');
          stream.write('one ');
          if (!event.forget) { stream.end('two'); }
        });`,
    });

    expect((await pool.invoke('{}')).payload).toBe('one two');
    expect((await pool.invoke('{"prelude":true}')).payload).toBe(`{"statusCode":200}${'\0'.repeat(8)}one two`);
    expect(JSON.parse((await pool.invoke('{"forget":true}')).payload).errorMessage).toBe('Response stream is not finished.');
  });
});

describe('a callback', () => {
  test('is refused from Node.js 24 on, as Lambda does', async () => {
    const { call } = localFunction({ 'index.js': 'exports.handler = (event, context, callback) => callback(null, "here");' });

    expect(await call()).toMatchObject({ errorType: 'Runtime.CallbackHandlerDeprecated', errorMessage: expect.stringMatching(/removed support for callback-based function handlers/) });
  });

  test.each([
    ['callback(null, event)', { text: 'here' }],
    ['callback()', null],
    ['callback(new TypeError("wrong"))', { errorType: 'TypeError', errorMessage: 'wrong', trace: expect.arrayContaining(['TypeError: wrong']) }],
    ['callback("Unauthorized")', { errorType: 'string', errorMessage: 'Unauthorized', trace: [] }],
    ['{ callback(null, 1); callback(null, 2); }', 1],
    ['setTimeout(() => callback(null, "later"), 5)', 'later'],
    ['context.succeed(1)', 1],
    ['context.done(null, 2)', 2],
    ['context.fail(new Error("failed"))', expect.objectContaining({ errorMessage: 'failed' })],
    ['context.fail()', { errorType: 'string', errorMessage: 'handled', trace: [] }],
    ['undefined', null],
    ['{ throw new RangeError("thrown"); }', expect.objectContaining({ errorType: 'RangeError', errorMessage: 'thrown' })],
  ])('%s answers before that', async (body, answer) => {
    const { call } = localFunction({ 'index.js': `exports.handler = (event, context, callback) => { ${body} };` }, legacy);

    expect(await call({ text: 'here' })).toEqual(answer);
    expect(await call({ text: 'here' })).toEqual(answer);
  });

  test('waits until there is nothing left to do', async () => {
    const { call } = localFunction({
      'index.js': `
        const done = [];
        exports.handler = (event, context, callback) => {
          setTimeout(() => done.push('late'), 30);
          callback(null, done);
        };`,
    }, legacy);

    expect(await call()).toEqual(['late']);
  });

  test('does not wait if it is told so', async () => {
    const { call } = localFunction({
      'index.js': `
        exports.handler = (event, context, callback) => {
          context.callbackWaitsForEmptyEventLoop = false;
          setInterval(() => undefined, 1000);
          callback(null, 'early');
        };`,
    }, legacy);

    expect(await call()).toBe('early');
    expect(await call()).toBe('early');
  });

  test('is not needed where a promise is given', async () => {
    const { call } = localFunction({ 'index.js': 'exports.handler = async (event, context) => { setInterval(() => undefined, 1000); return "early"; };' }, legacy);

    expect(await call()).toBe('early');
  });
});

describe('an error', () => {
  test('has Lambda\'s shape, and is printed', async () => {
    const { pool, logs } = localFunction({ 'index.mjs': 'class MyError extends Error { name = "MyError"; }\nexport const handler = async () => { throw new MyError("no"); };' });
    const { payload, functionError } = await pool.invoke('{}');

    expect(functionError).toBe('Unhandled');
    expect(JSON.parse(payload)).toEqual({ errorType: 'MyError', errorMessage: 'no', trace: expect.arrayContaining([expect.stringMatching(/index\.mjs:2/)]) });
    expect(logs.some(({ text }) => text.includes('Invoke Error'))).toBe(true);
  });

  test.each([
    ['throw "text"', { errorType: 'string', errorMessage: 'text', trace: [] }],
    ['throw undefined', { errorType: 'undefined', errorMessage: 'undefined', trace: [] }],
    ['throw { get name() { throw new Error("odd"); } }', { errorType: 'handled', errorMessage: expect.stringMatching(/problem while retrieving/) }],
    ['return 10n', expect.objectContaining({ errorType: 'Runtime.JSONStringifyError', errorMessage: 'Unable to stringify response body' })],
    ['const a = {}; a.a = a; return a', expect.objectContaining({ errorMessage: 'Unable to stringify response body' })],
    ['await new Promise(() => undefined)', expect.objectContaining({ errorType: 'Runtime.NodeJsExit' })],
  ])('%s is told, and the process lives on', async (body, error) => {
    const { call } = localFunction({ 'index.mjs': `export const handler = async ({ fine }) => { if (fine) { return process.pid; } ${body}; };` });
    const pid = await call({ fine: true });

    expect(await call()).toEqual(error);
    expect(await call({ fine: true })).toBe(pid);
  });

  test.each([
    ['Promise.reject(new Error("lost"))', { errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: 'Error: lost' }, 'exit status 128'],
    ['setTimeout(() => { throw new TypeError("late"); })', { errorType: 'TypeError', errorMessage: 'late' }, 'exit status 129'],
  ])('%s that nobody handles ends the process', async (body, error, status) => {
    const { call, events } = localFunction({ 'index.mjs': `export const handler = async ({ fine }) => { if (fine) { return 'fine'; } ${body}; await new Promise((resolve) => setTimeout(resolve, 1000)); };` });

    expect(await call()).toMatchObject(error);
    expect(await call({ fine: true })).toBe('fine');
    expect(events).toContainEqual({ type: 'exit', reason: expect.stringContaining(status) });
  });

  test('that nobody handles after the answer fails the next invocation', async () => {
    const { call } = localFunction({ 'index.mjs': 'export const handler = async ({ fine }) => { if (!fine) { setTimeout(() => { throw new Error("late"); }, 20); } await new Promise((resolve) => setTimeout(resolve, fine ? 1000 : 0)); return "done"; };' });

    expect(await call()).toBe('done');
    expect((await call({ fine: true })).errorType).toMatch(/^(Error|Runtime\.ExitError)$/);
  });
});

describe('a handler that cannot be loaded', () => {
  test.each([
    ['index.handler', { 'other.js': '' }, 'Runtime.ImportModuleError', /^Error: Cannot find module 'index'/],
    ['index.handler', { 'index.js': 'require("lodash")' }, 'Runtime.ImportModuleError', /^Error: Cannot find module 'lodash'/],
    ['index.handler', { 'index.mjs': 'import "lodash";' }, 'Error', /^Cannot find package 'lodash' imported from/],
    ['index.handler', { 'index.js': 'exports.other = 1' }, 'Runtime.HandlerNotFound', /^index\.handler is undefined or not exported$/],
    ['index.a.b', { 'index.js': 'exports.other = 1' }, 'Runtime.HandlerNotFound', /^index\.a\.b is undefined or not exported$/],
    ['index.handler', { 'index.js': 'exports.handler = 1' }, 'Runtime.HandlerNotFound', /^index\.handler is not a function$/],
    ['index', { 'index.js': '' }, 'Runtime.MalformedHandlerName', /^Bad handler$/],
    ['../index.handler', { 'index.js': '' }, 'Runtime.MalformedHandlerName', /^'\.\.\/index\.handler' is not a valid handler name\./],
    ['index.handler', { 'index.js': 'const = 1' }, 'Runtime.UserCodeSyntaxError', /^SyntaxError: /],
    ['index.handler', { 'index.mjs': 'const = 1' }, 'Runtime.UserCodeSyntaxError', /^SyntaxError: /],
    ['index.handler', { 'index.mjs': 'throw new RangeError("at load")' }, 'RangeError', /^at load$/],
    ['index.handler', { 'index.mjs': 'Promise.reject(new Error("lost")); await new Promise((resolve) => setTimeout(resolve, 1000));' }, 'Runtime.UnhandledPromiseRejection', /^Error: lost$/],
  ])('%s of %j is %s', async (handler, files, errorType, errorMessage) => {
    const { call, events } = localFunction(files as unknown as { [path: string]: string }, { handler });

    expect(await call()).toMatchObject({ errorType, errorMessage: expect.stringMatching(errorMessage) });
    expect(events).toContainEqual({ type: 'init-error', reason: expect.stringMatching(`${errorType}: `) });
  });
});

describe('packages', () => {
  const SDK = {
    'node_modules/@aws-sdk/client-x/index.js': 'module.exports = { name: "sdk", core: require("@smithy/core") };',
    'node_modules/@smithy/core/index.js': 'module.exports = "smithy";',
    'node_modules/lodash/index.js': 'module.exports = "lodash";',
  };
  const CODE = {
    'index.js': 'exports.handler = async () => require("@aws-sdk/client-x");',
    'module.mjs': 'import sdk from "@aws-sdk/client-x"; export const handler = async () => sdk;',
    'dynamic.js': 'exports.handler = async () => (await import("@aws-sdk/client-x")).default;',
    'nested.mjs': 'import "./lib.js"; export { handler } from "./module.mjs";',
    'lib.js': 'module.exports = require("@aws-sdk/client-x");',
  };

  test.each(['index', 'module', 'dynamic', 'nested'])('of the AWS SDK come from the folder of the app (%s)', async (module) => {
    const app = functionFolder({ ...SDK, 'package.json': '{}' });
    const { call } = localFunction(CODE, { handler: `${module}.handler` }, { appFolder: join(app, 'infra', 'deep') });

    expect(await call()).toEqual({ name: 'sdk', core: 'smithy' });
  });

  test.each(['index', 'module', 'dynamic', 'nested'])('of the AWS SDK come with the code first (%s)', async (module) => {
    const { call } = localFunction({ ...CODE, 'node_modules/@aws-sdk/client-x/index.js': 'module.exports = "bundled";' }, { handler: `${module}.handler` }, { appFolder: functionFolder(SDK) });

    expect(await call()).toEqual('bundled');
  });

  test.each([
    ['index', 'Runtime.ImportModuleError', /Cannot find module 'lodash'/],
    ['module', 'Error', /Cannot find package 'lodash'/],
  ])('of the app are not found, though its folder is above the code (%s)', async (module, errorType, errorMessage) => {
    const app = functionFolder({
      ...SDK,
      'cdk.out/asset/index.js': 'require("@aws-sdk/client-x"); require("lodash");',
      'cdk.out/asset/module.mjs': 'import "@aws-sdk/client-x"; import "lodash";',
    });
    const { call } = localFunction({}, { handler: `${module}.handler` }, { appFolder: app, codeFolder: join(app, 'cdk.out/asset') });

    expect(await call()).toMatchObject({ errorType, errorMessage: expect.stringMatching(errorMessage) });
  });

  test.each(['index', 'module'])('below an app of modules are CommonJS unless they say otherwise (%s)', async (module) => {
    const app = functionFolder({
      'package.json': '{"type":"module"}',
      'asset/index.js': 'exports.handler = async () => require("./lib").text;',
      'asset/lib.js': 'exports.text = "common";',
      'asset/module.mjs': 'import { text } from "./lib.js"; export const handler = async () => text;',
    });
    const { call } = localFunction({}, { handler: `${module}.handler` }, { appFolder: app, codeFolder: join(app, 'asset') });

    expect(await call()).toBe('common');
  });

  test('of a layer are found by `import` too', async () => {
    const layersFolder = functionFolder({ 'nodejs/node_modules/one/index.js': 'module.exports = "one";' });
    const { call } = localFunction({ 'index.mjs': 'import one from "one"; export const handler = async () => one;' }, {}, { layersFolder });

    expect(await call()).toBe('one');
  });

  test('that are nowhere fail as in Lambda', async () => {
    const { call } = localFunction({ 'index.js': 'require("@aws-sdk/client-nowhere")' });

    expect(await call()).toMatchObject({ errorType: 'Runtime.ImportModuleError', errorMessage: expect.stringMatching(/^Error: Cannot find module '@aws-sdk\/client-nowhere'/) });
  });

  test('of the real SDK work', async () => {
    const app = functionFolder();
    mkdirSync(join(app, 'node_modules'));
    symlinkSync(resolve('node_modules/@aws-sdk'), join(app, 'node_modules/@aws-sdk'));
    const { call, folder } = localFunction({}, { handler: 'index.handler' }, { appFolder: app });
    write({ 'index.mjs': 'import { DynamoDBClient } from "@aws-sdk/client-dynamodb"; export const handler = async () => (await new DynamoDBClient().config.region());' }, folder);

    expect(await call()).toBe('eu-west-1');
  });
});

// Older versions of Node.js refuse it by themselves.
test.each([['nodejs22.x', {}], ['nodejs20.x', {}]])('`require()` of an ES module fails in %s, as in Lambda', async (runtime, environment) => {
  const { call } = localFunction({
    'index.js': 'exports.handler = async () => { try { return require("./module.mjs").name; } catch (error) { return error.code ?? String(error.stack); } };',
    'module.mjs': 'export const name = "module";',
  }, { runtime, environment });

  expect(await call()).toBe('ERR_REQUIRE_ESM');
});
