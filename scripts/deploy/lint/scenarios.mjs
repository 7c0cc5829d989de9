// `node scenarios.mjs <folder>`: synthesizes scenarios of the tests, with what no example has, each into a folder of its own.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SCENARIOS = ['connectionsWithGroups', 'routesToServices', 'messagesOfRoutes', 'monitoring', 'routesToPublishedVersions'];

const root = fileURLToPath(new URL('../../..', import.meta.url));
const require = createRequire(join(root, 'package.json'));
require('./test/typescript-hook.cjs');
const { App } = require('aws-cdk-lib');
const scenarios = require('./test/scenarios');
const [folder] = process.argv.slice(2);

process.chdir(root);
for (const name of SCENARIOS) {
  const app = new App({ outdir: join(folder, name), context: { 'aws:cdk:bundling-stacks': [] } });
  scenarios[name](app);
  app.synth();
}
