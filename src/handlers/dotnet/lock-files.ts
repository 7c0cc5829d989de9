import { basename } from 'node:path';

/** By framework, or framework and platform: the packages. */
interface LockFile {
  readonly dependencies?: { readonly [target: string]: { readonly [name: string]: { readonly resolved?: string } } };
}

/**
 * The lock files among the files of a project.
 *
 * @see https://learn.microsoft.com/nuget/consume-packages/package-references-in-project-files#locking-dependencies
 */
export function lockFilesIn(files: string[]): string[] {
  return files.filter((file) => /^packages\.(.*\.)?lock\.json$/.test(basename(file)));
}

/** The lock file, also for a platform: NuGet takes no notice of one that does not name the platform, and looks for newer versions. */
export function withPlatform(text: string, platform: string): string {
  const lock = parsed(text);
  if (lock?.dependencies === undefined) { return text; }
  const targets = Object.keys(lock.dependencies);
  const missing = targets.filter((target) => !target.includes('/')).map((target) => `${target}/${platform}`).filter((target) => !targets.includes(target));
  // The order counts: a framework comes before its platforms.
  return JSON.stringify({ ...lock, dependencies: { ...lock.dependencies, ...Object.fromEntries(missing.map((target) => [target, {}])) } });
}

/** A package that a restore took in another version than the lock file says, in words; undefined if there is none. */
export function changeOfLock(before: string, after: string): string | undefined {
  const now = parsed(after)?.dependencies ?? {};
  for (const [target, packages] of Object.entries(parsed(before)?.dependencies ?? {})) {
    for (const [name, { resolved }] of Object.entries(packages)) {
      const taken = now[target]?.[name]?.resolved;
      if (resolved !== undefined && taken !== undefined && taken !== resolved) { return `\`${name}\` ${resolved}, and NuGet took ${taken}`; }
    }
  }
  return undefined;
}

/** What cannot be read is NuGet's to complain of. */
function parsed(text: string): LockFile | undefined {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as LockFile;
  } catch {
    return undefined;
  }
}
