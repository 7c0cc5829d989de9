import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';

/** The resources of each stack, by logical id, with their types: what makes CloudFormation replace a resource when it changes. */
export interface LogicalIds {
  readonly [stackName: string]: { readonly [logicalId: string]: string };
}

/** The logical ids of an app, sorted. */
export function logicalIds(app: App): LogicalIds {
  return Object.fromEntries(app.synth().stacksRecursively.map(({ stackName, template }) => {
    const ids = Object.keys(template.Resources).sort();
    return [stackName, Object.fromEntries(ids.map((id) => [id, template.Resources[id].Type]))];
  }));
}

/**
 * The logical ids that were committed, in `test/goldens/<name>.json`. A run of the tests only reads them; it is `UPDATE_GOLDENS=1` in the
 * environment that has them written anew.
 *
 * @param ids the logical ids as they are, for that case
 */
export function goldenLogicalIds(name: string, ids: LogicalIds): LogicalIds {
  const file = join(__dirname, 'goldens', `${name}.json`);
  if (process.env.UPDATE_GOLDENS === '1') {
    writeFileSync(file, `${JSON.stringify(ids, undefined, 2)}\n`);
  }
  if (!existsSync(file)) {
    throw new Error(`there is no golden \`${name}\`: run this test with UPDATE_GOLDENS=1, and commit what it writes`);
  }
  return JSON.parse(readFileSync(file, 'utf8'));
}
