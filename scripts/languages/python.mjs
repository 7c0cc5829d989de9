import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { packaged } from '../package-all.mjs';
import { apiSource } from './api-blocks.mjs';
import { onlyOnPath } from './only-on-path.mjs';
import { ESBUILD_RECORDER, expectEsbuild } from './recorded-esbuild.mjs';

export const language = 'python';

/** The oldest CDK, and the newest on PyPI. The requirements.txt of the chat example names one in between, which all languages have. */
const FLOOR = ['aws-cdk-lib==2.250.0', 'constructs==10.5.1', 'jsii==1.140.0'];
const NEWEST = ['aws-cdk-lib==2.275.0'];

/** Prints milliseconds. */
const IMPORT = 'import time, aws_cdk; start = time.perf_counter(); import cdk_websocket_api; print((time.perf_counter() - start) * 1000)';

export function missing() {
  return spawnSync('python3', ['-c', 'import venv']).status === 0 ? undefined : 'there is no `python3` on the PATH';
}

export async function test({ root, work, run, check, measure }) {
  const wheel = packaged('python').find((file) => file.endsWith('.whl'));
  const venv = join(work, 'venv');
  const python = join(venv, 'bin', 'python');
  const pip = (...args) => run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-compile', ...args], { cwd: work });

  // The apps get only these commands: no npm, no esbuild, no Docker.
  const onlyNode = onlyOnPath(join(work, 'bin'), ['node']);
  const record = join(work, 'esbuild');
  const runPython = (app, args, assembly = 'cdk.out') => run(python, args, {
    cwd: app,
    env: {
      PATH: [onlyNode, join(venv, 'bin')].join(delimiter),
      CDK_OUTDIR: join(app, assembly),
      CDK_VALIDATION: 'false',
      ESBUILD_RECORD: record,
      NODE_OPTIONS: `--require ${ESBUILD_RECORDER}`,
      // The second run should be faster than the first.
      PYTHONDONTWRITEBYTECODE: undefined,
    },
  });

  const chat = copy(join(root, 'examples', 'python', 'chat'), join(work, 'chat'));
  const synthChat = async (assembly) => {
    await runPython(chat, ['app.py'], assembly);
    if (!existsSync(join(chat, assembly, 'Chat.template.json'))) { throw new Error('there is no Chat.template.json'); }
  };

  await run('python3', ['-m', 'venv', venv], { cwd: work });
  await check('pip installs the wheel into a fresh virtual environment, beside the CDK floor', () => pip(wheel, ...FLOOR));
  await check('the command is on the PATH, and runs with nothing but Node.js', async () => {
    const help = await run(join(venv, 'bin', 'cdk-websocket-api'), ['--help'], { cwd: work, env: { PATH: onlyNode, XDG_CACHE_HOME: join(work, 'cache') } });
    if (!help.includes('Usage: cdk-websocket-api local')) { throw new Error(`it printed ${help}`); }
  });
  await check('the chat example is synthesized on the CDK floor', () => synthChat('floor'));
  await check('the chat example is synthesized on the newest CDK', async () => {
    await pip(...NEWEST);
    await synthChat('newest');
  });

  await check('pip installs what the chat example asks for', () => pip('--requirement', join(chat, 'requirements-dev.txt')));
  await check('the tests of the chat example pass', () => pytest(runPython, chat));
  await check('the chat example is synthesized', async () => {
    await synthChat('cdk.out');
    const started = Date.now();
    await synthChat('cdk.out');
    measure('synth of the chat example, second run', `${((Date.now() - started) / 1000).toFixed(1)} s`);
  });

  await check('the app of docs/python.md is synthesized, and its test passes', () => {
    const files = readFileSync(join(root, 'docs', 'python.md'), 'utf8').matchAll(/^```python\n# (\S+\.py)\n(.*?)^```/gms);
    const app = join(work, 'docs');
    for (const [, file, source] of files) {
      mkdirSync(join(app, dirname(file)), { recursive: true });
      writeFileSync(join(app, file), source);
    }
    return pytest(runPython, app);
  });

  await check('docs/api/python.md compiles', async () => {
    const { source } = apiSource('python', readFileSync(join(root, 'docs', 'api', 'python.md'), 'utf8'));
    writeFileSync(join(work, 'api.py'), source);
    await run(python, ['-c', 'import sys; compile(open("api.py", encoding="utf-8").read(), "api.py", "exec")'], { cwd: work });
  });

  const scenario = copy(join(root, 'test', 'languages', 'scenario'), join(work, 'scenario'));
  await check('the scenario is synthesized with nothing but node and python on the PATH, with the esbuild in the package', async () => {
    await runPython(scenario, ['python/app.py']);
    expectEsbuild('esbuild-wasm', record);
  });

  const errors = copy(join(root, 'test', 'languages', 'errors'), join(work, 'errors'));
  await check('wrong inputs are answered with the construct\'s own sentences', () => pytest(runPython, errors, 'python'));

  const imports = [];
  for (let round = 0; round < 3; round++) { imports.push(Number(/[\d.]+\s*$/.exec(await runPython(work, ['-c', IMPORT]))[0])); }
  measure('import beyond the CDK', `${Math.round(Math.min(...imports))} ms`);
  return { scenario: join(scenario, 'cdk.out') };
}

/** Does not copy what earlier manual runs left behind. */
function copy(from, to) {
  cpSync(from, to, { recursive: true, filter: (path) => !/[/\\](\.venv|cdk\.out|__pycache__|\.pytest_cache)$/.test(path) });
  return to;
}

/** @returns how many tests passed */
async function pytest(runPython, app, ...args) {
  const output = await runPython(app, ['-m', 'pytest', '--quiet', '-p', 'no:cacheprovider', ...args]);
  return Number(/(\d+) passed/.exec(output)[1]);
}
