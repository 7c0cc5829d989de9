import { cpSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packaged } from '../package-all.mjs';
import { compareAssemblies } from './compare-assemblies.mjs';
import { ESBUILD_RECORDER, expectEsbuild } from './recorded-esbuild.mjs';

export const language = 'typescript';

const DEPENDENCIES = { 'aws-cdk-lib': '2.260.0', 'constructs': '10.5.1', 'typescript': '6.0.3', '@types/node': '20.19.43' };

/**
 * Checks the declarations of the package as strictly as the app. The file is not called tsconfig.json: esbuild would read it, and no other
 * language has one.
 */
const TSCONFIG = {
  compilerOptions: { target: 'es2022', module: 'node16', moduleResolution: 'node16', types: ['node'], strict: true, rootDir: 'scenario', outDir: 'build' },
  include: ['scenario/typescript'],
};

export function missing() {
  return undefined;
}

export async function test({ root, work, run, check, measure }) {
  const [tarball] = packaged('js');
  const app = join(work, 'scenario');
  cpSync(join(root, 'test', 'languages', 'scenario'), app, { recursive: true });
  // The app's folder is the one with its cdk.json, as in every language; without one, it would be the one with package.json, above.
  writeFileSync(join(app, 'cdk.json'), '{}\n');
  writeFileSync(join(work, 'package.json'), JSON.stringify({ private: true, dependencies: DEPENDENCIES }));
  writeFileSync(join(work, 'tsconfig.scenario.json'), JSON.stringify(TSCONFIG));

  await check('npm installs the tarball', () => run('npm', ['install', '--no-audit', '--no-fund', tarball], { cwd: work }));
  await check('the scenario compiles', () => run('npx', ['tsc', '--project', 'tsconfig.scenario.json'], { cwd: work }));

  const record = join(work, 'esbuild');
  const synth = (assembly, preloaded) => run(process.execPath, ['--require', preloaded, join(work, 'build', 'typescript', 'app.js')], {
    cwd: app,
    env: { CDK_OUTDIR: join(work, assembly), CDK_VALIDATION: 'false', ESBUILD_RECORD: record },
  });
  await check('the scenario is synthesized, with native esbuild', async () => {
    await synth('assembly', ESBUILD_RECORDER);
    expectEsbuild('esbuild', record);
  });
  await check('the scenario has the same template with the routes in the opposite order', async () => {
    await synth('reversed', fileURLToPath(new URL('reversed-routes.cjs', import.meta.url)));
    compareAssemblies(join(work, 'assembly'), join(work, 'reversed'));
  });

  const script = 'require("aws-cdk-lib"); const start = performance.now(); require("cdk-websocket-api"); console.log(performance.now() - start)';
  measure('import beyond the CDK', `${Math.round(await run(process.execPath, ['-e', script], { cwd: work }))} ms`);
  await testChat({ root, work, run, check, measure, tarball });
  return { scenario: join(work, 'assembly') };
}

async function testChat({ root, work, run, check, measure, tarball }) {
  const chat = join(work, 'chat');
  cpSync(join(root, 'examples', 'typescript', 'chat'), chat, { recursive: true, filter: (path) => !/[/\\](node_modules|cdk\.out)$/.test(path) });
  await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: chat });
  await run('npm', ['install', '--no-save', '--no-audit', '--no-fund', tarball], { cwd: chat });
  await check('the tests of the chat example pass', async () => {
    const output = await run('npm', ['test'], { cwd: chat, env: { CDK_VALIDATION: 'false' } });
    return Number(/^. pass (\d+)$/m.exec(output)[1]);
  });
  await check('the chat example is synthesized', async () => {
    const synth = () => run('npx', ['tsx', 'bin/chat.ts'], { cwd: chat, env: { CDK_OUTDIR: join(chat, 'cdk.out'), CDK_VALIDATION: 'false' } });
    await synth();
    const started = Date.now();
    await synth();
    measure('synth of the chat example, second run', `${((Date.now() - started) / 1000).toFixed(1)} s`);
    if (!existsSync(join(chat, 'cdk.out', 'Chat.template.json'))) { throw new Error('there is no Chat.template.json'); }
  });
}
