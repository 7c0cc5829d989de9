import { copyFileSync, existsSync, mkdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { letEveryoneRead } from '../source-files/source-files';

/** A copy of the files of a project, for tools that write beside the sources: the project itself stays as git sees it. */
export class ProjectCopy {
  private readonly base: string;
  public readonly root: string;

  /** @param folder where it goes; it is made */
  constructor(files: string[], folder: string) {
    this.base = commonFolder(files.map((file) => dirname(file)));
    mkdirSync(folder);
    this.root = realpathSync(folder);
    for (const file of new Set(files)) {
      mkdirSync(dirname(this.at(file)), { recursive: true });
      copyFileSync(file, this.at(file));
      // Tools take the modes over, and they follow the umask.
      letEveryoneRead(this.at(file));
    }
  }

  /** Where a path of the project is in the copy. */
  public at(path: string): string {
    return join(this.root, relative(this.base, path));
  }

  /** Makes a folder reachable that is needed and not part of the project. */
  public link(path: string) {
    if (relative(this.base, path).startsWith('..') || existsSync(this.at(path))) { return; }
    mkdirSync(dirname(this.at(path)), { recursive: true });
    symlinkSync(path, this.at(path), 'junction');
  }

  /** What a tool said of the copy, said of the project. */
  public original(text: string): string {
    return text.replaceAll(this.root, this.base);
  }

  public remove() {
    rmSync(this.root, { recursive: true, force: true });
  }
}

function commonFolder(folders: string[]): string {
  return folders.reduce((one, other) => {
    let common = one;
    while (common !== other && !other.startsWith(common.endsWith(sep) ? common : `${common}${sep}`)) { common = dirname(common); }
    return common;
  });
}

