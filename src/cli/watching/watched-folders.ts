import { existsSync, FSWatcher, watch } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';

/**
 * Tells what changes in folders, but not what is below them: most of an app does not matter. A folder that is moved away, or that git
 * removes and makes again, is told as changed itself: `renew` it then.
 */
export class WatchedFolders {
  private readonly watchers = new Map<string, FSWatcher>();
  /** With those that are gone. */
  private readonly folders = new Set<string>();

  /** @param changed gets a path, and whether it is new, or gone */
  constructor(private readonly changed: (path: string, isNew: boolean) => void) {}

  public has(folder: string): boolean {
    return this.folders.has(folder);
  }

  public add(folder: string) {
    this.folders.add(folder);
    if (this.watchers.has(folder) || !existsSync(folder)) { return; }
    this.watchers.set(folder, watch(folder, (event, file) => {
      const path = file === null ? folder : join(folder, file);
      this.changed(path, event === 'rename');
      if (event === 'rename') {
        this.tellMoved(path);
        // A folder tells with its own name that it is moved or removed.
        if (file === basename(folder)) { this.tellMoved(folder); }
      }
      if (!existsSync(folder)) { this.forget(folder); }
    }).on('error', () => this.forget(folder)));
  }

  /** With the folders between it and the app, because each of them may be moved. */
  public addNear(app: string, folder: string) {
    for (let at = folder; ; at = dirname(at)) {
      this.add(at);
      if (at === dirname(at) || `${app}${sep}`.startsWith(`${at}${sep}`)) { return; }
    }
  }

  /** It may be another folder now, of the same name. */
  public renew(folder: string) {
    this.forget(folder);
    this.add(folder);
  }

  public close() {
    for (const watcher of this.watchers.values()) { watcher.close(); }
    this.watchers.clear();
  }

  private tellMoved(path: string) {
    for (const folder of this.folders) {
      if (folder === path || folder.startsWith(`${path}${sep}`)) { this.changed(folder, true); }
    }
  }

  private forget(folder: string) {
    this.watchers.get(folder)?.close();
    this.watchers.delete(folder);
  }
}
