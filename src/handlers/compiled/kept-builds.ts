import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assetFolder, writeAsset } from '../written-code';

/** By hash and tools: where this process has built it. Unit tests synthesize an app many times, into a new folder each time. */
const built = new Map<string, string>();

/**
 * The assets of a cloud assembly that were built in an earlier synthesis. An asset is built again if its hash changes, which is of its
 * sources; and if the tools change, which are not in the hash.
 */
export class KeptBuilds {
  constructor(private readonly assetOutdir: string) {}

  public has(hash: string, tools: string): boolean {
    const asset = assetFolder(this.assetOutdir, hash);
    const record = this.recordOf(hash);
    if (existsSync(asset) && existsSync(record) && readFileSync(record, 'utf8') === tools) { return true; }
    const elsewhere = built.get(`${hash} ${tools}`);
    if (elsewhere === undefined || elsewhere === asset || !existsSync(elsewhere)) { return false; }
    this.add(hash, tools, (folder) => cpSync(elsewhere, folder, { recursive: true }));
    return true;
  }

  public add(hash: string, tools: string, write: (folder: string) => void) {
    const asset = assetFolder(this.assetOutdir, hash);
    rmSync(asset, { recursive: true, force: true });
    writeAsset(asset, write);
    mkdirSync(join(this.assetOutdir, '.builds'), { recursive: true });
    writeFileSync(this.recordOf(hash), tools);
    built.set(`${hash} ${tools}`, asset);
  }

  public folderOf(hash: string): string {
    return assetFolder(this.assetOutdir, hash);
  }

  /** Says which tools built an asset. */
  private recordOf(hash: string): string {
    return join(this.assetOutdir, '.builds', hash);
  }
}
