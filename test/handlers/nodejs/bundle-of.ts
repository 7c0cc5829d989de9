import { Bundle } from '../../../src/handlers/nodejs/nodejs-bundle';
import { sourceProject } from '../source-project';

export type Files = { [path: string]: string };

/** A bundle that is made from all of the files. */
export function bundleOf(files: Files): Bundle {
  return { folder: sourceProject(files), output: { inputs: Object.fromEntries(Object.keys(files).map((path) => [path, {}])) } } as unknown as Bundle;
}
