import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { functionFolder, localFunction, until } from '../../local-function';

const provided = { runtime: 'provided.al2023', handler: 'bootstrap' };

/** A runtime client of somebody else: one connection, headers in lower case, answers in chunks. */
const PYTHON = `#!/usr/bin/env python3
import http.client, json, os
api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
def call(method, path, body=None, **options):
    api.request(method, "/2018-06-01/runtime/" + path, body, {"Content-Type": "application/json"} if body else {}, **options)
    response = api.getresponse()
    return response.status, response.headers, response.read()
while True:
    _, headers, body = call("GET", "invocation/next")
    id = headers["lambda-runtime-aws-request-id"]
    event = json.loads(body)
    if event == "unknown":
        answer = call("POST", "invocation/other/response", b"1")[0]
    elif event == "state":
        answer = call("GET", "invocation/next")[0]
    elif event == "path":
        answer = call("GET", "nothing")[0]
    elif event == "environment":
        answer = [os.environ.get("AWS_EXECUTION_ENV"), os.environ["_HANDLER"], os.getcwd() == os.environ["LAMBDA_TASK_ROOT"]]
    elif event == "error":
        call("POST", f"invocation/{id}/error", b'{"errorType":"Mine","errorMessage":"no"}')
        continue
    else:
        answer = event
    call("POST", f"invocation/{id}/response", iter([json.dumps(answer).encode()[:1], json.dumps(answer).encode()[1:]]), encode_chunked=True)
    if event == "twice":
        print(call("POST", f"invocation/{id}/response", b"1")[0], flush=True)
`;

/** As in AWS's tutorial, with a new connection for each request. */
const SHELL = `#!/bin/sh
while true; do
  curl -sS -D headers -o event "http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation/next"
  id=$(grep -i lambda-runtime-aws-request-id headers | tr -d '[:space:]' | cut -d: -f2)
  curl -sS -X POST -H 'Expect: 100-continue' --data-binary @event "http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation/$id/response" > /dev/null
done
`;

function bootstrap(text: string | Buffer, mode = 0o755) {
  const one = localFunction({}, provided);
  writeFileSync(join(one.folder, 'bootstrap'), text);
  chmodSync(join(one.folder, 'bootstrap'), mode);
  return one;
}

describe('a bootstrap', () => {
  test('runs with a runtime client of its own', async () => {
    const { call } = bootstrap(PYTHON);

    expect(await call({ text: 'hello' })).toEqual({ text: 'hello' });
    expect(await call('environment')).toEqual([null, 'bootstrap', true]);
    expect(await call('error')).toEqual({ errorType: 'Mine', errorMessage: 'no' });
  });

  test.each([['unknown', 400], ['state', 403], ['path', 404]])('that does not keep to the protocol is told so (%s)', async (event, status) => {
    expect(await bootstrap(PYTHON).call(event)).toBe(status);
  });

  test('that answers twice is told so', async () => {
    const { call, logs } = bootstrap(PYTHON);
    await call('twice');
    await call('again');

    expect(logs.map(({ text }) => text)).toEqual(['403']);
  });

  test('can be a shell script with a connection for each request', async () => {
    const { call } = bootstrap(SHELL);

    expect(await call({ text: 'x'.repeat(5000) })).toEqual({ text: 'x'.repeat(5000) });
    expect(await call({ text: 'second' })).toEqual({ text: 'second' });
  });

  test('can come in a layer', async () => {
    const layersFolder = functionFolder({ bootstrap: PYTHON });
    chmodSync(join(layersFolder, 'bootstrap'), 0o755);

    expect(await localFunction({}, provided, { layersFolder }).call('hello')).toBe('hello');
  });

  test.each(['"no"', 'no'])('that reports a start gone wrong fails with what it says: %s', async (text) => {
    const { pool, events } = bootstrap(`#!/bin/sh\ncurl -sS -X POST -d '${text}' "http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/init/error"; sleep 1000\n`);

    expect((await pool.invoke('{}')).payload).toBe(text);
    await until(() => pool.stats.environments === 0);
    expect(events[1]).toEqual({ type: 'init-error', reason: text });
  });

  test('for another machine is refused in words', async () => {
    const elf = Buffer.alloc(64);
    elf.writeUInt32BE(0x7f454c46, 0);
    elf.writeUInt16LE(process.arch === 'x64' ? 0xb7 : 0x3e, 18);
    const { call, events } = bootstrap(elf);

    expect(await call()).toEqual({ errorType: 'Runtime.InvalidEntrypoint', errorMessage: expect.stringMatching(/Error: has a `bootstrap` for linux (arm64|x64), and this is .* \(exec format error\): build it for both/) });
    expect(events).toContainEqual({ type: 'init-error', reason: expect.stringContaining('exec format error') });
  });

  test('whose interpreter is missing is refused', async () => {
    expect(await bootstrap('#!/no/such/interpreter\n').call()).toEqual({ errorType: 'Runtime.InvalidEntrypoint', errorMessage: expect.stringMatching(/ENOENT/) });
  });

  test('that is not there is refused', async () => {
    expect((await localFunction({}, provided).call()).errorMessage).toMatch(/Error: has no `bootstrap` in its code or its layers/);
  });
});
