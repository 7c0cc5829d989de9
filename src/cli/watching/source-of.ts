import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { BuiltProject } from './built-project';
import { BuiltSource, Bundle, Folder } from './built-source';
import { ProjectBuild } from '../../handlers/compiled/rebuild';
import { FunctionModel } from '../../local/definition/model';

/** Undefined if the template does not say, or the file is not there: the function changes with its asset alone. */
export function sourceOf(fn: FunctionModel, appFolder: string, assembly: string): BuiltSource | undefined {
  if (!fn.source || !existsSync(resolve(appFolder, fn.source.file))) { return undefined; }
  const { file, folder = dirname(file), esbuild, project } = fn.source;
  if (project) {
    const build = new ProjectBuild({ folder: resolve(appFolder, folder), project });
    return build.isKnown ? new BuiltProject(fn, build) : undefined;
  }
  return esbuild ? new Bundle(fn, appFolder, resolve(appFolder, file), esbuild) : new Folder(fn, resolve(appFolder, folder), assembly);
}
