import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { GitIgnore } from './git-ignore';
import { secrecyOf } from './secrets';

/** Names of what tools leave in a source folder. */
const NOT_SOURCE = [
  'cdk.out', '.git', '.gitignore', '.gitattributes', '.hg', '.svn', '.DS_Store', '.idea', '.vscode',
  '__pycache__', '.pytest_cache', '.mypy_cache', '.ruff_cache', '.tox', '.nox', '.coverage', '.venv',
];
const NOT_SOURCE_ENDING = ['.pyc', '.pyo', '.egg-info', '.log'];

/** Decides which files of a folder are its source. */
export interface SourceFilesOptions {
  /** Whether the `.gitignore` files in the folder count. Compiled code and `node_modules` are usually ignored, so not for those. */
  readonly gitIgnore: boolean;

  /** More names to leave out, wherever they are. */
  readonly exclude?: string[];

  /** Folders and files to leave out, absolute: the cloud assembly above all, which would contain itself. */
  readonly excludePaths?: string[];
}

/**
 * The files of a folder that go into an asset, without secrets and without what tools leave behind. Links are followed.
 */
export class SourceFiles {
  /** Relative to the folder, with forward slashes; sorted. */
  public readonly paths: string[];

  /** All folders that may hold source; '' is the folder itself. */
  public readonly folders: string[] = [];

  /** Files that look like secrets, but that a program may need. */
  public readonly doubtful: string[] = [];

  private readonly found: string[] = [];
  private readonly ignored = new GitIgnore();

  /** The folder without links. */
  private readonly real: string;

  constructor(public readonly folder: string, private readonly options: SourceFilesOptions) {
    this.real = realpathSync(folder);
    this.collect('', [this.real]);
    this.paths = this.found.sort();
  }

  public includes(path: string): boolean {
    return this.paths.includes(path);
  }

  /** A hash of all paths and contents, the same on every machine. */
  public fingerprint(): string {
    const hash = createHash('sha256');
    for (const path of this.paths) {
      const contents = readFileSync(join(this.folder, path));
      hash.update(`${path.length} ${path} ${isExecutable(join(this.folder, path))} ${contents.length} `).update(contents);
    }
    return hash.digest('hex');
  }

  /** Copies the files. A link is copied as the file that it leads to. */
  public copyTo(target: string) {
    for (const path of this.paths) {
      mkdirSync(dirname(join(target, path)), { recursive: true });
      copyFileSync(join(this.folder, path), join(target, path));
      letEveryoneRead(join(target, path));
    }
  }

  /** @param above the real paths of the folders above: a link to one of them would never end */
  private collect(folder: string, above: string[]) {
    this.folders.push(folder);
    const gitIgnore = join(this.folder, folder, '.gitignore');
    if (this.options.gitIgnore && existsSync(gitIgnore)) {
      this.ignored.add(readFileSync(gitIgnore, 'utf8'), folder);
    }
    for (const name of readdirSync(join(this.folder, folder))) {
      const path = folder === '' ? name : `${folder}/${name}`;
      const file = join(this.folder, path);
      // A link may be broken.
      if (this.isLeftOut(name, file) || !existsSync(file)) { continue; }
      const isFolder = statSync(file).isDirectory();
      if (this.ignored.ignores(path, isFolder)) { continue; }
      const real = realpathSync(file);
      const secrecy = secrecyOf(name, real, this.real);
      if (secrecy !== 'public') {
        if (secrecy === 'doubtful') { this.doubtful.push(path); }
      } else if (!isFolder) {
        if (statSync(file).isFile()) { this.found.push(path); }
      } else if (!above.includes(real) && !existsSync(join(file, 'pyvenv.cfg'))) {
        this.collect(path, [...above, real]);
      }
    }
  }

  private isLeftOut(name: string, file: string): boolean {
    return [...NOT_SOURCE, ...this.options.exclude ?? []].includes(name)
      || NOT_SOURCE_ENDING.some((ending) => name.endsWith(ending))
      || (this.options.excludePaths ?? []).some((path) => resolve(path) === file || file.startsWith(`${resolve(path)}${sep}`));
  }
}

/** Lambda runs as another user than the one that owns the files of an asset, and the umask may be strict. */
export function letEveryoneRead(path: string) {
  chmodSync(path, isExecutable(path) ? 0o755 : 0o644);
}

/** The same for a folder and everything in it. */
export function letEveryoneReadAll(folder: string) {
  letEveryoneRead(folder);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) { letEveryoneReadAll(path); } else if (entry.isFile()) { letEveryoneRead(path); }
  }
}

/** Of a folder too. */
function isExecutable(path: string): boolean {
  const [owner] = statSync(path).mode.toString(8).slice(-3);
  return Number(owner) % 2 === 1;
}
