import { readFileSync, writeFileSync } from 'node:fs';
import { asyncapi } from '../../src/cli/asyncapi/asyncapi';
import { Command, usage } from '../../src/cli/command';
import { parseCommandLine } from '../../src/cli/command-line';
import { invoke } from '../../src/cli/invoke/invoke';
import { local } from '../../src/cli/local';
import { checked } from '../../src/cli/local-options';
import { Options, parseOptions, tableOf } from '../../src/cli/options';

const parse = (...args: string[]) => parseCommandLine(args, '1.2.3');
const given = (...args: string[]) => checked(parseOptions(['local', ...args], local.options).values);

test('`local` alone takes what is usual', () => {
  expect(given()).toEqual({
    app: undefined,
    port: 3001,
    watch: false,
    env: undefined,
    host: undefined,
    allowedOrigins: [],
    inspect: undefined,
    accessLog: false,
    json: false,
  });
  expect(parse('local')).toEqual(expect.any(Function));
});

test.each([
  [['--app', 'cdk.out'], { app: 'cdk.out' }],
  [['-a', 'npx ts-node app.ts'], { app: 'npx ts-node app.ts' }],
  [['--port', '0'], { port: 0 }],
  [['-p', '65535'], { port: 65535 }],
  [['--port=8080'], { port: 8080 }],
  [['--watch'], { watch: true }],
  [['-w'], { watch: true }],
  [['--env', 'local.env'], { env: 'local.env' }],
  [['-e', 'local.env'], { env: 'local.env' }],
  [['--env-file', 'local.env'], { env: 'local.env' }],
  [['--env-file=local.env'], { env: 'local.env' }],
  [['--host', '0.0.0.0'], { host: '0.0.0.0' }],
  [['--allow-origin', 'https://a.example', '--allow-origin', 'https://b.example'], { allowedOrigins: ['https://a.example', 'https://b.example'] }],
  [['--access-log'], { accessLog: true }],
  [['--inspect', 'Chat/Worker'], { inspect: 'Chat/Worker' }],
  [['--inspect=Chat/Worker'], { inspect: 'Chat/Worker' }],
  [['--inspect', '--watch'], { inspect: '', watch: true }],
  [['--json'], { json: true }],
])('%j is taken', (args, expected) => {
  expect(given(...args)).toMatchObject(expected);
  expect(parse(...args, 'local')).toEqual(expect.any(Function));
});

test.each([
  [['local', '--help'], usage(local)], [['--app', 'local', 'local', '-h'], usage(local)], [['invoke', '--help'], usage(invoke)], [['-h', 'invoke', 'Fn'], usage(invoke)],
])('%j shows how that command is used', (args, expected) => {
  expect(parse(...args)).toBe(expected);
});

test.each([[[]], [['--help']], [['-h']]])('%j shows how every command is used', (args) => {
  const text = parse(...args);

  [local, invoke, asyncapi].forEach((command) => expect(text).toContain(usage(command)));
});

test.each([[['--version']], [['-v']], [['local', '--version']]])('%j tells the version', (args) => {
  expect(parse(...args)).toBe('1.2.3');
});

test.each<Pick<Command<Options>, 'name' | 'summary' | 'options' | 'notes'>>([local, invoke, asyncapi])('the usage of $name names every option, and no former name of one, and fits into a terminal', (command) => {
  const text = usage(command);

  expect(text.match(/^ {2}--[\w-]+/gm)!.map((line) => line.trim().slice(2))).toEqual([...Object.keys(command.options), 'help', 'version']);
  expect(text).not.toContain('env-file');
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
});

test.each<[string, string, Options]>([
  ['docs/local-gateway.md', 'local', local.options],
  ['docs/local-gateway.md', 'invoke', invoke.options],
  ['docs/messages.md', 'asyncapi', asyncapi.options],
])('the documentation has the same options: %s, of %s', (file, name, options) => {
  const text = readFileSync(file, 'utf8');
  const place = new RegExp(`(<!-- options of \`${name}\` -->\\n).*?(\\n<!-- end of options -->)`, 's');
  const expected = text.replace(place, (_, start, end) => `${start}${tableOf(options)}${end}`);
  // As with the goldens: `UPDATE_GOLDENS=1` writes what is new.
  if (process.env.UPDATE_GOLDENS) { writeFileSync(file, expected); }

  expect(text).toContain(`<!-- options of \`${name}\` -->`);
  expect(readFileSync(file, 'utf8')).toBe(expected);
});

test.each([
  [['deploy'], /^there is no command `deploy`: write `cdk-websocket-api local` or .*`cdk-websocket-api asyncapi`.*, and see `--help`$/],
  [['--json'], /^a command is missing: write `cdk-websocket-api local` or .*, and see `--help`$/],
  [['local', 'cdk.out'], '`cdk.out` is one word too many: write `cdk-websocket-api local`, and see `--help`'],
  [['invoke'], '`<function>` is missing: write `cdk-websocket-api invoke <function>`, and see `--help`'],
  [['invoke', 'a', 'b'], '`b` is one word too many: write `cdk-websocket-api invoke <function>`, and see `--help`'],
  [['local', '--prot', '80'], 'unknown option `--prot`: see `cdk-websocket-api --help`'],
  [['local', '--watch=yes'], /^option `-w, --watch` does not take an argument: see `cdk-websocket-api --help`$/],
  [['local', '--app'], /^option `-a, --app <value>` argument missing: see `cdk-websocket-api --help`$/],
  [['local', '--port', '-1'], 'option `--port` argument is ambiguous: see `cdk-websocket-api --help`'],
])('%j is an error that says what to do', (args, message) => {
  expect(() => parse(...args)).toThrow(typeof message === 'string' ? new Error(message) : message);
});

test.each([
  [['--port', 'http'], '`--port http` is not a port: write a number from 0 to 65535'],
  [['--port', '65536'], '`--port 65536` is not a port: write a number from 0 to 65535'],
  [['--port', '80.5'], '`--port 80.5` is not a port: write a number from 0 to 65535'],
  [['--port=-1'], '`--port -1` is not a port: write a number from 0 to 65535'],
  [['--port', ''], '`--port ` is not a port: write a number from 0 to 65535'],
  [['--port', '0x50'], '`--port 0x50` is not a port: write a number from 0 to 65535'],
  [['--host', 'mypc'], '`--host` is `"mypc"`, which is not an IP address: write one of this machine, or `0.0.0.0` for all of them'],
  [['--allow-origin', 'example.com'], '`--allow-origin` has `"example.com"`, which is not an origin: write scheme and host, such as `https://app.example.com`, or `*` for every origin'],
])('%j has a value that is wrong', (args, message) => {
  expect(() => given(...args)).toThrow(new Error(message));
});
