import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Route, WebSocketApi, WebSocketApiProps } from '../../src';

const home = process.cwd();
const folders: string[] = [];

/** Handlers find their source from the working directory: a folder with these files becomes it, until the test ends. */
export function sourceProject(files: { [path: string]: string }): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'source-')));
  folders.push(folder);
  write(files, folder);
  process.chdir(folder);
  return folder;
}

export function write(files: { [path: string]: string }, folder = process.cwd()) {
  for (const [path, contents] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), contents);
  }
}

afterEach(() => {
  process.chdir(home);
  folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true }));
});

/** A function as it is deployed, and the folder of its code. */
export interface SynthesizedFunction {
  readonly properties: any;
  readonly asset: string;
}

/** Synthesizes an API with bundling on; the functions are told by their route keys. */
export function synthesize(routes: { [routeKey: string]: Route }, props: WebSocketApiProps = {}, outdir = 'cdk.out'): { [routeKey: string]: SynthesizedFunction } {
  const app = new App({ outdir });
  const stack = new Stack(app, 'Stack');
  const api = new WebSocketApi(stack, 'Api', { routes, ...props });
  const assembly = app.synth();
  const { Resources } = assembly.getStackByName('Stack').template;
  return Object.fromEntries(api.routes.map((key) => {
    const properties = Resources[stack.getLogicalId(api.getFunction(key)!.node.defaultChild as any)].Properties;
    return [key, { properties, asset: resolve(assembly.directory, `asset.${properties.Code.S3Key.replace('.zip', '')}`) }];
  }));
}

/** The files of an asset, sorted. */
export function filesOf(asset: string): string[] {
  return (readdirSync(asset, { recursive: true }) as string[]).filter((path) => statSync(join(asset, path)).isFile()).sort();
}

/** Runs a handler as Lambda does, from its asset alone, in a process of its own. */
export function invoke({ properties, asset }: SynthesizedFunction, event: unknown = {}): any {
  const [, module, name] = /^(.*)\.(\w+)$/.exec(properties.Handler)!;
  const environment = Object.fromEntries(Object.entries(properties.Environment?.Variables ?? {}).filter(([, value]) => typeof value === 'string')) as NodeJS.ProcessEnv;
  const { status, stdout, stderr } = properties.Runtime.startsWith('python')
    ? spawnSync('python3', ['-B', '-c', `import importlib, json, sys; sys.path.insert(0, "."); print(json.dumps(importlib.import_module(${JSON.stringify(module.replaceAll('/', '.'))}).${name}(json.loads(sys.argv[1]), None)))`,
      JSON.stringify(event)], { cwd: asset, encoding: 'utf8' })
    : spawnSync('node', ['--input-type=module', '-e', `
      import { existsSync } from 'node:fs';
      import { pathToFileURL } from 'node:url';
      const file = ['.js', '.mjs', '.cjs'].map((extension) => '${join(asset, module)}' + extension).find((path) => existsSync(path));
      const { ${name}: handler } = await import(pathToFileURL(file));
      console.log(JSON.stringify(await handler(${JSON.stringify(event)}) ?? null));
    `], { cwd: asset, env: { PATH: process.env.PATH, ...environment }, encoding: 'utf8' });
  if (status !== 0) { throw new Error(stderr); }
  return JSON.parse(stdout);
}

