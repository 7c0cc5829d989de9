import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { asRecord, asText, asTexts, isRecord, JsonRecord } from '../definition/json-value';

/** What the CDK CLI knows about an app before it runs it. */
export interface CdkSettings {
  /** Whether `cdk.json` exists, with any content. */
  readonly isApp: boolean;
  readonly app?: string;
  /** A command that runs before the app. */
  readonly build?: string;
  /** The folder of the cloud assembly. */
  readonly output: string;
  readonly context: JsonRecord;
}

/**
 * Settings come from `cdk.json`, then from `.cdk.json` in the home folder. A context value comes from the first of `cdk.json`,
 * `cdk.context.json` and `.cdk.json` that has it, as in the CDK CLI.
 *
 * @throws Error if one of the files is not JSON
 */
export function readCdkSettings(cwd: string): CdkSettings {
  const [project, lookups, user] = [join(cwd, 'cdk.json'), join(cwd, 'cdk.context.json'), join(homedir(), '.cdk.json')].map(readObject);
  const { app, output = 'cdk.out', staging } = { ...user, ...project };
  return {
    isApp: existsSync(join(cwd, 'cdk.json')),
    ...app === undefined ? {} : { app: asTexts(app).join(' ') },
    ...project.build === undefined ? {} : { build: asText(project.build) },
    output: resolve(cwd, asText(output) ?? ''),
    context: {
      ...asRecord(user.context),
      ...lookups,
      ...asRecord(project.context),
      ...staging === false ? { 'aws:cdk:disable-asset-staging': true } : {},
    },
  };
}

function readObject(file: string): JsonRecord {
  if (!existsSync(file)) { return {}; }
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new Error(`\`${file}\` is not JSON: check its commas and its end (${(error as Error).message})`);
  }
  return isRecord(value) ? value : {};
}
