// cfn-lint reads the templates of the examples, and of apps with every feature on. It judges them by AWS's own schemas of resources, and is
// not the validator that CDK has.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run, runOrThrow } from '../../commands.mjs';
import { copyApp } from '../cdk.mjs';
import { REGION } from '../emulator/emulator.mjs';
import { TokenIssuer } from '../token-issuer.mjs';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const SCENARIOS = fileURLToPath(new URL('scenarios.mjs', import.meta.url));
const HOOK = join(ROOT, 'test', 'typescript-hook.cjs');

/** Each with the file to run, from the root of the repository. */
const APPS = [
  ['examples/typescript/chat', 'bin/chat.ts'],
  ['examples/typescript/rooms', 'bin/rooms.ts'],
  ['examples/typescript/assistant', 'bin/assistant.ts'],
  ['scripts/deploy/apps/everything', 'app.ts'],
];

/** @param bin where `cfn-lint` is */
export async function lint(bin, folder, { step, note }) {
  const program = join(bin, 'cfn-lint');
  let templates;
  await step('the examples and the apps with every feature are synthesized', async () => {
    await Promise.all([
      runOrThrow(process.execPath, [SCENARIOS, join(folder, 'scenarios')]),
      ...APPS.map(([source, main], index) => synthesize(join(ROOT, source), main, join(folder, `app${index}`))),
    ]);
    templates = readdirSync(folder, { recursive: true }).filter((path) => path.endsWith('.template.json') && !path.includes('node_modules'));
    return `${templates.length} templates`;
  });
  await step('cfn-lint finds no error in them', async () => {
    const version = (await runOrThrow(program, ['--version'])).trim();
    const { status, output } = await run(program, ['--format', 'json', '--regions', REGION, '--', ...templates], { cwd: folder });
    // With findings, its status tells of what levels they are.
    assert.match(output, /^\s*\[/, `cfn-lint failed with ${status}:\n${output}`);
    const findings = JSON.parse(output);
    const errors = findings.filter(({ Level }) => Level === 'Error');
    assert.deepEqual(errors.map(({ Filename, Rule, Location, Message }) => `${Filename} ${Rule.Id} ${Location.Path?.join('/')}: ${Message}`), []);
    const warnings = [...new Set(findings.map(({ Rule }) => Rule.Id))].sort();
    note(`warnings, which test/strict.test.ts judges: ${warnings.map((id) => `${findings.filter(({ Rule }) => Rule.Id === id).length} × ${id}`).join(', ') || 'none'}`);
    return version;
  });
}

function synthesize(source, main, folder) {
  copyApp(source, folder);
  const context = { 'aws:cdk:bundling-stacks': [], 'jwks': new TokenIssuer('https://login.domain.com', 'chat').jwks };
  const env = { CDK_OUTDIR: join(folder, 'cdk.out'), CDK_CONTEXT_JSON: JSON.stringify(context), CDK_DEFAULT_ACCOUNT: '111111111111', CDK_DEFAULT_REGION: REGION };
  return runOrThrow(process.execPath, ['--require', HOOK, main], { cwd: folder, env });
}
