// The same through jsii, for users who have no npm project: it installs the packages as published, and the PATH has only Node.js and
// the language.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { onlyOnPath } from '../../scripts/languages/only-on-path.mjs';
import { packaged } from '../../scripts/package-all.mjs';
import { alternate, atLeast, ratio, run, spread, times } from '../measure.mjs';
import { clean, project } from '../project.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const apps = fileURLToPath(new URL('../apps', import.meta.url));
const HANDLERS = 50;
const RUNS = 5;
const OWN = 'this library';
const NODEJS = 'L2 + `NodejsFunction`';

/** Other commands that CDK's asset code and the contenders' bundlers call. */
const SHELL = ['bash', 'sh'];

export const title = `Synth of ${HANDLERS} TypeScript handlers from other languages`;

export const text = 'The packages as they are published. This library has nothing but Node.js and the language on the PATH, so the esbuild that is bundled in the package builds, as WebAssembly; \
`NodejsFunction` has a native esbuild on the PATH, which spares it npx. Compiling the app is not in the times.';

export function measure({ quick }) {
  if (quick) { return { skipped: 'needs the packages of all languages, so only the full run has it' }; }
  const goals = [];
  const rows = LANGUAGES.flatMap(({ language, needs, install }) => {
    const absent = needs.find((command) => spawnSync('which', [command]).status !== 0);
    if (absent) { return [[language, `not measured: there is no \`${absent}\``, '', '']]; }
    const folder = project(HANDLERS, { esbuild: false });
    const home = join(folder, 'app');
    mkdirSync(home);
    const { command, args, path } = install(home);
    const bare = onlyOnPath(join(folder, 'bin'), ['node', ...SHELL]);
    const env = (contender) => ({ PATH: [...path, bare, ...contender === OWN ? [] : [join(root, 'node_modules', '.bin')]].join(delimiter), NODE_OPTIONS: '' });
    const values = alternate(new Map([OWN, NODEJS].map((contender) => [contender, {
      measure: () => {
        clean(folder);
        return run(command, [...args, contender, String(HANDLERS)], { cwd: folder, env: env(contender) }).time;
      },
    }])), RUNS);
    goals.push(atLeast(`synth of ${HANDLERS} handlers from ${language}: faster than \`NodejsFunction\``, ratio(values.get(NODEJS), values.get(OWN)), 1));
    return [[language, spread(values.get(OWN)), spread(values.get(NODEJS)), times(ratio(values.get(NODEJS), values.get(OWN)))]];
  });
  return { head: ['', OWN, `${NODEJS}, esbuild on the PATH`, 'ratio'], rows, goals };
}

/** How each language is installed: the command that then runs the app, and what its PATH has besides Node.js. */
const LANGUAGES = [
  {
    language: 'Python',
    needs: ['python3'],
    install(home) {
      const python = join(home, 'venv', 'bin', 'python');
      run('python3', ['-m', 'venv', join(home, 'venv')]);
      run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', packaged('python').find((file) => file.endsWith('.whl')), 'aws-cdk-lib==2.260.0']);
      return { command: python, args: [join(apps, 'python', 'app.py')], path: [join(home, 'venv', 'bin')] };
    },
  },
  {
    language: 'Java',
    needs: ['javac', 'mvn'],
    install(home) {
      cpSync(join(apps, 'java'), home, { recursive: true });
      const settings = join(home, 'settings.xml');
      writeFileSync(settings, `<settings><profiles><profile><id>packaged</id><repositories><repository><id>packaged</id><url>${pathToFileURL(join(root, 'dist', 'java'))}</url></repository></repositories></profile></profiles>
<activeProfiles><activeProfile>packaged</activeProfile></activeProfiles></settings>\n`);
      const maven = (...args) => run('mvn', ['--batch-mode', '--quiet', '--global-settings', settings, ...args], { cwd: home });
      // Maven never fetches a version again once it has it, and would measure the package of an earlier run.
      rmSync(join(homedir(), '.m2', 'repository', 'io', 'github', 'cdkwebsocketapi'), { recursive: true, force: true });
      maven('compile');
      const { stdout } = maven('exec:exec', '-Dexec.executable=echo', '-Dexec.args=%classpath');
      const java = spawnSync('which', ['java'], { encoding: 'utf8' }).stdout.trim();
      return { command: java, args: ['-cp', stdout.replace(/\x1b\[\d*m/g, '').trim(), 'bench.Main'], path: [] };
    },
  },
  {
    language: 'Go',
    needs: ['go'],
    install(home) {
      const module = 'github.com/cdk-websocket-api/cdk-websocket-api-go/cdkwebsocketapi';
      cpSync(join(apps, 'go'), home, { recursive: true });
      const go = (...args) => run('go', args, { cwd: home });
      go('mod', 'edit', `-require=${module}@v0.0.0`, `-replace=${module}=${join(root, 'dist', 'go', 'cdkwebsocketapi')}`);
      go('build', '-o', 'app', '.');
      return { command: join(home, 'app'), args: [], path: [] };
    },
  },
];
