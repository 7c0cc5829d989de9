import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { projectKey, readToml } from './local-project';
import { LocalProject, nameOf, normalized, Packages } from './packages';
import { isTable, tablesOf, textsOf, TomlTable } from './toml';

/** The lock has something that is installed by its own tool alone. */
function beyond(manifest: string, what: string, instead: string): Error {
  return new Error(`\`${manifest}\` has ${what}, which is not installed from the lock here. Write a \`requirements.txt\` into \`srcPath\`: \`${instead}\``);
}

const POETRY_EXPORT = 'poetry export --without-hashes --output requirements.txt';
const PIPENV_EXPORT = 'pipenv requirements > requirements.txt';

/** What a `poetry.lock` says of the main group. Since Poetry 2 the lock has all that it takes; older ones do not say which group a package is in. */
export function poetryLockedPackages(manifest: string, declared: string[]): Packages {
  const lock = readToml(manifest);
  const packages = tablesOf(lock.package);
  if (packages.some(({ groups }) => groups === undefined)) {
    throw new Error(`\`${manifest}\` is of a Poetry older than 2.0, and does not tell what is needed at run time. ` +
      `Run \`poetry lock\` with a newer one, or write a \`requirements.txt\` into \`srcPath\`: \`${POETRY_EXPORT}\``);
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
        requirements.push(`${String(one.name)} @ git+${String(source.url)}@${String(source.resolved_reference)}${suffix}`);
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

/** What a `Pipfile.lock` says of the packages that are not for development. */
export function pipenvLockedPackages(manifest: string): Packages {
  const { _meta: { sources = [] } = {}, default: packages = {} } = JSON.parse(readFileSync(manifest, 'utf8')) as PipfileLock;
  const requirements: string[] = [];
  const projects: LocalProject[] = [];
  for (const [name, { version, extras = [], markers, hashes = [], path, git, ref }] of Object.entries(packages)) {
    const suffix = markers ? ` ; ${markers}` : '';
    const named = `${name}${extras.length > 0 ? `[${extras.join(',')}]` : ''}`;
    if (path !== undefined) {
      projects.push({ path: resolve(dirname(manifest), path), extras: '', marker: suffix });
    } else if (git !== undefined && ref !== undefined) {
      requirements.push(`${named} @ git+${git}@${ref}${suffix}`);
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
    };
  };
}

function hashesOf({ files }: TomlTable): string[] {
  return tablesOf(files).map(({ hash }) => `--hash=${String(hash)}`);
}

/** The public index is everybody's default, or the mirror that they have set instead. */
function indexOptions(urls: string[], firstIsDefault: boolean): string[] {
  return urls.flatMap((url, index) => {
    if (/^https:\/\/pypi\.(org|python\.org)\/simple\/?$/.test(url)) { return []; }
    return [`${firstIsDefault && index === 0 ? '--index-url' : '--extra-index-url'} ${url}`];
  });
}

/** @param indexes options that say where packages come from */
function locked(manifest: string, requirements: string[], projects: LocalProject[], indexes: string[]): Packages {
  // Only with all their hashes do tools accept any, and an index may list none.
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

/** What other tools leave beside a `pyproject.toml`, and how each writes a `requirements.txt`. */
export const LOCKS_OF_OTHERS: { [file: string]: string } = {
  'pdm.lock': 'pdm export --prod --without-hashes --output requirements.txt',
  'pylock.toml': 'uv pip compile pyproject.toml --output-file requirements.txt',
  'pixi.lock': 'uv pip compile pyproject.toml --output-file requirements.txt',
};
