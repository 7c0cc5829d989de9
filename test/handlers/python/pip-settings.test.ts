import { resolve } from 'node:path';
import { uvEnvironment } from '../../../src/handlers/python/pip-settings';
import { sourceProject, write } from '../source-project';

let home: string;
beforeEach(() => { home = sourceProject({}); });

/** Only what the test says is set. */
const environment = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({ HOME: home, ...more });
const told = (variables: NodeJS.ProcessEnv) => uvEnvironment(variables, []);

test.each([
  ['the user\'s own file', '.config/pip/pip.conf'],
  ['the user\'s file of old', '.pip/pip.conf'],
])('uv looks where pip is told to look, in %s', (_, file) => {
  write({ [file]: '[global]\nindex-url = https://one.example/simple\nextra-index-url =\n    https://two.example/simple\n    https://three.example/simple\n[install]\nfind-links = a b\ntrusted_host = one.example\n' });

  expect(told(environment())).toEqual({
    UV_DEFAULT_INDEX: 'https://one.example/simple', UV_INDEX: 'https://two.example/simple https://three.example/simple', UV_FIND_LINKS: 'a,b', UV_INSECURE_HOST: 'one.example',
  });
});

test('variables of pip win over its files, and the file of the environment over the user\'s', () => {
  write({ '.config/pip/pip.conf': '[global]\nindex-url = https://user.example\nno-index = true\n', 'venv/pip.conf': '[global]\nindex-url = https://venv.example\n' });

  expect(told(environment({ VIRTUAL_ENV: resolve('venv') }))).toEqual({ UV_DEFAULT_INDEX: 'https://venv.example', UV_NO_INDEX: '1' });
  expect(told(environment({ PIP_INDEX_URL: 'https://variable.example', PIP_CONFIG_FILE: '/dev/null' }))).toEqual({ UV_DEFAULT_INDEX: 'https://variable.example' });
});

test.each([
  ['by a variable', { UV_DEFAULT_INDEX: 'https://uv.example' }, {}],
  ['by its own file', {}, { '.config/uv/uv.toml': '[[index]]\nurl = "https://uv.example"\n' }],
])('uv that is told itself, %s, keeps its indexes', (_, variables, files) => {
  write({ '.config/pip/pip.conf': '[global]\nindex-url = https://pip.example\ncert = /ca.pem\n', ...files as object });

  expect(told(environment(variables as NodeJS.ProcessEnv))).toEqual({ SSL_CERT_FILE: '/ca.pem' });
});

test('what is no setting in a file of pip\'s is none for uv', () => {
  write({ '.config/pip/pip.conf': '# index-url = https://one.example\n[global]\n  ; index-url = https://two.example\n\nproxy: http://proxy.example\nno-index = once\n[freeze]\ncert = /no.pem\n' });

  expect(told(environment())).toEqual({ ALL_PROXY: 'http://proxy.example' });
});

test.each(['1', 'true', 'YES', 'on'])('uv asks no index if pip does not: %s', (value) => {
  expect(told(environment({ PIP_NO_INDEX: value }))).toEqual({ UV_NO_INDEX: '1' });
});

test.each(['index-url = "https://uv.example"', 'index = [{ url = "https://uv.example" }]', '[[ index ]]', 'extra-index-url = []', '  no-index = true', 'find-links = []'])('uv that has `%s` in its own file keeps its indexes', (line) => {
  write({ '.config/pip/pip.conf': '[global]\nindex-url = https://pip.example\n', '.config/uv/uv.toml': `cache-dir = "x"\n${line}\n` });

  expect(told(environment())).toEqual({});
});

test('uv whose own file says nothing of indexes takes those of pip', () => {
  write({ '.config/pip/pip.conf': '[global]\nindex-url = https://pip.example\n', '.config/uv/uv.toml': '# no-index = true\n' });

  expect(told(environment())).toEqual({ UV_DEFAULT_INDEX: 'https://pip.example' });
});

test('a list goes on over comments and blank lines, up to the next setting', () => {
  write({ '.config/pip/pip.conf': '[global]\nextra-index-url =\n  https://one.example\n  # https://no.example\n\n\t; https://no.example\n  https://two.example\nproxy = http://proxy.example\n[other]\n  https://no.example\n' });

  expect(told(environment())).toEqual({ UV_INDEX: 'https://one.example https://two.example', ALL_PROXY: 'http://proxy.example' });
});

test('a setting has one word for its name, and may be in a section of the same name again', () => {
  write({ '.config/pip/pip.conf': 'cert = /none.pem\n[global]\nmy index-url = https://no.example\n[install]\nproxy=http://one.example\n[global]\nCLIENT_CERT :  /client.pem  \n[install]\nproxy=http://two.example\n' });

  expect(told(environment())).toEqual({ SSL_CLIENT_CERT: '/client.pem', ALL_PROXY: 'http://two.example' });
});

test('the settings of the command win over those for all, and later files over earlier ones', () => {
  write({
    'machine.conf': '[install]\nproxy = http://machine.example\ncert = /machine.pem\nindex-url = https://machine.example\n',
    '.config/pip/pip.conf': '[global]\nproxy = http://user.example\nindex-url = https://all.example\n[install]\nindex-url = https://user.example\n',
    'own.conf': '[global]\ncert = /own.pem\n',
  });

  expect(uvEnvironment(environment({ PIP_CONFIG_FILE: resolve('own.conf') }), [resolve('machine.conf'), resolve('absent.conf')]))
    .toEqual({ UV_DEFAULT_INDEX: 'https://user.example', SSL_CERT_FILE: '/own.pem', ALL_PROXY: 'http://user.example' });
});

test('the user\'s folder for settings may be another', () => {
  write({ 'xdg/pip/pip.conf': '[global]\nproxy = http://xdg.example\nindex-url = https://xdg.example\n', '.config/pip/pip.conf': '[global]\ncert = /no.pem\n', 'xdg/uv/uv.toml': 'index-url = "x"\n' });

  expect(told(environment({ XDG_CONFIG_HOME: resolve('xdg') }))).toEqual({ ALL_PROXY: 'http://xdg.example' });
});

test.each(['/dev/null', 'NUL', '/DEV/NULL'])('no file is read where the variable names the null device: %s', (file) => {
  write({ '.config/pip/pip.conf': '[global]\nproxy = http://no.example\n' });

  expect(told(environment({ PIP_CONFIG_FILE: file }))).toEqual({});
});

test('a file with the null device in its name is one', () => {
  write({ 'dev/null.conf': '[global]\nproxy = http://proxy.example\n' });

  expect(told(environment({ PIP_CONFIG_FILE: resolve('dev/null.conf') }))).toEqual({ ALL_PROXY: 'http://proxy.example' });
});

test('only variables of pip count, and only those that say something', () => {
  expect(told(environment({ PIP_PROXY: '', MY_PIP_CERT: '/no.pem', PIPCERT: '/no.pem', PIP_TRUSTED_HOST: 'a b' }))).toEqual({ UV_INSECURE_HOST: 'a b' });
});

test.each(['0', 'false', 'no', 'once', 'not on', 'one'])('uv asks its indexes if pip does: %s', (value) => {
  expect(told(environment({ PIP_NO_INDEX: value }))).toEqual({});
});

test.each(['UV_DEFAULT_INDEX', 'UV_INDEX', 'UV_INDEX_URL', 'UV_EXTRA_INDEX_URL', 'UV_FIND_LINKS', 'UV_NO_INDEX', 'UV_CONFIG_FILE'])('uv that has `%s` keeps its indexes, and has the rest of pip', (variable) => {
  expect(told(environment({ [variable]: 'x', PIP_INDEX_URL: 'https://pip.example', PIP_FIND_LINKS: 'a', PIP_EXTRA_INDEX_URL: 'b', PIP_NO_INDEX: '1', PIP_PROXY: 'http://proxy.example' })))
    .toEqual({ ALL_PROXY: 'http://proxy.example' });
});

test('a variable that uv has is not set again', () => {
  expect(told(environment({ PIP_CERT: '/pip.pem', SSL_CERT_FILE: '/own.pem', PIP_KEYRING_PROVIDER: 'subprocess' }))).toEqual({ UV_KEYRING_PROVIDER: 'subprocess' });
});

describe('on Windows', () => {
  const platform = Object.getOwnPropertyDescriptor(process, 'platform')!;
  beforeEach(() => { Object.defineProperty(process, 'platform', { ...platform, value: 'win32' }); });
  afterEach(() => { Object.defineProperty(process, 'platform', platform); });

  test('the settings are in the folders of Windows', () => {
    write({
      'pip/pip.ini': '[global]\nproxy = http://old.example\ncert = /old.pem\nindex-url = https://old.example\n',
      'roaming/pip/pip.ini': '[global]\nproxy = http://roaming.example\nindex-url = https://roaming.example\n',
      'venv/pip.ini': '[global]\nindex-url = https://venv.example\n',
      'venv/pip.conf': '[global]\nclient-cert = /no.pem\n',
      '.config/pip/pip.conf': '[global]\nclient-cert = /no.pem\n',
      '.config/uv/uv.toml': 'no-index = true\n',
    });
    const variables = environment({ APPDATA: resolve('roaming'), VIRTUAL_ENV: resolve('venv') });

    expect(told(variables)).toEqual({ UV_DEFAULT_INDEX: 'https://venv.example', SSL_CERT_FILE: '/old.pem', ALL_PROXY: 'http://roaming.example' });
    write({ 'roaming/uv/uv.toml': '[[index]]\n' });
    expect(told(variables)).toEqual({ SSL_CERT_FILE: '/old.pem', ALL_PROXY: 'http://roaming.example' });
  });

  test('need not be anywhere', () => {
    expect(told(environment({ PIP_PROXY: 'http://proxy.example' }))).toEqual({ ALL_PROXY: 'http://proxy.example' });
  });
});
