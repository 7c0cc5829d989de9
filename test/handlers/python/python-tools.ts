import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import * as toolModule from '../../../src/handlers/tools/tool';
import { filesOf, write } from '../source-project';

/** The uv that the tests run. */
const UV_VERSION = '0.13.9';
const CACHE = resolve('.cache');

/** The Python that is really meant: what is on the PATH may be a script that chooses one. */
const PYTHON = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).stdout.trim();

const ENVIRONMENT = { ...process.env };
afterEach(() => {
  for (const name of Object.keys(process.env)) { delete process.env[name]; }
  Object.assign(process.env, ENVIRONMENT);
});

/** uv as PyPI has it, downloaded once. */
export function uvExecutable(): string {
  const folder = join(CACHE, `uv-${UV_VERSION}`);
  if (!existsSync(folder)) {
    mkdirSync(CACHE, { recursive: true });
    const downloading = mkdtempSync(join(CACHE, 'downloading-'));
    execFileSync(PYTHON, ['-m', 'pip', 'install', '--quiet', '--no-deps', '--target', downloading, `uv==${UV_VERSION}`]);
    try {
      renameSync(downloading, folder);
    } catch {
      // Another worker was faster.
      rmSync(downloading, { recursive: true });
    }
  }
  return join(folder, 'bin', 'uv');
}

/** From now on, the PATH has only these tools, and neither knows of this machine's settings. */
export function onlyTools(...tools: Array<'python3' | 'uv'>) {
  for (const name of Object.keys(process.env).filter((one) => /^(PIP|UV|PYTHON)|VIRTUAL_ENV/.test(one))) { delete process.env[name]; }
  process.env.PIP_CONFIG_FILE = '/dev/null';
  const bin = resolve('bin');
  mkdirSync(bin, { recursive: true });
  for (const tool of tools) {
    write({ [`bin/${tool}`]: `#!/bin/sh\nexec ${tool === 'uv' ? uvExecutable() : PYTHON} "$@"\n` });
    chmodSync(join(bin, tool), 0o755);
  }
  process.env.PATH = bin;
}

/** A call of a tool: its command line, the variables and the files that it was given. */
export interface RecordedCall {
  readonly line: string[];
  readonly environment: NodeJS.ProcessEnv;
  /** What is in the folder where it starts. */
  readonly files: { [path: string]: string };
}

const spies: jest.SpyInstance[] = [];
afterEach(() => { spies.splice(0).forEach((spy) => spy.mockRestore()); });

/**
 * From now on, no tool starts, and it is as if these were on the PATH. They install the folder `installs`, build the folder
 * `builds/<name>`, and print the file `lock`. If there is a file `fails`, that is what they say.
 */
export function recordedTools(...names: string[]): RecordedCall[] {
  const calls: RecordedCall[] = [];
  const run = (command: string, args: string[], { cwd, environment = {} }: toolModule.ToolOptions = {}): toolModule.ToolResult => {
    // The source is read without Python.
    if (cwd === undefined) { return { ok: false, stdout: '', complaint: '' }; }
    calls.push({ line: [command, ...args], environment, files: Object.fromEntries(filesOf(cwd).map((path) => [path, readFileSync(join(cwd, path), 'utf8')])) });
    const after = (...options: string[]) => args[args.findIndex((one) => options.includes(one)) + 1];
    if (existsSync('fails')) { return { ok: false, stdout: '', complaint: readFileSync('fails', 'utf8').trim() }; }
    if (args.includes('export')) { return { ok: true, stdout: readFileSync('lock', 'utf8'), complaint: '' }; }
    const built = join('builds', args.includes('--no-binary') ? after('--no-binary') : basename(args.at(-1)!));
    if (args.includes('--target')) {
      cpSync('installs', after('--target'), { recursive: true, verbatimSymlinks: true });
    } else if (existsSync(built)) {
      cpSync(built, after('--wheel-dir', '--out-dir'), { recursive: true });
    }
    return { ok: true, stdout: '', complaint: '' };
  };
  spies.push(
    jest.spyOn(toolModule, 'runTool').mockImplementation(run),
    jest.spyOn(toolModule, 'firstThatRuns').mockImplementation((_, commands) => commands.find((command) => names.includes(command))),
  );
  return calls;
}

/** Runs the uv of the tests, as a developer does. */
export function uv(...args: string[]) {
  execFileSync(uvExecutable(), args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

export interface Wheel {
  readonly requires?: string[];
  /** Python and platform. */
  readonly tag?: string;
  /** Where it is written. */
  readonly folder?: string;
}

/** A wheel with one module. */
export function wheel(name: string, version: string, code: string, { requires = [], tag = 'py3-none-any', folder = 'wheels' }: Wheel = {}) {
  mkdirSync(folder, { recursive: true });
  execFileSync(PYTHON, ['-c', `
import sys, zipfile
name, version, code, tag, folder, *requires = sys.argv[1:]
info = f"{name}-{version}.dist-info"
with zipfile.ZipFile(f"{folder}/{name}-{version}-{tag}.whl", "w") as wheel:
    # Without the time, so that the same wheel has the same bytes.
    write = lambda path, text: wheel.writestr(zipfile.ZipInfo(path), text)
    write(f"{name}.py", code)
    write(f"{info}/METADATA", f"Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n" + "".join(f"Requires-Dist: {one}\\n" for one in requires))
    write(f"{info}/WHEEL", f"Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: {tag}\\n")
    write(f"{info}/RECORD", f"{name}.py,,\\n{info}/METADATA,,\\n{info}/WHEEL,,\\n{info}/RECORD,,\\n")
`, name, version, code, tag, folder, ...requires]);
}

/** A project with one module, built by a backend of its own that needs nothing from an index. */
export function project(folder: string, name: string, code: string, { dependencies = [], more = '' }: { dependencies?: string[]; more?: string } = {}) {
  write({
    [`${folder}/pyproject.toml`]: `[project]\nname = "${name}"\nversion = "1.0"\nrequires-python = ">=3.9"\ndependencies = ${JSON.stringify(dependencies)}\n`
      + `[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["build-backend"]\n${more}`,
    [`${folder}/${name}.py`]: code,
    [`${folder}/build-backend/backend.py`]: BACKEND.replaceAll('NAME', name).replace('REQUIRES', JSON.stringify(dependencies)),
  });
}

/** A source distribution of the same, as an index that has no wheel of it holds it. */
export function sourceArchive(folder: string, name: string, code: string) {
  const root = `archive/${name}-1.0`;
  project(root, name, code);
  write({ [`${root}/PKG-INFO`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: 1.0\n` });
  mkdirSync(folder, { recursive: true });
  execFileSync('/bin/tar', ['-czf', join(folder, `${name}-1.0.tar.gz`), '-C', dirname(root), `${name}-1.0`]);
}

const BACKEND = `
import os, zipfile

def build_wheel(directory, config_settings=None, metadata_directory=None):
    info = "NAME-1.0.dist-info"
    name = "NAME-1.0-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(directory, name), "w") as wheel:
        for file in sorted(os.listdir(".")):
            if file not in ("pyproject.toml", "build-backend") and os.path.isfile(file):
                wheel.write(file)
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\\nName: NAME\\nVersion: 1.0\\n" + "".join(f"Requires-Dist: {one}\\n" for one in REQUIRES))
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(f"{info}/RECORD", f"NAME.py,,\\n{info}/METADATA,,\\n{info}/WHEEL,,\\n{info}/RECORD,,\\n")
    return name

def build_editable(directory, config_settings=None, metadata_directory=None):
    raise SystemExit("nothing editable belongs on Lambda")
`;
