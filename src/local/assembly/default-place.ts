import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The account of stacks that name none: the placeholder of AWS's documentation. */
export const UNKNOWN_ACCOUNT = '123456789012';

/** The Region of stacks that name none: where the SDKs and the CDK go if nothing says otherwise. */
export const UNKNOWN_REGION = 'us-east-1';

type Environment = Readonly<Record<string, string | undefined>>;

/** The Region that the CDK CLI deploys to if a stack names none: from the environment, else from the files of AWS's tools. */
export function defaultRegion(env: Environment = process.env): string {
  const { AWS_REGION, AMAZON_REGION, AWS_DEFAULT_REGION, AMAZON_DEFAULT_REGION } = env;
  return AWS_REGION || AMAZON_REGION || AWS_DEFAULT_REGION || AMAZON_DEFAULT_REGION || regionOfProfile(env) || UNKNOWN_REGION;
}

function regionOfProfile(environment: Environment): string | undefined {
  const { AWS_PROFILE, AWS_DEFAULT_PROFILE, AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE } = environment;
  const folder = join(homedir(), '.aws');
  const sections = [AWS_SHARED_CREDENTIALS_FILE || join(folder, 'credentials'), AWS_CONFIG_FILE || join(folder, 'config')].map(readSections);
  const profiles = [AWS_PROFILE || AWS_DEFAULT_PROFILE || 'default', 'default'];
  return profiles.flatMap((profile) => sections.flatMap((section) => section.get(profile)?.get('region') ?? []))[0];
}

/** `[profile name]` or `[name]`, and the lines `key = value` below it. */
function readSections(file: string): Map<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let section = new Map<string, string>();
  for (const line of textOf(file).split(/\r?\n/)) {
    const [, name] = /^\s*\[\s*(?:profile\s+)?["']?([^\]"']+?)["']?\s*\]/.exec(line) ?? [];
    const [, key, value] = /^(\w+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (name !== undefined) {
      section = sections.get(name) ?? new Map();
      sections.set(name, section);
    } else if (key !== undefined) {
      section.set(key, value);
    }
  }
  return sections;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
