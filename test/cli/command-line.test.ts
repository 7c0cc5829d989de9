import { parseCommandLine, USAGE } from '../../src/cli/command-line';

const parse = (...args: string[]) => parseCommandLine(args, '1.2.3');

test('`local` alone takes what is usual', () => {
  expect(parse('local')).toEqual({ app: undefined, port: 3001, watch: false, envFile: undefined, json: false });
});

test.each([
  [['--app', 'cdk.out'], { app: 'cdk.out' }],
  [['-a', 'npx ts-node app.ts'], { app: 'npx ts-node app.ts' }],
  [['--port', '0'], { port: 0 }],
  [['-p', '65535'], { port: 65535 }],
  [['--port=8080'], { port: 8080 }],
  [['--watch'], { watch: true }],
  [['-w'], { watch: true }],
  [['--env-file', 'local.env'], { envFile: 'local.env' }],
  [['--json'], { json: true }],
])('%j is taken', (args, expected) => {
  expect(parse('local', ...args)).toMatchObject(expected);
  expect(parse(...args, 'local')).toMatchObject(expected);
});

test.each([[[]], [['--help']], [['-h']], [['local', '--help']]])('%j shows how it is used', (args) => {
  expect(parse(...args)).toBe(USAGE);
});

test.each([[['--version']], [['-v']], [['local', '--version']]])('%j tells the version', (args) => {
  expect(parse(...args)).toBe('1.2.3');
});

test('the usage names every option, and fits into a terminal', () => {
  expect(USAGE.match(/^ {2}--[\w-]+/gm)!.map((line) => line.trim())).toEqual(['--app', '--port', '--watch', '--env-file', '--json', '--help']);
  expect(Math.max(...USAGE.split('\n').map((line) => line.length))).toBeLessThanOrEqual(130);
});

test.each([
  [['deploy'], 'there is no command `deploy`: write `cdk-websocket-api local`, and see `--help`'],
  [['--json'], 'a command is missing: write `cdk-websocket-api local`, and see `--help`'],
  [['local', 'cdk.out'], '`cdk.out` is one word too many: write `cdk-websocket-api local`, and see `--help`'],
  [['local', '--prot', '80'], 'unknown option `--prot`: see `cdk-websocket-api --help`'],
  [['local', '--watch=yes'], /^option `-w, --watch` does not take an argument: see `cdk-websocket-api --help`$/],
  [['local', '--app'], /^option `-a, --app <value>` argument missing: see `cdk-websocket-api --help`$/],
  [['local', '--port', '-1'], 'option `--port` argument is ambiguous: see `cdk-websocket-api --help`'],
  [['local', '--port', 'http'], '`--port http` is not a port: write a number from 0 to 65535'],
  [['local', '--port', '65536'], '`--port 65536` is not a port: write a number from 0 to 65535'],
  [['local', '--port', '80.5'], '`--port 80.5` is not a port: write a number from 0 to 65535'],
  [['local', '--port=-1'], '`--port -1` is not a port: write a number from 0 to 65535'],
  [['local', '--port', ''], '`--port ` is not a port: write a number from 0 to 65535'],
  [['local', '--port', '0x50'], '`--port 0x50` is not a port: write a number from 0 to 65535'],
])('%j is an error that says what to do', (args, message) => {
  expect(() => parse(...args)).toThrow(typeof message === 'string' ? new Error(message) : message);
});
