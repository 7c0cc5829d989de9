import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { doubtfulFiles, secrecyOf } from '../../../src/handlers/source-files/secrets';
import { sourceProject } from '../source-project';

let root: string;
beforeEach(() => { root = sourceProject({ 'a.pem': '', 'deep/b.key': '', 'node_modules/x/ca.pem': '', 'node_modules/x/ca.KEY': '', 'A.PEM': '' }); });
const secrecy = (path: string, name = basename(path)) => secrecyOf(name, join(root, path), root);

test.each([
  '.env', '.env.local', '.envrc', '.ENV', 'prod.env', 'a.p12', 'a.pfx', 'a.jks', 'a.keystore', 'a.ppk', 'id_rsa', 'id_ed25519', '.aws', '.ssh', '.docker', '.npmrc', '.yarnrc.yml', '.pypirc',
  '.netrc', '_netrc', 'pip.conf', 'pip.ini', 'a.tfstate', 'a.tfstate.backup', 'a.tfvars', 'a.tfvars.json', '.git-credentials', '.vault-token',
])('`%s` is a secret', (name) => {
  expect(secrecy(name)).toBe('secret');
});

test.each(['environment.py', 'env', 'a.env.py', 'keystore', 'key', 'pem', 'a.pem.md', 'my_id_rsa', 'aws', '.awsome', 'x.aws', 'npmrc', '.npmrc.md', 'pip.conf.md', 'my_netrc', 'tfstate', 'a.tfvars.md'])(
  '`%s` is none', (name) => {
    expect(secrecy(name)).toBe('public');
  },
);

test('a certificate may be public, or a private key', () => {
  expect(['a.pem', 'deep/b.key', 'A.PEM'].map((path) => secrecy(path))).toEqual(['doubtful', 'doubtful', 'doubtful']);
});

test('a folder with the name of a certificate is a secret', () => {
  mkdirSync('folder.pem');

  expect(secrecy('folder.pem')).toBe('secret');
});

test('the certificates of a published package are public, its other secrets are not', () => {
  expect(['node_modules/x/ca.pem', 'node_modules/x/ca.KEY', 'node_modules/x/.env'].map((path) => secrecy(path))).toEqual(['public', 'public', 'secret']);
});

test('what lies in a secret folder is secret, and where a link leads counts, not what it is called', () => {
  expect([secrecy('.aws/config'), secrecy('../other/.ssh/known', 'known'), secrecy('../.env', 'settings'), secrecy('a/b')]).toEqual(['secret', 'secret', 'secret', 'public']);
});

test('the folders above the source say nothing of it', () => {
  expect(secrecyOf('a.py', '/home/me/.aws/app/a.py', '/home/me/.aws/app')).toBe('public');
});

test('what is left out is told by name, with what to do', () => {
  expect(doubtfulFiles(['a.pem', 'b.key'], '/app/src')).toMatch(/^`a\.pem`, `b\.key` in `\/app\/src` may be a private key, so it is not deployed\. /);
});
