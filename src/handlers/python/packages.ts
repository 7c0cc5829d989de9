/** The packages to install beside the source of a Python handler. */
export interface Packages {
  /** The file that asks for them, for messages. */
  readonly manifest: string;

  /** Lines of a requirements file. Their paths are absolute. */
  readonly requirements: string[];

  /** Lines of a constraints file. */
  readonly constraints: string[];

  /** The names of the packages, normalized. */
  readonly names: string[];

  /** Folders and archives on this machine, which are built first. */
  readonly projects: LocalProject[];

  /** Whether the requirements come from a lock: then they include all dependencies. */
  readonly complete: boolean;

  /** uv's settings from the manifest, in the form of a `uv.toml`. */
  readonly uvSettings?: { [name: string]: unknown };

  /** The project in uv's lock, if the packages come from there. */
  readonly uvLock?: UvLock;

  /** The part of the manifest that only uv understands; undefined if pip will do. */
  readonly onlyUv?: string;

  /** Everything that decides what is installed: contents of files, lines, fingerprints of folders. It goes into the asset's hash. */
  readonly key: string[];
}

/** Whether there is nothing to install. */
export function isEmpty({ requirements, projects, uvLock }: Packages): boolean {
  return uvLock === undefined && projects.length === 0 && requirements.every(isOption);
}

/** Whether a line of a requirements file asks for no package: an option, but not other requirements that are elsewhere. */
export function isOption(line: string): boolean {
  return line.startsWith('-') && !line.startsWith('-r ');
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

  /** The names of the packages on this machine, which are built separately. */
  readonly localNames: string[];
}

/** The form in which package indexes compare names. */
export function normalized(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

/** The normalized name in a requirement such as `Boto3[crt] >=1.4; python_version > "3.9"`; undefined for a path or an option. */
export function nameOf(requirement: string): string | undefined {
  const name = /^\s*([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*(?:$|[[(<>=!~;@ ])/.exec(requirement)?.[1];
  return name === undefined ? undefined : normalized(name);
}
