/** What has to be installed beside the source of a Python handler. */
export interface Packages {
  /** The file that says so, for messages. */
  readonly manifest: string;

  /** Lines of a requirements file, all paths in it absolute. */
  readonly requirements: string[];

  /** Lines of a constraints file. */
  readonly constraints: string[];

  /** The names of what is asked for, as indexes compare them. */
  readonly names: string[];

  /** Folders and archives on this machine that have to be built. */
  readonly projects: LocalProject[];

  /** Whether the requirements are the whole of a lock, so that nothing has to be resolved. */
  readonly complete: boolean;

  /** The settings of uv that come with the manifest, as those of a `uv.toml`. */
  readonly uvSettings?: { [name: string]: unknown };

  /** The lock of uv, if it is uv that knows what to install. */
  readonly uvLock?: UvLock;

  /** What in the manifest only uv reads; undefined if pip can install it too. */
  readonly onlyUv?: string;

  /** All that decides what is installed: contents of files, lines, fingerprints of folders. */
  readonly key: string[];
}

/** Whether there is nothing to install. */
export function isEmpty({ requirements, projects, uvLock }: Packages): boolean {
  return uvLock === undefined && projects.length === 0 && requirements.every((line) => line.startsWith('-'));
}

/** A Python project on this machine. */
export interface LocalProject {
  /** A folder, or an archive of its source; absolute. */
  readonly path: string;

  /** `[extra,…]`, or ''. */
  readonly extras: string;

  /** `; python_version < "3.12"`, or ''. */
  readonly marker: string;
}

/** A project in a lock of uv. */
export interface UvLock {
  /** The folder of the lock. */
  readonly root: string;
  readonly packageName: string;

  /** Names of what is on this machine, and is built by itself. */
  readonly localNames: string[];
}

/** A name as package indexes compare it. */
export function normalized(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

/** The name in a requirement such as `Boto3[crt] >=1.4; python_version > "3.9"`, as indexes compare it; undefined for a path or an option. */
export function nameOf(requirement: string): string | undefined {
  const name = /^\s*([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*(?:$|[[(<>=!~;@ ])/.exec(requirement)?.[1];
  return name === undefined ? undefined : normalized(name);
}
