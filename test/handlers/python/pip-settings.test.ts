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
