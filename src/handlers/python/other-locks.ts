import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { projectKey, readToml } from './local-project';
import { LocalProject, nameOf, normalized, Packages } from './packages';
import { isTable, tablesOf, textsOf, TomlTable } from './toml';

/** The error for a part of a lock that only the lock's own tool can install. */
function beyond(manifest: string, what: string, instead: string): Error {
  return new Error(`\`${manifest}\` has ${what}, which this library cannot install from the lock. Write a \`requirements.txt\` into \`srcPath\`: \`${instead}\``);
}

const POETRY_EXPORT = 'poetry export --without-hashes --output requirements.txt';
const PIPENV_EXPORT = 'pipenv requirements > requirements.txt';

/** The main group of a `poetry.lock`. Only locks of Poetry 2 say which group a package is in. */
export function poetryLockedPackages(manifest: string, declared: string[]): Packages {
  const lock = readToml(manifest);
  const packages = tablesOf(lock.package);
  if (packages.some(({ groups }) => groups === undefined)) {
    throw new Error(`\`${manifest}\` was written by a Poetry older than 2.0, and does not say which packages are needed at run time. ` +
      `Run \`poetry lock\` with Poetry 2, or write a \`requirements.txt\` into \`srcPath\`: \`${POETRY_EXPORT}\``);
  }
  const main = packages.filter(({ groups, optional }) => textsOf(groups).includes('main') && optional !== true);
  for (const requirement of declared) {
    if (!main.some(({ name }) => normalized(String(name)) === nameOf(requirement))) {
      throw new Error(`\`${manifest}\` is older than the \`pyproject.toml\` beside it: \`${JSON.stringify(requirement)}\` is not in it. Run \`poetry lock\``);
    }
  }
  const requirements: string[] = [];
  const projects: LocalProject[] = [];
  const indexes = new Set<string>();
  for (const one of main) {
    const marker = isTable(one.markers) ? one.markers.main : one.markers;
    const suffix = typeof marker === 'string' ? ` ; ${marker}` : '';
    const source = isTable(one.source) ? one.source : {};
    switch (source.type) {
      case undefined: case 'legacy':
        if (typeof source.url === 'string') { indexes.add(source.url); }
        requirements.push([`${String(one.name)}==${String(one.version)}${suffix}`, ...hashesOf(one)].join(' '));
        break;
      case 'url':
        requirements.push(`${String(one.name)} @ ${String(source.url)}${suffix}`);
        break;
      case 'git':
        requirements.push(`${String(one.name)} @ git+${String(source.url)}@${String(source.resolved_reference)}${within(source.subdirectory)}${suffix}`);
        break;
      case 'directory':
        projects.push({ path: resolve(dirname(manifest), String(source.url)), extras: '', marker: suffix });
        break;
      default:
        throw beyond(manifest, `a package of the kind \`${JSON.stringify(source.type)}\`, \`${String(one.name)}\``, POETRY_EXPORT);
    }
  }
  const onlyThese = main.every(({ source }) => isTable(source));
  return locked(manifest, requirements, projects, indexOptions([...indexes], onlyThese));
}

/** The default packages of a `Pipfile.lock`. */
export function pipenvLockedPackages(manifest: string): Packages {
  const { _meta: { sources = [] } = {}, default: packages = {} } = JSON.parse(readFileSync(manifest, 'utf8')) as PipfileLock;
  const requirements: string[] = [];
  const projects: LocalProject[] = [];
  for (const [name, { version, extras = [], markers, hashes = [], path, git, ref, subdirectory }] of Object.entries(packages)) {
    const suffix = markers ? ` ; ${markers}` : '';
    const wanted = extras.length > 0 ? `[${extras.join(',')}]` : '';
    const named = `${name}${wanted}`;
    if (path !== undefined) {
      projects.push({ path: resolve(dirname(manifest), path), extras: wanted, marker: suffix });
    } else if (git !== undefined && ref !== undefined) {
      requirements.push(`${named} @ git+${git}@${ref}${within(subdirectory)}${suffix}`);
    } else if (version !== undefined) {
      requirements.push([`${named}${version}${suffix}`, ...hashes.map((hash) => `--hash=${hash}`)].join(' '));
    } else {
      throw beyond(manifest, `\`${name}\` without a version`, PIPENV_EXPORT);
    }
  }
  return locked(manifest, requirements, projects, indexOptions(sources.map(({ url }) => url), true));
}

interface PipfileLock {
  readonly _meta?: { readonly sources?: Array<{ readonly url: string }> };
  readonly default?: {
    [name: string]: {
      readonly version?: string;
      readonly extras?: string[];
      readonly markers?: string;
      readonly hashes?: string[];
      readonly path?: string;
      readonly git?: string;
      readonly ref?: string;
      readonly subdirectory?: string;
    };
  };
}

/** The folder of the project in a repository. */
function within(subdirectory: unknown): string {
  return typeof subdirectory === 'string' ? `#subdirectory=${subdirectory}` : '';
}

function hashesOf({ files }: TomlTable): string[] {
  return tablesOf(files).map(({ hash }) => `--hash=${String(hash)}`);
}

/** Leaves the public index out: it is the default, or the user has set a mirror instead. */
function indexOptions(urls: string[], firstIsDefault: boolean): string[] {
  return urls.flatMap((url, index) => {
    if (/^https:\/\/pypi\.(org|python\.org)\/simple\/?$/.test(url)) { return []; }
    return [`${firstIsDefault && index === 0 ? '--index-url' : '--extra-index-url'} ${url}`];
  });
}

/** @param indexes options that say where packages come from */
function locked(manifest: string, requirements: string[], projects: LocalProject[], indexes: string[]): Packages {
  // Tools want hashes for all packages or for none, and some indexes list none.
  const withHashes = requirements.every((line) => line.includes('--hash='));
  const lines = withHashes ? requirements : requirements.map((line) => line.replace(/ --hash=\S+/g, ''));
  const missing = projects.find(({ path }) => !existsSync(path));
  if (missing) { throw new Error(`\`${manifest}\` leads to \`${missing.path}\`, which does not exist`); }
  return {
    manifest,
    requirements: [...indexes, ...lines],
    constraints: [],
    projects,
    names: requirements.flatMap((line) => nameOf(line) ?? []),
    complete: true,
    key: [...indexes, ...lines, ...projects.map(projectKey)],
  };
}

/** Locks of other tools beside a `pyproject.toml`, and the command that writes a `requirements.txt` from each. */
export const LOCKS_OF_OTHERS: { [file: string]: string } = {
  'pdm.lock': 'pdm export --prod --without-hashes --output requirements.txt',
  'pylock.toml': 'uv pip compile pyproject.toml --output-file requirements.txt',
  'pixi.lock': 'uv pip compile pyproject.toml --output-file requirements.txt',
};
