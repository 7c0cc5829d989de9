import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';

const folders: string[] = [];

afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A folder that is gone after the tests, with these files; what is not text is written as JSON. */
export function newFolder(files: { [path: string]: unknown } = {}): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'assembly-')));
  folders.push(folder);
  for (const [path, contents] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), typeof contents === 'string' ? contents : JSON.stringify(contents));
  }
  return folder;
}

/** An assembly as CDK would write it, with these templates by the names of their stacks. */
export function assemblyOf(templates: { [stack: string]: object }, environment = 'aws://111111111111/eu-west-1'): string {
  const stacks = Object.keys(templates);
  return newFolder({
    'manifest.json': {
      version: '53.0.0',
      artifacts: Object.fromEntries(stacks.map((name) => [
        name, { type: 'aws:cloudformation:stack', environment, properties: { templateFile: `${name}.template.json` } },
      ])),
    },
    ...Object.fromEntries(stacks.map((name) => [`${name}.template.json`, templates[name]])),
  });
}

/** What CDK writes of an app. */
export function synthesize(define: (app: App) => void, context: { [key: string]: unknown } = {}): string {
  const app = new App({ outdir: newFolder(), context: { 'aws:cdk:bundling-stacks': [], 'aws:cdk:enable-path-metadata': true, ...context } });
  define(app);
  return app.synth().directory;
}

export function synthesizeStack(define: (stack: Stack) => void, context?: { [key: string]: unknown }): string {
  return synthesize((app) => define(new Stack(app, 'Stack', { env: { account: '111111111111', region: 'eu-west-1' } })), context);
}
