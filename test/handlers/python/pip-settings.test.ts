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

test.each(['index-url = "https://uv.example"', 'extra-index-url = []', '  no-index = true', 'find-links = []'])('uv that has `%s` in its own file keeps its indexes', (line) => {
  write({ '.config/pip/pip.conf': '[global]\nindex-url = https://pip.example\n', '.config/uv/uv.toml': `cache-dir = "x"\n${line}\n` });

  expect(told(environment())).toEqual({});
});

test('uv whose own file says nothing of indexes takes those of pip', () => {
  write({ '.config/pip/pip.conf': '[global]\nindex-url = https://pip.example\n', '.config/uv/uv.toml': '# no-index = true\n' });

  expect(told(environment())).toEqual({ UV_DEFAULT_INDEX: 'https://pip.example' });
});
