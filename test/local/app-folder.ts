import { mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { write } from '../handlers/source-project';

const MODULES = resolve('node_modules');
const home = process.cwd();
const folders: string[] = [];

/** An app's folder with these files, and its assembly in `cdk.out`; it is gone after the tests. */
export function appFolder(files: { [path: string]: string }, define: (stack: Stack) => void): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'app-')));
  folders.push(folder);
  write(files, folder);
  symlinkSync(MODULES, join(folder, 'node_modules'));
  synthesizeIn(folder, define);
  return folder;
}

/** As `cdk synth` does, over what is there. */
export function synthesizeIn(folder: string, define: (stack: Stack) => void, outdir = 'cdk.out') {
  process.chdir(folder);
  try {
    const app = new App({ outdir: join(folder, outdir), context: { 'aws:cdk:enable-asset-metadata': true, 'aws:cdk:enable-path-metadata': true } });
    define(new Stack(app, 'Stack', { env: { account: '111111111111', region: 'eu-west-1' } }));
    app.synth();
  } finally {
    process.chdir(home);
  }
}

afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));
