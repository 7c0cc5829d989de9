// The CDK's own command line, in the folder of an app, against the emulator.
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../commands.mjs';
import { leftOutOf } from './assembly/left-out.mjs';
import { deployedResources } from './stack-check.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CLI = join(ROOT, 'node_modules', 'aws-cdk', 'bin', 'cdk');
const SYNTHESIZE = fileURLToPath(new URL('assembly/synthesize.mjs', import.meta.url));

export class Cdk {
  /**
   * @param source the folder of the app, which is copied, so that a story may change it
   * @param main the file to run
   */
  constructor(emulator, source, main, folder, context = {}) {
    this.emulator = emulator;
    this.folder = folder;
    this.assembly = join(folder, 'cdk.out');
    copyApp(source, folder);
    const app = `"${process.execPath}" "${SYNTHESIZE}" ${main}`;
    writeFileSync(join(folder, 'cdk.json'), JSON.stringify({ app, versionReporting: false, context }));
  }

  /** Makes the roles and the bucket that every deployment needs. */
  static async bootstrap(emulator, folder, environment) {
    return cdk(emulator, folder, ['bootstrap', environment]);
  }

  /** Keeps the outputs of each stack in `outputs`. */
  async deploy(...args) {
    await this.#run('deploy', '--all', '--require-approval', 'never', '--outputs-file', 'outputs.json', ...args);
    this.outputs = JSON.parse(readFileSync(join(this.folder, 'outputs.json'), 'utf8'));
  }

  /** @returns whether something differs from what is deployed, and the text that says what */
  async diff(...args) {
    const options = { cwd: this.folder, env: settings(this.emulator, this.folder) };
    const { status, output } = await run(process.execPath, [CLI, 'diff', '--fail', ...args], options);
    const failed = status !== 0 && !/Number of stacks with differences: [1-9]/.test(output);
    if (failed) { throw new Error(`${output}\n\`cdk diff\` failed with ${status}`); }
    return { differs: status !== 0, output };
  }

  /** Keeps in `retained` what has to stay: physical ids. */
  async destroy() {
    const resources = await deployedResources(this.emulator, [...this.templates.keys()]);
    this.retained = [...this.templates].flatMap(([stack, template]) => Object.entries(template.Resources)
      .filter(([, { DeletionPolicy }]) => DeletionPolicy?.startsWith('Retain'))
      .map(([id]) => resources.get(`${stack}/${id}`).physicalId));
    await this.#run('destroy', '--all', '--force');
  }

  /** The templates as they are deployed, by stack. */
  get templates() {
    const files = readdirSync(this.assembly).filter((name) => name.endsWith('.template.json'));
    return new Map(files.map((file) => [file.replace('.template.json', ''), JSON.parse(readFileSync(join(this.assembly, file), 'utf8'))]));
  }

  /** What is not deployed, or not as it is. */
  get leftOut() {
    return leftOutOf(this.assembly);
  }

  #run(...args) {
    return cdk(this.emulator, this.folder, args);
  }
}

/** The folder of an app, with what it imports. */
export function copyApp(source, folder) {
  cpSync(source, folder, { recursive: true, filter: (path) => !/[/\\](node_modules|cdk\.out|cdk\.context\.json)$/.test(path) });
  const modules = join(folder, 'node_modules');
  mkdirSync(modules);
  for (const name of ['aws-cdk-lib', 'constructs']) { symlinkSync(join(ROOT, 'node_modules', name), join(modules, name), 'junction'); }
  symlinkSync(ROOT, join(modules, 'cdk-websocket-api'), 'junction');
}

async function cdk(emulator, folder, args) {
  const { status, output } = await run(process.execPath, [CLI, ...args], { cwd: folder, env: settings(emulator, folder) });
  if (status !== 0) { throw new Error(`${output}\n\`cdk ${args.join(' ')}\` failed with ${status}`); }
}

/** The CLI keeps account numbers below CDK_HOME. */
function settings({ environment }, folder) {
  return { ...environment, CDK_HOME: folder, CDK_DISABLE_CLI_TELEMETRY: 'true', CI: 'true' };
}
