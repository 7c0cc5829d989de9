// Where all mutants would take hours, a part of them tells the score to a percent or two: `--sample 0.25`.
// The same ones are chosen each time, and a larger part has those of a smaller one.
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
// eslint-disable-next-line import/no-unresolved
import { declareFactoryPlugin, PluginKind } from '@stryker-mutator/api/plugin';

const reason = 'not in the sample';

function isInSample({ fileName, mutatorName, location: { start, end }, replacement }, part) {
  const id = JSON.stringify([basename(fileName), mutatorName, start.line, start.column, end.line, end.column, replacement]);
  return createHash('sha256').update(id).digest().readUInt32BE() / 2 ** 32 < part;
}

/** Whether a mutant of a result is in the sample: an earlier run may have tried others. A result counts lines and columns from 1. */
export function countsInSample({ location: { start, end }, ...mutant }, part) {
  const [from, to] = [start, end].map(({ line, column }) => ({ line: line - 1, column: column - 1 }));
  return isInSample({ ...mutant, location: { start: from, end: to } }, part);
}

/** Stryker has no word for a mutant that is not tried: it is called one that does not compile, and counts for nothing. */
class Sample {
  async init() {}

  async check(mutants) {
    const part = Number(process.env.MUTATION_SAMPLE);
    return Object.fromEntries(mutants.map((mutant) => [mutant.id, isInSample(mutant, part) ? { status: 'passed' } : { status: 'compileError', reason }]));
  }

  async group(mutants) {
    return [mutants.map(({ id }) => id)];
  }
}

export const strykerPlugins = [declareFactoryPlugin(PluginKind.Checker, 'sample', () => new Sample())];
