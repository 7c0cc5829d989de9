// `node scripts/build/nuget-package.mjs`: builds the NuGet package in dist/dotnet as jsii-pacmak does, with docs/csharp.md as its readme.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

const { status, error } = spawnSync('npx', ['jsii-pacmak', '-v', '--target', 'dotnet'], {
  cwd: path('../..'),
  stdio: 'inherit',
  // MSBuild takes variables of the environment as properties, and imports the file that this one names.
  env: { ...process.env, CustomAfterMicrosoftCommonTargets: path('nuget-readme.targets') },
});
if (error) { throw error; }
process.exit(status ?? 1);
