import { existsSync, FSWatcher, readdirSync, readFileSync, symlinkSync, watch, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { BuildError } from '../handlers/nodejs/esbuild';
import { BundledFile, bundleInBackground } from '../handlers/nodejs/nodejs-bundle';
import { assetFiles } from '../handlers/source-files/asset-files';
import { SourceFiles } from '../handlers/source-files/source-files';
import { IncompleteAssemblyError } from '../local/assembly/assembly';
import { FunctionModel } from '../local/definition/model';
import { Gateway } from '../local/gateway';

/** Editors write a file in several steps. */
const SETTLE_MILLIS = 20;
/** `cdk synth` writes an assembly in many. */
const RETRY_MILLIS = 200;
const MAX_RETRIES = 50;

/** Keeps a gateway up to date with the sources of its handlers, and with its assembly. Functions change, connections stay. */
export class Watch {
  /** Ready once every handler is as its source is now. */
  public static async start(gateway: Gateway, assembly: string, appFolder: string): Promise<Watch> {
    const started = new Watch(gateway, assembly, appFolder);
    started.watchFolder(dirname(assembly));
    started.watchFolder(assembly);
    await started.updateFunctions(() => true);
    return started;
  }

  private readonly watchers = new Map<string, FSWatcher>();
  /** By path: whether it came, or went. */
  private readonly changed = new Map<string, boolean>();
  private readonly sources = new Map<string, BuiltSource>();
  private timer?: NodeJS.Timeout;
  private work: Promise<void> = Promise.resolve();
  private closed = false;

  private constructor(private readonly gateway: Gateway, private readonly assembly: string, private readonly appFolder: string) {}

  public async close() {
    this.closed = true;
    clearTimeout(this.timer);
    for (const watcher of this.watchers.values()) { watcher.close(); }
    await this.work;
  }

  /** Not what is below it: of a whole app, most is of no interest. */
  private watchFolder(folder: string) {
    if (this.watchers.has(folder) || !existsSync(folder)) { return; }
    const forget = () => this.forget(folder);
    this.watchers.set(folder, watch(folder, (event, file) => {
      const path = file === null ? folder : join(folder, file);
      // A log that somebody writes beside the sources, say, does not put off what matters.
      const isNew = event === 'rename' || this.changed.get(path) === true;
      if (this.matters(path, isNew)) {
        this.changed.set(path, isNew);
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.start(), SETTLE_MILLIS);
      }
      if (!existsSync(folder)) { forget(); }
    }).on('error', forget));
  }

  private matters(path: string, isNew: boolean): boolean {
    return this.isOfAssembly(path) || [...this.sources.values()].some((source) => source.uses(path, isNew));
  }

  private isOfAssembly(path: string): boolean {
    return path === this.assembly || (dirname(path) === this.assembly && /(manifest|\.template|\.assets)\.json$/.test(path));
  }

  private forget(folder: string) {
    this.watchers.get(folder)?.close();
    this.watchers.delete(folder);
  }

  private start() {
    const paths = new Map(this.changed);
    this.changed.clear();
    this.work = this.work.then(() => this.update(paths)).catch((error: Error) => this.warn(error.message));
  }

  private async update(paths: ReadonlyMap<string, boolean>) {
    if (this.closed) { return; }
    if ([...paths.keys()].some((path) => this.isOfAssembly(path))) {
      // It may be another folder now, of the same name.
      if (paths.has(this.assembly)) { this.forget(this.assembly); }
      this.watchFolder(this.assembly);
      await this.reload();
    }
    await this.updateFunctions((source) => [...paths].some(([path, isNew]) => source.uses(path, isNew)));
  }

  /** The assembly was written anew: it is read until it is whole. */
  private async reload() {
    const started = Date.now();
    for (let attempt = 0; !this.closed; attempt++) {
      try {
        await this.gateway.reload();
        this.gateway.report({ type: 'reload', what: 'the assembly', durationMillis: Date.now() - started });
        return;
      } catch (error) {
        if (!(error instanceof IncompleteAssemblyError) || attempt === MAX_RETRIES) { throw error; }
        await new Promise((done) => setTimeout(done, RETRY_MILLIS));
      }
    }
  }

  private async updateFunctions(isAffected: (source: BuiltSource) => boolean) {
    await Promise.all(this.gateway.functionsInUse.map(async (fn) => {
      const known = this.sources.get(fn.arn);
      const source = known && isSame(known.fn, fn) ? known : sourceOf(fn, this.appFolder, this.assembly);
      if (!source || (source === known && !isAffected(source))) { return; }
      this.sources.set(fn.arn, source);
      await this.rebuild(fn, source);
      source.folders().forEach((folder) => this.watchFolder(folder));
    }));
  }

  private async rebuild(fn: FunctionModel, source: BuiltSource) {
    const started = Date.now();
    try {
      const write = await source.build();
      if (!write || this.closed) { return; }
      const folder = this.gateway.newFolder(fn.name);
      write(folder);
      await this.gateway.swap(fn, folder);
      this.gateway.report({ type: 'reload', what: fn.path, durationMillis: Date.now() - started });
    } catch (error) {
      this.warn(`\`${fn.path}\` goes on with its last code:\n${(error as Error).message}`);
    }
  }

  private warn(text: string) {
    this.gateway.report({ type: 'warning', text });
  }
}

function isSame(one: FunctionModel, other: FunctionModel): boolean {
  return one.code === other.code && JSON.stringify(one.source) === JSON.stringify(other.source);
}

/** The source of a function: what it is made of, and how it is made. */
interface BuiltSource {
  readonly fn: FunctionModel;
  uses(path: string, isNew: boolean): boolean;
  /** To be watched. */
  folders(): string[];
  /** @returns what writes the new code, or undefined where it is what it was */
  build(): Promise<((folder: string) => void) | undefined>;
}

/** Undefined where the template does not tell: the function changes with its asset alone. */
function sourceOf(fn: FunctionModel, appFolder: string, assembly: string): BuiltSource | undefined {
  if (!fn.source || !existsSync(resolve(appFolder, fn.source.file))) { return undefined; }
  const { file, folder = dirname(file), esbuild } = fn.source;
  return esbuild ? new Bundle(fn, appFolder, resolve(appFolder, file), esbuild) : new Folder(fn, resolve(appFolder, folder), assembly);
}

class Bundle implements BuiltSource {
  private inputs: ReadonlySet<string>;
  private last: ReadonlyMap<string, Uint8Array>;
  private failed = false;

  constructor(
    public readonly fn: FunctionModel, private readonly appFolder: string, private readonly file: string, private readonly options: object,
  ) {
    this.inputs = new Set([file]);
    this.last = new Map(filesIn(fn.code).map((name) => [name, readFileSync(join(fn.code, name))]));
  }

  public uses(path: string, isNew: boolean): boolean {
    // What was missing may be there now.
    return this.inputs.has(path) || (this.failed && isNew);
  }

  public folders(): string[] {
    return [...new Set([...this.inputs].map((path) => dirname(path)))]
      .filter((folder) => !relative(this.appFolder, folder).split(/[/\\]/).includes('node_modules'));
  }

  public async build() {
    const { files, inputs } = await bundleInBackground(this.file, this.options, this.appFolder).catch((error) => {
      this.failed = true;
      // Its inputs are not told then: one that came just now may be where the fault is.
      if (error instanceof BuildError) { this.inputs = new Set([...this.inputs, ...error.files.map((file) => resolve(this.appFolder, file))]); }
      throw error;
    });
    this.failed = false;
    this.inputs = new Set(inputs);
    const same = files.every(({ path, contents }) => this.last.has(path) && Buffer.compare(this.last.get(path)!, contents) === 0);
    if (same) { return undefined; }
    this.last = new Map(files.map(({ path, contents }) => [path, contents]));
    return (folder: string) => writeBundle(files, this.fn.code, folder);
  }
}

/** The new bundle, with what else is in the asset. */
function writeBundle(files: BundledFile[], asset: string, folder: string) {
  const names = new Set(files.map(({ path }) => path));
  readdirSync(asset).filter((name) => !names.has(name)).forEach((name) => symlinkSync(join(asset, name), join(folder, name)));
  files.forEach(({ path, contents }) => writeFileSync(join(folder, path), contents));
}

class Folder implements BuiltSource {
  private files: SourceFiles;
  private last?: string;

  constructor(public readonly fn: FunctionModel, private readonly source: string, private readonly assembly: string) {
    this.files = this.select();
  }

  public uses(path: string, isNew: boolean): boolean {
    if (!path.startsWith(`${this.source}${sep}`)) { return false; }
    const name = relative(this.source, path).split(sep).join('/');
    const isIn = (files: SourceFiles) => files.includes(name) || files.folders.includes(name);
    return isIn(this.files) || (isNew && isIn(this.select()));
  }

  public folders(): string[] {
    return this.files.folders.map((folder) => join(this.source, folder));
  }

  public async build() {
    const files = this.select();
    this.files = files;
    const fingerprint = files.fingerprint();
    const isSameAsBefore = this.last === undefined ? files.paths.every((path) => this.isInAsset(path)) : this.last === fingerprint;
    this.last = fingerprint;
    return isSameAsBefore ? undefined : (folder: string) => overlay(files, this.fn.code, folder);
  }

  /** What is deployed, and nothing else: a secret or a log beside the source neither runs nor reloads anything. */
  private select(): SourceFiles {
    const excludePaths = [this.assembly];
    return this.fn.runtime.startsWith('python')
      ? assetFiles(this.source, 'python', excludePaths)
      // Modules stay as they were deployed: watching them all would be too much.
      : new SourceFiles(this.source, { gitIgnore: false, exclude: ['node_modules'], excludePaths });
  }

  private isInAsset(path: string): boolean {
    const file = join(this.fn.code, path);
    return existsSync(file) && readFileSync(file).equals(readFileSync(join(this.source, path)));
  }
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile()).map(({ name }) => name);
}

/** The files of the source, over what else is in the asset: the modules that were installed for it. */
function overlay(files: SourceFiles, asset: string, folder: string) {
  const own = new Set(files.paths.map((path) => path.split('/')[0]));
  readdirSync(asset).filter((name) => !own.has(name)).forEach((name) => symlinkSync(join(asset, name), join(folder, name)));
  files.copyTo(folder);
}
