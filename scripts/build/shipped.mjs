// `node scripts/build/shipped.mjs`: bundles each function that the library deploys, with all that it imports, into one file in lib. So
// nothing of npm has to be in a user's app, and the function does not depend on the SDK that its runtime happens to carry.
import { readdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** CDK's provider for custom resources needs a folder, and the calls of this one are few: it uses the SDK of the runtime. */
const NOT_BUNDLED = ['account-log-role'];

for (const name of readdirSync(`${root}/src/shipped`)) {
  if (NOT_BUNDLED.includes(name)) { continue; }
  rmSync(`${root}/lib/shipped/${name}`, { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints: [`src/shipped/${name}/index.ts`],
    outfile: `lib/shipped/${name}/index.js`,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    // The SDK's ECMAScript modules are smaller once what is not used is left out.
    mainFields: ['module', 'main'],
    minify: true,
    legalComments: 'none',
    logLevel: 'error',
  });
}
