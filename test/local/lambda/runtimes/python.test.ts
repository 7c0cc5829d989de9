import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { write } from '../../../handlers/source-project';
import { functionFolder, localFunction } from '../../local-function';

const python = { runtime: 'python3.13', handler: 'app.handler' };

describe('a Python handler', () => {
  test.each([
    ['app.handler', 'app.py'],
    ['src/app.handler', 'src/app.py'],
    ['src.app.handler', 'src/app.py'],
  ])('%s is found in %s', async (handler, file) => {
    const { call } = localFunction({ [file]: 'def handler(event, context):\n    return {"got": event}\n' }, { ...python, handler });

    expect(await call({ text: 'ä' })).toEqual({ got: { text: 'ä' } });
    expect(await call([1])).toEqual({ got: [1] });
  });

  test('gets a context', async () => {
    const { pool } = localFunction({
      'app.py': [
        'import os',
        'def handler(event, context):',
        '    context.log("logged\\n")',
        '    names = ["function_name", "function_version", "invoked_function_arn", "memory_limit_in_mb", "aws_request_id",',
        '             "log_group_name", "log_stream_name", "identity", "client_context"]',
        '    return {**{name: getattr(context, name) for name in names}, "remaining": context.get_remaining_time_in_millis(),',
        '            "trace": os.environ["_X_AMZN_TRACE_ID"], "environment": os.environ["AWS_EXECUTION_ENV"]}',
      ].join('\n'),
    }, python);
    const { requestId, payload } = await pool.invoke('{}', { traceId: 'Root=1' });
    const { remaining, ...rest } = JSON.parse(payload);

    expect(rest).toEqual({
      function_name: 'chat',
      function_version: '$LATEST',
      invoked_function_arn: 'arn:aws:lambda:eu-west-1:111111111111:function:chat',
      memory_limit_in_mb: '256',
      aws_request_id: requestId,
      log_group_name: '/aws/lambda/chat',
      log_stream_name: expect.stringContaining('[$LATEST]'),
      identity: null,
      client_context: null,
      trace: 'Root=1',
      environment: 'AWS_Lambda_python3.13',
    });
    expect(remaining).toBeGreaterThan(20_000);
  });

  test('writes nothing into its asset', async () => {
    const { call, folder } = localFunction({ 'app.py': 'import lib\ndef handler(event, context):\n    return lib.text\n', 'lib.py': 'text = "here"' }, python);

    expect(await call()).toBe('here');
    expect(readdirSync(folder)).toEqual(['app.py', 'lib.py']);
  });

  test('prints and logs line by line', async () => {
    const { pool, logs } = localFunction({
      'app.py': [
        'import logging, sys',
        'logging.getLogger().setLevel("INFO")',
        'def handler(event, context):',
        '    print("grüezi")',
        '    logging.info("informed")',
        '    print("to stderr", file=sys.stderr)',
      ].join('\n'),
    }, python);
    const { requestId, payload } = await pool.invoke('{}');

    expect(payload).toBe('null');
    expect(logs.filter(({ stream }) => stream === 'stdout')).toEqual([
      { requestId, stream: 'stdout', text: 'grüezi' },
      { requestId, stream: 'stdout', text: expect.stringMatching(new RegExp(`^\\[INFO\\]\t\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z\t${requestId}\tinformed$`)) },
    ]);
    expect(logs).toContainEqual({ requestId, stream: 'stderr', text: 'to stderr' });
  });

  test('answers with what JSON lacks as Lambda does', async () => {
    const { call } = localFunction({
      'app.py': 'from decimal import Decimal\ndef handler(event, context):\n    return b"[1]" if event else {"whole": Decimal("3"), "part": Decimal("1.5"), "text": "ä"}\n',
    }, python);

    expect(await call({})).toEqual({ whole: 3, part: 1.5, text: 'ä' });
    expect(await call({ bytes: true })).toEqual([1]);
  });
});

describe('an error of Python', () => {
  test('has Lambda\'s shape, and the process lives on', async () => {
    const { pool, call, logs } = localFunction({
      'app.py': 'import os\nclass MyError(Exception): pass\ndef handler(event, context):\n    if event: return os.getpid()\n    raise MyError("no")\n',
    }, python);
    const pid = await call({ fine: true });
    const { requestId, payload, functionError } = await pool.invoke('{}');

    expect(functionError).toBe('Unhandled');
    expect(JSON.parse(payload)).toEqual({
      errorMessage: 'no',
      errorType: 'MyError',
      requestId,
      stackTrace: [expect.stringMatching(/^ {2}File ".*app\.py", line 5, in handler\n {4}raise MyError\("no"\)\n$/)],
    });
    expect(logs[0].text).toBe('[ERROR] MyError: no');
    expect(await call({ fine: true })).toBe(pid);
  });

  test('in what it answers is told', async () => {
    const { call } = localFunction({ 'app.py': 'def handler(event, context):\n    return object()\n' }, python);

    expect(await call()).toMatchObject({ errorType: 'Runtime.MarshalError', errorMessage: 'Unable to marshal response: Object of type object is not JSON serializable' });
  });

  test('that ends the process is an exit', async () => {
    const { call } = localFunction({ 'app.py': 'import sys\ndef handler(event, context):\n    sys.exit(4)\n' }, python);

    expect((await call()).errorMessage).toMatch(/Runtime exited with error: exit status 4$/);
  });

  test('in an event is told', async () => {
    const { pool } = localFunction({ 'app.py': 'def handler(event, context):\n    return 1\n' }, python);

    expect(JSON.parse((await pool.invoke('{')).payload)).toMatchObject({ errorType: 'Runtime.UnmarshalError', errorMessage: expect.stringMatching(/^Unable to unmarshal input: /) });
  });

  test.each([
    ['app.handler', 'import nowhere', 'Runtime.ImportModuleError', /^Unable to import module 'app': No module named 'nowhere'$/],
    ['other.handler', '', 'Runtime.ImportModuleError', /^Unable to import module 'other': No module named 'other'$/],
    ['app.other', '', 'Runtime.HandlerNotFound', /^Handler 'other' missing on module 'app'$/],
    ['app', '', 'Runtime.MalformedHandlerName', /^Bad handler 'app': not enough values to unpack/],
    ['sys.handler', '', 'Runtime.BuiltInModuleConflict', /^Cannot use built-in module sys as a handler module$/],
    ['app.handler', 'def x(', 'Runtime.UserCodeSyntaxError', /^Syntax error in module 'app': '\(' was never closed/],
    ['app.handler', 'raise ValueError("at load")', 'ValueError', /^at load$/],
  ])('at its start is told: %s of %j', async (handler, code, errorType, errorMessage) => {
    const { call, events } = localFunction({ 'app.py': code }, { ...python, handler });

    expect(await call()).toMatchObject({ errorType, errorMessage: expect.stringMatching(errorMessage) });
    expect(events.some(({ type }) => type === 'init-error')).toBe(true);
  });
});

describe('packages of Python', () => {
  test('come from layers', async () => {
    const layersFolder = functionFolder({ 'python/one.py': 'text = "one"', 'python/lib/python3.13/site-packages/two.py': 'text = "two"' });
    const { call } = localFunction({ 'app.py': 'import one, two\ndef handler(event, context):\n    return [one.text, two.text]\n' }, python, { layersFolder });

    expect(await call()).toEqual(['one', 'two']);
  });

  test('come from PYTHONPATH', async () => {
    const folder = functionFolder({ 'given.py': 'text = "given"' });
    const { call } = localFunction({ 'app.py': 'import given\ndef handler(event, context):\n    return given.text\n' }, { ...python, environment: { PYTHONPATH: folder } });

    expect(await call()).toBe('given');
  });

  test('that Lambda carries come from the virtual environment of the app, and no others do', async () => {
    const app = functionFolder();
    expect(spawnSync('python3', ['-m', 'venv', '--without-pip', join(app, '.venv')]).status).toBe(0);
    const [version] = readdirSync(join(app, '.venv/lib'));
    write({ 'boto3.py': 'import botocore\nname = "of the app"', 'botocore.py': '', 'requests.py': '' }, join(app, '.venv/lib', version, 'site-packages'));
    const { call } = localFunction({
      'app.py': 'import boto3\ndef handler(event, context):\n    return boto3.name\n',
    }, python, { appFolder: app });
    const other = localFunction({ 'app.py': 'import requests' }, python, { appFolder: app });

    expect(await call()).toBe('of the app');
    expect((await other.call()).errorMessage).toBe('Unable to import module \'app\': No module named \'requests\'');
  });
});
