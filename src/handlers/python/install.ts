import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { chooseInstaller, Installer, Target } from './installer';
import { projectFiles } from './local-project';
import { isOption, LocalProject, nameOf, normalized, Packages } from './packages';
import { letEveryoneRead } from '../source-files/source-files';
import { runTool } from '../tools/tool';

/**
 * Installs packages for Lambda's platform, which may differ from this machine's. Tools start in an empty folder, and run nothing in the
 * handler's own folder.
 */
export function installPackages(packages: Packages, target: Target, outputDir: string) {
  const work = mkdtempSync(join(tmpdir(), 'cdk-websocket-api-python-'));
  try {
    new Installation(packages, target, outputDir, work).run();
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

class Installation {
  private readonly installer: Installer;

  constructor(
    private readonly packages: Packages, private readonly target: Target, private readonly outputDir: string, private readonly work: string,
  ) {
    this.installer = chooseInstaller(packages);
  }

  public run() {
    const { packages, work } = this;
    if (packages.uvSettings) { writeFileSync(join(work, 'uv.toml'), tomlOf(packages.uvSettings)); }
    const constraints = join(work, 'constraints.txt');
    writeFileSync(constraints, packages.constraints.join('\n'));
    const built = new Map<string, string>();
    for (const name of this.installer.buildsAhead ? this.target.buildFromSource : []) {
      built.set(normalized(name), this.buildPackage(name, constraints));
    }
    const wheels = packages.projects.map((project, index) => `${this.hashed(this.buildProject(project, index), project)}`);
    const lines = [
      ...packages.requirements.filter((line) => !built.has(nameOf(line) ?? '')),
      ...[...built.values()].map((wheel) => this.hashed(wheel)),
      ...wheels,
    ];
    if (packages.uvLock) {
      const { root, packageName, localNames } = packages.uvLock;
      const lock = this.call(this.installer.exportLock(root, packageName, localNames));
      writeFileSync(join(work, 'pylock.toml'), lock);
      this.install(['-r', 'pylock.toml']);
    }
    if (!lines.every(isOption)) {
      writeFileSync(join(work, 'requirements.txt'), `${lines.join('\n')}\n`);
      this.install(['-r', 'requirements.txt', ...packages.constraints.length > 0 ? ['-c', 'constraints.txt'] : [], ...packages.complete ? ['--no-deps'] : []]);
    }
    clean(this.outputDir);
    forgetMissing(this.outputDir);
    refuseForeign(this.outputDir, packages.manifest);
  }

  private install(what: string[]) {
    this.call(this.installer.install(this.target, this.outputDir, what));
  }

  /** Builds a wheel of a project from a copy: the build leaves nothing in the project, and sees exactly the files that are hashed. */
  private buildProject({ path }: LocalProject, index: number): string {
    const copy = join(this.work, `project-${index}`, basename(path));
    mkdirSync(dirname(copy), { recursive: true });
    if (statSync(path).isDirectory()) { projectFiles(path).copyTo(copy); } else { copyFileSync(path, copy); }
    const wheels = join(this.work, `wheel-${index}`);
    this.call(this.installer.buildProject(copy, wheels));
    return this.wheelIn(wheels, path);
  }

  /** Builds a wheel of a package that indexes offer only as source. */
  private buildPackage(name: string, constraints: string): string {
    const wheels = join(this.work, `wheel-of-${normalized(name)}`);
    const options = this.packages.requirements.filter(isOption);
    const wanted = this.packages.requirements.find((line) => nameOf(line) === normalized(name)) ?? name;
    const file = join(this.work, `${normalized(name)}.txt`);
    writeFileSync(file, [...options, wanted].join('\n'));
    this.call(this.installer.buildPackage(name, file, constraints, wheels));
    return this.wheelIn(wheels, name);
  }

  private wheelIn(folder: string, of: string): string {
    const wheel = existsSync(folder) ? readdirSync(folder).find((name) => name.endsWith('.whl')) : undefined;
    if (!wheel) { throw new Error(`building \`${of}\` made no wheel`); }
    if (!/-none-any\.whl$/.test(wheel)) { throw notPortable(of, this.packages.manifest); }
    return join(folder, wheel);
  }

  /** If some requirements have hashes, pip wants hashes for all. */
  private hashed(wheel: string, { extras = '', marker = '' }: Partial<LocalProject> = {}): string {
    const withHashes = this.packages.requirements.some((line) => line.includes('--hash='));
    return `${wheel}${extras}${marker && ` ${marker}`}${withHashes ? ` --hash=sha256:${createHash('sha256').update(readFileSync(wheel)).digest('hex')}` : ''}`;
  }

  private call([command, ...args]: string[]): string {
    const { ok, stdout, complaint } = runTool(command, args, { cwd: this.work, environment: this.installer.environment });
    if (!ok) {
      throw new Error(`the packages of \`${this.packages.manifest}\` cannot be installed for Lambda: ${this.installer.name} said\n\n${complaint}${hint(complaint)}`);
    }
    return stdout;
  }
}

const NO_WHEEL = new RegExp([
  'no (usable|matching) wheel', 'wheels are required', 'building (from source|source distributions) is disabled', 'no matching distribution', 'from versions: none',
].join('|'), 'i');

/** What to do if the tool found no wheel. */
function hint(complaint: string): string {
  if (!NO_WHEEL.test(complaint)) { return ''; }
  return '\n\nOnly wheels for Lambda are installed. If a package exists as source only and is pure Python, build it on this machine: ' +
    '`bundling: Bundling.python({ buildFromSource: [\'its-name\'] })`';
}

function notPortable(of: string, manifest: string): Error {
  return new Error(`\`${of}\`, which \`${manifest}\` asks for, has a compiled part, and code compiled on this machine does not run on Lambda: ` +
    'give a wheel for Lambda\'s platform, or build the folder in a container and pass it as `code: Code.fromAsset(…)`');
}

/** Packages list their files, with hashes; of those that refer to this machine, so that two machines would differ. */
function forgetMissing(folder: string) {
  for (const name of readdirSync(folder).filter((one) => one.endsWith('.dist-info'))) {
    const record = join(folder, name, 'RECORD');
    if (!existsSync(record)) { continue; }
    const isThere = (line: string) => line.startsWith('"') || existsSync(join(folder, line.split(',')[0]));
    writeFileSync(record, readFileSync(record, 'utf8').split(/(?<=\n)/).filter(isThere).join(''));
  }
}

/** Removes files that refer to this machine, and makes the others readable. */
function clean(folder: string) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.name === '.lock' || entry.name === 'direct_url.json' || entry.name === 'uv_cache.json' || entry.name === '__pycache__') {
      rmSync(path, { recursive: true });
    } else if (entry.isDirectory()) {
      clean(path);
      letEveryoneRead(path);
    } else if (entry.isFile() && basename(folder) === 'bin' && startsPython(path)) {
      rmSync(path);
    } else if (entry.isFile()) {
      letEveryoneRead(path);
    }
  }
}

/** Whether a file is a console script, which names the Python of this machine. */
function startsPython(file: string): boolean {
  return /^#!.*python/.test(readFileSync(file, 'latin1').slice(0, 200).split('\n')[0]);
}

/** Wheels compiled on this machine have a plain platform tag such as `linux_x86_64`; those from an index have a `manylinux` tag. */
function refuseForeign(folder: string, manifest: string) {
  for (const info of readdirSync(folder).filter((name) => name.endsWith('.dist-info') && existsSync(join(folder, name, 'WHEEL')))) {
    const tags = readFileSync(join(folder, info, 'WHEEL'), 'utf8').match(/^Tag: .*$/gm) ?? [];
    if (tags.length > 0 && tags.every((tag) => /-(linux_|macosx_|win)/.test(tag))) { throw notPortable(info.replace(/-.*/, ''), manifest); }
  }
}

/** Writes settings as TOML. Its values are JSON, except for tables. */
function tomlOf(settings: { [name: string]: unknown }): string {
  return Object.entries(settings).map(([name, value]) => `${name} = ${inline(value)}\n`).join('');
}

function inline(value: unknown): string {
  if (Array.isArray(value)) { return `[${value.map(inline).join(', ')}]`; }
  if (typeof value === 'object') { return `{ ${Object.entries(value!).map(([name, item]) => `${name} = ${inline(item)}`).join(', ')} }`; }
  return JSON.stringify(value);
}
