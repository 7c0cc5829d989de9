// `node synthesize.mjs <app>`, the app command that the CDK CLI runs: the app of a user, in TypeScript. Then what the emulator cannot
// deploy leaves the assembly.
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { leaveOut } from './left-out.mjs';

const require = createRequire(import.meta.url);
require('../../../test/typescript-hook.cjs');
require(resolve(process.argv[2]));
// CDK synthesizes when the app has nothing more to do; this listener is called after that.
process.once('beforeExit', () => leaveOut(process.env.CDK_OUTDIR));
