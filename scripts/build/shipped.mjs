// `node scripts/build/shipped.mjs`: bundles the functions that the library deploys, with all that they import, into one folder of lib. So
// nothing of npm has to be in a user's app, and the functions do not depend on the SDK that their runtime happens to carry.
//
// A folder of src/shipped with an index.ts is a function, and becomes `lib/shipped/functions/<folder>.mjs`. What several functions import
// is in files that they share, so the SDK is in the package once. A folder without an index.ts is code of several functions.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** CDK's provider for custom resources needs a folder, and the calls of this one are few: it uses the SDK of the runtime. */
const NOT_BUNDLED = ['account-log-role'];

const folders = readdirSync(`${root}/src/shipped`).filter((name) => !NOT_BUNDLED.includes(name));
for (const name of [...folders, 'functions']) {
  rmSync(`${root}/lib/shipped/${name}`, { recursive: true, force: true });
}
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: Object.fromEntries(folders.filter((name) => existsSync(`${root}/src/shipped/${name}/index.ts`)).map((name) => [name, `src/shipped/${name}/index.ts`])),
  outdir: 'lib/shipped/functions',
  outExtension: { '.js': '.mjs' },
  chunkNames: 'shared-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  // The SDK's ECMAScript modules are smaller once what is not used is left out.
  mainFields: ['module', 'main'],
  // A function of Lambda has its credentials in its environment. The SDK's own search brings the clients of three more services.
  alias: { '@aws-sdk/credential-provider-node': './scripts/build/environment-credentials.mjs' },
  // For modules of npm that are no ECMAScript modules.
  banner: { js: 'import{createRequire as requireOfNode}from"node:module";const require=requireOfNode(import.meta.url);' },
  minify: true,
  legalComments: 'none',
  logLevel: 'error',
  metafile: true,
});

// NOTICE names each package whose code is in the functions, or all of its scope.
const notice = readFileSync(`${root}/NOTICE`, 'utf8');
const contained = Object.values(metafile.outputs)
  .flatMap(({ inputs }) => Object.entries(inputs))
  .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
  .flatMap(([file]) => /.*\bnode_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []);
const missing = [...new Set(contained)].filter((name) => ![name, name.replace(/\/.*/, '/*')].some((one) => notice.includes(one)));
if (missing.length > 0) { throw new Error(`the functions of src/shipped contain code of ${missing.join(', ')}: credit it in NOTICE`); }
