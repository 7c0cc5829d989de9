import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SourceWarning } from './build-messages';
import { Bundle } from './nodejs-bundle';

/** Packages that find the compiled part of another package. */
const LOADERS = ['bindings', 'node-gyp-build', 'node-gyp-build-optional-packages', 'prebuild-install', '@mapbox/node-pre-gyp'];

/** A package that has its compiled part in one package a platform: `@img/sharp-linux-x64`. */
const PLATFORM = /(linux|darwin|win32).*-(x64|arm64)/;

/** Packages that are known, by their folders: many handlers import the same. */
const known = new Map<string, boolean>();

/** Warnings about packages that have a compiled part, which they will not find from inside a bundle. */
export function nativeAddons({ output, folder }: Bundle): SourceWarning[] {
  const packages = new Set(Object.keys(output.inputs).flatMap((path) => packageOf(path) ?? []));
  return [...packages]
    .filter((path) => isNative(resolve(folder, path)))
    .map((path) => nameOf(path))
    .map((name) => ({
      id: 'nativeAddon',
      text: `\`${name}\` has a compiled part, which it cannot find once it is bundled: write \`Bundling.esbuild({ nodeModules: ['${name}'] })\`, ` +
        'and install it for Lambda\'s platform',
    }));
}

/** The folder of the package that a file belongs to. */
function packageOf(path: string): string | undefined {
  return /^.*node_modules\/(?:[@.][^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0];
}

/** `.prisma/client` is what `@prisma/client` generated. */
function nameOf(path: string): string {
  return path.replace(/^.*node_modules\//, '').replace(/^\./, '@');
}

function isNative(folder: string): boolean {
  if (!known.has(folder)) { known.set(folder, looksNative(folder)); }
  return known.get(folder)!;
}

function looksNative(folder: string): boolean {
  if (!existsSync(folder)) { return false; }
  const entries = readdirSync(folder);
  if (entries.some((entry) => entry === 'binding.gyp' || entry === 'prebuilds' || entry.endsWith('.node'))) { return true; }
  if (!entries.includes('package.json')) { return false; }
  const { gypfile, binary, dependencies = {}, optionalDependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return gypfile === true || binary?.module_name !== undefined || LOADERS.some((name) => name in dependencies)
    || Object.keys(optionalDependencies).some((name) => PLATFORM.test(name));
}
