import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';

/** A module, and where it goes in the asset. */
export interface PlacedModule {
  readonly from: string;
  readonly to: string;
}

interface Dependency {
  readonly name: string;
  readonly optional: boolean;
}

/**
 * The modules and all that they depend on, as they go into the asset: flat if versions allow, nested otherwise.
 *
 * @param importers folders, each with the folders above it, to look the modules up from
 */
export function installedModules(names: string[], importers: string[]): PlacedModule[] {
  const placed = new Map<string, string>();
  /** What Node.js would find in the asset. */
  const visible = (name: string, folder: string): string | undefined => {
    const path = join(folder, 'node_modules', name);
    return placed.get(path) ?? (folder === '' ? undefined : visible(name, enclosing(folder)));
  };
  const place = (dependencies: Dependency[], from: string[], folder: string) => {
    // Place all dependencies of a module before their own: all nearer folders are then known before the first look-up.
    const added = dependencies.flatMap(({ name, optional }) => {
      const module = findModule(name, from);
      if (!module) {
        if (optional) { return []; }
        throw new Error(`\`nodeModules\` needs \`${JSON.stringify(name)}\`, which is not installed: ` +
          `it was looked up from ${from.map((importer) => `\`${importer}\``).join(' and ')} upwards; run your package manager's install`);
      }
      const found = visible(name, folder);
      if (found === module) { return []; }
      const to = join(found === undefined ? '' : folder, 'node_modules', name);
      placed.set(to, module);
      return [{ from: module, to }];
    });
    added.forEach((module) => place(dependenciesOf(module.from), [module.from], module.to));
  };
  place(names.flatMap((name) => [{ name, optional: false }, ...generatedBy(name)]), [...new Set(importers)], '');
  return [...placed].map(([to, from]) => ({ to, from }));
}

/** The folder of the module that another one is nested in, or '' if it is not nested. */
function enclosing(folder: string): string {
  return folder.slice(0, Math.max(0, folder.lastIndexOf(`${sep}node_modules${sep}`)));
}

/** What a module needs at run time. The package manager has decided which of its optional peers to install. */
function dependenciesOf(module: string): Dependency[] {
  const manifest = join(module, 'package.json');
  // Generated code may have none.
  if (!existsSync(manifest)) { return []; }
  const { dependencies = {}, optionalDependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} } = (
    JSON.parse(readFileSync(manifest, 'utf8'))
  );
  const peers = Object.keys(peerDependencies).filter((name) => !peerDependenciesMeta[name]?.optional);
  const needed = [
    ...Object.keys(dependencies).map((name) => ({ name, optional: name in optionalDependencies })),
    ...[...Object.keys(optionalDependencies), ...peers].map((name) => ({ name, optional: true })),
  ];
  return needed.flatMap((dependency) => [dependency, ...generatedBy(dependency.name)]);
}

/** A package may generate code beside itself: `@prisma/client` loads `.prisma/client`, which `prisma generate` wrote. */
function generatedBy(name: string): Dependency[] {
  return name.startsWith('@') ? [{ name: `.${name.slice(1)}`, optional: true }] : [];
}

function findModule(name: string, importers: string[]): string | undefined {
  for (const importer of importers) {
    for (let directory = importer; ; directory = dirname(directory)) {
      const candidate = join(directory, 'node_modules', name);
      if (existsSync(name.startsWith('.') ? candidate : join(candidate, 'package.json'))) { return realpathSync(candidate); }
      if (directory === dirname(directory)) { break; }
    }
  }
  return undefined;
}
