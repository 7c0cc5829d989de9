import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { BuildError } from '../../handlers/nodejs/esbuild';
import { BundledFile, bundleInBackground } from '../../handlers/nodejs/nodejs-bundle';
import { assetFiles } from '../../handlers/source-files/asset-files';
import { SourceFiles } from '../../handlers/source-files/source-files';
import { FunctionModel } from '../../local/definition/model';

/** The source of a function: what it is made of, and how it is made. */
export interface BuiltSource {
  readonly fn: FunctionModel;
  uses(path: string, isNew: boolean): boolean;
  /** To be watched. */
  folders(): string[];
  /** @returns what writes the new code; undefined if nothing has changed */
  build(): Promise<((folder: string) => void) | undefined>;
}

/** A handler that esbuild bundles. */
export class Bundle implements BuiltSource {
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
    // A file that was missing may be there now.
    return this.inputs.has(path) || (this.failed && isNew);
  }

  public folders(): string[] {
    return [...new Set([...this.inputs].map((path) => dirname(path)))]
      .filter((folder) => !relative(this.appFolder, folder).split(/[/\\]/).includes('node_modules'));
  }

  public async build() {
    const { files, inputs } = await bundleInBackground(this.file, this.options, this.appFolder).catch((error) => {
      this.failed = true;
      // esbuild names no inputs then, and the fault may be in a file that is new.
      if (error instanceof BuildError) {
        this.inputs = new Set([...this.inputs, ...error.files.map((file) => resolve(this.appFolder, file))]);
      }
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

/** A handler whose asset is a folder. */
export class Folder implements BuiltSource {
  private files: SourceFiles;
  private last?: string;

  constructor(public readonly fn: FunctionModel, private readonly source: string, private readonly assembly: string) {
    this.files = this.select();
  }

  public uses(path: string, isNew: boolean): boolean {
    if (!path.startsWith(`${this.source}${sep}`)) { return false; }
    const name = relative(this.source, path).split(sep).join('/');
    const isIn = (files: SourceFiles) => files.includes(name) || files.folders.includes(name);
    return isIn(this.files) || (isNew && this.mayBeIn(isIn));
  }

  private mayBeIn(isIn: (files: SourceFiles) => boolean): boolean {
    try {
      return isIn(this.select());
    } catch {
      // Somebody is moving or removing the folder.
      return true;
    }
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
