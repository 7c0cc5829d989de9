import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { listed, Notice } from './notice';
import { FunctionModel } from '../../definition/model';

/** Extensions of the files that a handler may be in, by the beginning of the runtime. */
const EXTENSIONS: ReadonlyArray<readonly [runtime: string, extensions: readonly string[]]> = [
  ['nodejs', ['.js', '.mjs', '.cjs', '']],
  ['python', ['.py', '.pyc', '.so', '']],
];

/** `cdk ls` and `aws:cdk:bundling-stacks` leave stacks without bundling: their assets are the sources, and the handler is not in them. */
export const unbundled: Notice = ({ served }) => {
  const without = served.filter(lacksHandler);
  if (without.length === 0) { return []; }
  const files = [...new Set(without.map(({ handler }) => handler.replace(/\.[^.]*$/, '')))];
  return [`${listed(without.map(({ path }) => path))} ${without.length === 1 ? 'has' : 'have'} no file ${listed(files)} in the asset, `
    + 'so no call succeeds: if the assembly was made without bundling (`aws:cdk:bundling-stacks`, or by `cdk ls`), run `cdk synth`'];
};

function lacksHandler({ runtime, handler, code }: FunctionModel): boolean {
  const [, extensions] = EXTENSIONS.find(([one]) => runtime.startsWith(one)) ?? [];
  if (!extensions || !statSync(code, { throwIfNoEntry: false })?.isDirectory() || !handler.includes('.')) { return false; }
  const path = join(code, ...handler.split('/').slice(0, -1));
  const [file] = handler.split('/').slice(-1);
  // A dotted Python module is a path, and what a wrapper of a layer calls is in the layer.
  if (handler.startsWith('/') || (file.match(/\./g) ?? []).length > 1) { return false; }
  const name = file.replace(/\.[^.]*$/, '');
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) { return true; }
  return !readdirSync(path).some((one) => extensions.some((end) => one === name + end));
}
