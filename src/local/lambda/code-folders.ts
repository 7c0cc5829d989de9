import { chmodSync, constants, cpSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { openAsset } from '../assembly/asset';
import { FunctionModel } from '../definition/model';

/**
 * The code of functions, and their layers, as folders. The gateway runs a read-only copy, like `/var/task` in Lambda, so that no handler
 * can change the cloud assembly, which may be deployed later.
 */
export class CodeFolders {
  private readonly opened = new Map<string, Promise<string>>();
  private readonly copied = new Map<string, Promise<string>>();

  /** @param folder of the gateway alone */
  constructor(private readonly folder: string) {}

  /** The files of an asset, to look at. They are opened once, because the name of an asset stands for its contents. */
  public open(asset: string): Promise<string> {
    return once(this.opened, asset, () => openAsset(asset, this.folder));
  }

  /** The files of an asset, to run. */
  public run(asset: string): Promise<string> {
    return once(this.copied, asset, async () => {
      const opened = await this.open(asset);
      const copy = opened.startsWith(this.folder + sep) ? opened : await this.copyOf(opened);
      setWritable(copy, false);
      return copy;
    });
  }

  /** The layers of a function, laid over each other. */
  public async layersOf({ name, layers }: FunctionModel): Promise<string | undefined> {
    if (layers.length === 0) { return undefined; }
    const folder = this.newFolder(`${name}-layers`);
    for (const layer of layers) {
      cpSync(await this.open(layer), folder, { recursive: true });
    }
    setWritable(folder, false);
    return folder;
  }

  /** A new folder. Its name begins with this one. */
  public newFolder(name: string): string {
    return mkdtempSync(join(this.folder, `${name.replace(/\W/g, '_').slice(0, 60)}-`));
  }

  public remove(asset: string) {
    this.opened.delete(asset);
    this.copied.delete(asset);
    setWritable(asset, true);
    rmSync(asset, { recursive: true, force: true });
  }

  public removeAll() {
    setWritable(this.folder, true);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async copyOf(opened: string): Promise<string> {
    const copy = this.newFolder('code');
    // If the file system supports it, the copy takes no space.
    await cp(opened, copy, { recursive: true, mode: constants.COPYFILE_FICLONE, verbatimSymlinks: true });
    return copy;
  }
}

function once(known: Map<string, Promise<string>>, asset: string, make: () => Promise<string>): Promise<string> {
  const existing = known.get(asset);
  if (existing) { return existing; }
  const made = make();
  known.set(asset, made);
  made.catch(() => known.delete(asset));
  return made;
}

/** Does not follow links. To remove files, only their folders have to be writable. */
function setWritable(path: string, writable: boolean) {
  if (!existsSync(path)) { return; }
  chmodSync(path, writable ? 0o755 : 0o555);
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inner = join(path, entry.name);
    if (entry.isDirectory()) {
      setWritable(inner, writable);
    } else if (entry.isFile() && !writable) {
      // eslint-disable-next-line no-bitwise
      chmodSync(inner, statSync(inner).mode & 0o555);
    }
  }
}
