import { SourceFiles } from './source-files';

/** Manifests are read at synth, and may name an index with its password. */
const MANIFESTS = ['requirements.txt', 'uv.lock', 'uv.toml', 'poetry.lock', 'poetry.toml', 'Pipfile', 'Pipfile.lock'];

/**
 * The files of a `srcPath` that are deployed.
 *
 * @param excludePaths paths in the folder that are not source: the cloud assembly, which would contain itself
 */
export function assetFiles(folder: string, language: 'python' | 'nodejs', excludePaths: string[]): SourceFiles {
  return language === 'python'
    ? new SourceFiles(folder, { gitIgnore: true, exclude: ['node_modules', ...MANIFESTS], excludePaths })
    : new SourceFiles(folder, { gitIgnore: false, excludePaths });
}
