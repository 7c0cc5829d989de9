import { Bundle } from '../../../src/handlers/nodejs/nodejs-bundle';
import { sourceProject } from '../source-project';

export type Files = { [path: string]: string };

/** A bundle that is made from all of the files. */
export function bundleOf(files: Files): Bundle {
  const inputs = Object.fromEntries(Object.keys(files).map((path) => [path, {}]));
  return { folder: sourceProject(files), output: { inputs } } as unknown as Bundle;
}
