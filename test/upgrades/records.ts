import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { App } from 'aws-cdk-lib';
import * as scenarios from '../scenarios';
import { testApp } from '../test-stack';
import { Resources } from './replacements';

/** What a version of the library made of the scenarios: the resources of each stack, by `<scenario>/<stack>`. */
export interface Record {
  readonly [stack: string]: Resources;
}

const FOLDER = join(__dirname, 'records');

/** The versions that were recorded. `baseline` is the code before the first release. */
export function recordedVersions(): string[] {
  return readdirSync(FOLDER).map((file) => basename(file, '.json')).sort();
}

export function readRecord(version: string): Record {
  return JSON.parse(readFileSync(recordFile(version), 'utf8'));
}

export function recordFile(version: string): string {
  return join(FOLDER, `${version}.json`);
}

/** What the library as it is makes of the scenarios. */
export function recordOf(): Record {
  return Object.assign({}, ...Object.keys(scenarios).map(stacksOfScenario));
}

/** The stacks of one scenario. */
export function stacksOfScenario(name: string): Record {
  const app = testApp();
  (scenarios as { readonly [scenario: string]: (app: App) => void })[name](app);
  return Object.fromEntries(app.synth().stacksRecursively.map(({ stackName, template }) => [`${name}/${stackName}`, resourcesOf(template)]));
}

/** The resources of a template. */
export function resourcesOf({ Resources: resources }: { Resources: Resources }): Resources {
  // Where the code of an asset lies is its hash, which changes with each word of a handler and replaces nothing.
  return JSON.parse(JSON.stringify(resources, (key, value) => key === 'Metadata' || key === 'S3Key' ? undefined : value));
}
