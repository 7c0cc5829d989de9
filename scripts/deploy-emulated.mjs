// `npm run deploy:emulated`: the CDK CLI bootstraps an account of an emulator that needs no Docker. It deploys, compares, updates and
// destroys the chat example and an app with every feature, and the clients of both talk. cfn-lint reads the templates of these and of other
// apps. The last line counts what was checked.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkLeftOut } from './deploy/assembly/left-out-check.mjs';
import { Cdk } from './deploy/cdk.mjs';
import { chat } from './deploy/chat.mjs';
import { ACCOUNT, Emulator, REGION } from './deploy/emulator/emulator.mjs';
import { inventory, leftovers } from './deploy/emulator/inventory.mjs';
import { createZone, everything } from './deploy/everything.mjs';
import { lint } from './deploy/lint/lint.mjs';
import { Report } from './deploy/report.mjs';
import { lambdaSdk, missingTool, pythonTool } from './deploy/tools.mjs';

if (!existsSync(new URL('../lib/index.js', import.meta.url))) {
  console.error('there is no lib: run `npx projen compile`');
  process.exit(2);
}
const missing = missingTool();
if (missing) {
  console.log(`– deployed on an emulator: skipped, ${missing}\n\n0 passed, 0 failed, 1 skipped`);
  process.exit(0);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) { process.once(signal, () => process.exit(1)); }
const folder = mkdtempSync(join(tmpdir(), 'deployed-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));

const report = new Report();
const [ministack, cfnLint, sdk] = await Promise.all([pythonTool('ministack'), pythonTool('cfn-lint'), lambdaSdk()]);
const emulator = await Emulator.start(ministack, sdk, join(folder, 'emulator'));
try {
  await report.part('An account').run(async ({ step, note }) => {
    await step('`cdk bootstrap`', () => Cdk.bootstrap(emulator, folder, `aws://${ACCOUNT}/${REGION}`));
    note('adapted: the policy of the bucket for assets is removed. Reason: it refuses what does not come over TLS');
    await emulator.rest('s3', 'DELETE', `/cdk-hnb659fds-assets-${ACCOUNT}-${REGION}?policy`);
    await createZone(emulator);
  });
  const before = await inventory(emulator);
  const [chatDeployed, everythingDeployed] = await Promise.all([
    report.part('The chat example').run((part) => chat(emulator, join(folder, 'chat'), part)),
    report.part('Every feature').run((part) => everything(emulator, join(folder, 'everything'), part)),
    report.part('The templates').run((part) => lint(cfnLint, join(folder, 'lint'), part)),
  ]);
  const deployed = [chatDeployed, everythingDeployed];
  if (report.failed === 0) {
    await report.part('At the end').run(async ({ step, note }) => {
      const retained = deployed.flatMap((app) => app.retained);
      await step('nothing is left but what is retained', async () => leftovers(before, await inventory(emulator), retained));
      await step('what is left out is what the emulator does not know', () => checkLeftOut(emulator, deployed, note));
    });
  }
} finally {
  await emulator.stop();
}
console.log(`\n${report.passed} passed, ${report.failed} failed, 0 skipped`);
process.exit(report.failed > 0 ? 1 : 0);
