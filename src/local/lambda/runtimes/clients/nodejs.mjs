// Runs a Node.js handler as Lambda does. The gateway starts it as
// `node nodejs.mjs {"app":…,"layers":…,"lead":…,"frames":…,"isSpare":…,"clockAhead":…}`, with the folder of the app, the folder of the
// layers, the hosts that the gateway answers for, whether events come as frames or from the Runtime API, whether the first frame says
// where the code is, and how far the clock is put forward, if it can be.
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { basename, join, resolve } from 'node:path';
import { Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { types } from 'node:util';
import { clockThatIsAhead } from './nodejs-clock.mjs';
import { leadFiles, setRoots } from './nodejs-files.mjs';
import { linkByFrames } from './nodejs-frames.mjs';
import { linkByHttp } from './nodejs-http.mjs';
import { leadToGateway } from './nodejs-network.mjs';
import { changeRequire, initialize, packageOf, resolveSync } from './nodejs-resolution.mjs';

const { AWS_LAMBDA_RUNTIME_API: address, _HANDLER: handlerName } = process.env;
const { app, layers, lead, frames, isSpare, clockAhead } = JSON.parse(process.argv.splice(2)[0]);
const link = frames ? linkByFrames() : linkByHttp(address);
/** What the process is given counts in real time. */
const realTime = Date.now;
const putForward = clockAhead === undefined ? undefined : clockThatIsAhead(clockAhead);
/** Lambda's Node.js 24 and later take no callbacks. */
const callbacks = /nodejs(8|1\d|2[0-3])\b/.test(process.env.AWS_EXECUTION_ENV ?? '');
const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');

// Output is written before the answer. A frozen process prints nothing.
for (const stream of [process.stdout, process.stderr]) { stream._handle?.setBlocking?.(true); }

const guard = lead && leadToGateway(lead);
leadFiles();
// All that needs no code is done: somebody waits for what comes now.
const code = isSpare ? begin() : process.env.LAMBDA_TASK_ROOT;

function begin() {
  process.env.LAMBDA_TASK_ROOT = link.begin();
  process.chdir(process.env.LAMBDA_TASK_ROOT);
  return process.env.LAMBDA_TASK_ROOT;
}

// Errors

function runtimeError(type, message) {
  const error = Object.defineProperty(new Error(message), 'name', { value: `Runtime.${type}` });
  Error.captureStackTrace(error, runtimeError);
  return error;
}

function described(error) {
  try {
    return types.isNativeError(error) || (error?.name && error.message && error.stack)
      ? { errorType: error.name, errorMessage: error.message, trace: error.stack.split('\n') }
      : { errorType: typeof error, errorMessage: String(error), trace: [] };
  } catch {
    return { errorType: 'handled', errorMessage: 'callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack' };
  }
}

/** @returns the error as `link` takes it */
function failure(id, error) {
  const description = described(error);
  return { id, isError: true, body: JSON.stringify(description), type: String(description.errorType) };
}

/** What runs: the start, or the invocation with this id. Undefined while nobody waits for its outcome. */
let current = 'init';
function end(error, status) {
  if (current === undefined) { process.exit(status); }
  link.end(failure(current, error), () => process.exit(status));
  current = undefined;
}

process.on('uncaughtException', (error) => {
  console.error('Uncaught Exception', error);
  end(error, 129);
});
process.on('unhandledRejection', (reason) => {
  console.error('Unhandled Promise Rejection', reason);
  end(runtimeError('UnhandledPromiseRejection', String(reason)), 128);
});

// The handler

globalThis.awslambda = {
  streamifyResponse: (handler) => Object.assign(handler, { [STREAMING]: 'response' }),
  HttpResponseStream: {
    from(stream, prelude) {
      stream.write(`${JSON.stringify(prelude)}${'\0'.repeat(8)}`);
      return stream;
    },
  },
};

async function load() {
  if (handlerName.includes('..')) {
    throw runtimeError('MalformedHandlerName', `'${handlerName}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`);
  }
  const name = basename(handlerName);
  const [, module, property] = /^([^.]*)\.(.*)$/.exec(name) ?? [];
  if (module === undefined) { throw runtimeError('MalformedHandlerName', 'Bad handler'); }

  setRoots({ code, layers });
  initialize({ code, layers, app });
  changeRequire();
  nodeModule.registerHooks?.({ resolve: resolveSync });
  let exported;
  try {
    exported = await loadModule(handlerName.slice(0, handlerName.indexOf(name)), module);
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw Object.assign(runtimeError('UserCodeSyntaxError', String(error)), { stack: error.stack });
    }
    throw error?.code === 'MODULE_NOT_FOUND' ? runtimeError('ImportModuleError', String(error)) : error;
  }
  const handler = property.split('.').reduce((value, key) => value?.[key], exported);
  if (!handler) { throw runtimeError('HandlerNotFound', `${handlerName} is undefined or not exported`); }
  if (typeof handler !== 'function') { throw runtimeError('HandlerNotFound', `${handlerName} is not a function`); }
  if (!callbacks && handler.length >= 3 && !handler[STREAMING]) {
    throw runtimeError('CallbackHandlerDeprecated', 'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later. For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.');
  }
  return handler;
}

function loadModule(folder, module) {
  const require = nodeModule.createRequire(join(code, '_'));
  const file = resolve(code, folder, module);
  const found = ['', '.js', '.mjs', '.cjs'].map((extension) => file + extension).find((path) => existsSync(path) && statSync(path).isFile());
  if (!found) { return require(require.resolve(module, { paths: [code, join(code, folder)] })); }

  const isModule = found.endsWith('.mjs') || (found.endsWith('.js') && packageOf(found)?.type === 'module');
  const source = readFileSync(found, 'utf8');
  // An ES module imports everything before its own code runs, so this is the last moment.
  if (isModule && source.includes('http2')) { guard?.guardHttp2(); }
  if (!nodeModule.registerHooks && importsFiles(source, isModule)) {
    nodeModule.register('./nodejs-resolution.mjs', { parentURL: import.meta.url, data: { code, layers, app } });
  }
  return isModule ? import(pathToFileURL(realpathSync(found))) : require(found);
}

/** Whether it imports packages. Hooks cost a thread, and bundles often need none. */
function importsFiles(source, isModule) {
  const imports = isModule ? /\b(?:from|import)\s*\(?\s*(?:(["'])(.*?)\1|[\w$`])/g : /\bimport\s*\(\s*(?:(["'])(.*?)\1|[\w$`])/g;
  for (const [, , specifier] of source.matchAll(imports)) {
    if (specifier === undefined || !nodeModule.isBuiltin(specifier)) { return true; }
  }
  return false;
}

// Invocations

/** Called when the event loop is empty. */
let whenIdle;
process.on('beforeExit', () => whenIdle?.());

function invoke(handler, event, context) {
  if (handler[STREAMING]) { return stream(handler, event, context); }
  return new Promise((succeed, fail) => {
    whenIdle = () => fail(runtimeError('NodeJsExit', 'The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that was never settled.'));
    if (!callbacks) {
      const returned = handler(event, context);
      if (typeof returned?.then === 'function') { returned.then(succeed, fail); } else { succeed(returned); }
      return;
    }
    const done = (error, result) => (error === undefined || error === null ? succeed(result) : fail(error));
    let called = false;
    const once = (call) => (...args) => {
      if (called) { return; }
      called = true;
      call(...args);
    };
    Object.assign(context, {
      callbackWaitsForEmptyEventLoop: true,
      done: once(done),
      succeed: once(succeed),
      fail: once((error) => fail(error ?? 'handled')),
    });
    const callback = once((error, result) => {
      if (!context.callbackWaitsForEmptyEventLoop || (error !== undefined && error !== null)) {
        done(error, result);
      } else {
        whenIdle = () => succeed(result);
      }
    });
    const returned = handler(event, context, callback);
    if (typeof returned?.then === 'function') {
      returned.then(context.succeed, context.fail);
    } else if (!called) {
      whenIdle = () => succeed(null);
    }
  });
}

/** The gateway does not stream. The answer is everything that was written, once it is complete. */
async function stream(handler, event, context) {
  const chunks = [];
  const output = new Writable({
    write(chunk, _, done) {
      chunks.push(chunk);
      done();
    },
  });
  output.setContentType = () => undefined;
  await handler(event, output, context);
  if (!output.writableEnded) { throw new Error('Response stream is not finished.'); }
  return { [STREAMING]: Buffer.concat(chunks).toString() };
}

function serialize(result) {
  if (result?.[STREAMING] !== undefined) { return result[STREAMING]; }
  try {
    return JSON.stringify(result) ?? 'null';
  } catch {
    const message = 'Unable to stringify response body';
    throw callbacks ? new Error(message) : runtimeError('JSONStringifyError', message);
  }
}

/** What the contexts of all invocations have in common. To read a variable of the environment costs as much as all else here. */
const { env } = process;
const functionName = env.AWS_LAMBDA_FUNCTION_NAME;
const functionVersion = env.AWS_LAMBDA_FUNCTION_VERSION;
const memoryLimitInMB = env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE;
const logGroupName = env.AWS_LAMBDA_LOG_GROUP_NAME;
const logStreamName = env.AWS_LAMBDA_LOG_STREAM_NAME;

function contextOf({ id, deadline, functionArn }) {
  return {
    functionName,
    functionVersion,
    memoryLimitInMB,
    logGroupName,
    logStreamName,
    clientContext: undefined,
    identity: undefined,
    invokedFunctionArn: functionArn,
    awsRequestId: id,
    getRemainingTimeInMillis: () => deadline - realTime(),
  };
}

async function answer(handler, event) {
  const { id, traceId, body } = event;
  current = id;
  putForward?.(event.ahead);
  env._X_AMZN_TRACE_ID = traceId;
  try {
    return { id, body: serialize(await invoke(handler, JSON.parse(body), contextOf(event))) };
  } catch (error) {
    console.error('Invoke Error', error);
    return failure(id, error);
  } finally {
    whenIdle = undefined;
  }
}

async function run(handler) {
  for (let event = await link.next(); ;) {
    const answered = await answer(handler, event);
    // The process is ending, and its error has been posted.
    if (current === undefined) { return; }
    current = undefined;
    event = await link.next(answered);
  }
}

load().then(run, (error) => {
  console.error(error);
  end(error, 1);
});
