import { execFile, spawnSync } from 'node:child_process';
import { accessSync, closeSync, constants, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { Reaper } from './reaper';
import { FunctionModel } from '../definition/model';

/** Where what a function needs is. */
export interface FunctionFolders {
  readonly code: string;
  readonly layers?: string;
  readonly app: string;
}

/** A command that runs a function. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  /** Defaults that the function's own variables win over. */
  readonly environment: Readonly<Record<string, string>>;
}

/** How the functions of one family of runtimes are run here. */
interface Family {
  launch(fn: FunctionModel, folders: FunctionFolders, reaper: Reaper): Launch | Promise<Launch>;
  missing(fn: FunctionModel, folders: FunctionFolders): string | undefined;
}

const CLIENTS = join(__dirname, 'runtime');

const nodejs: Family = {
  launch(fn, { app, layers }) {
    const modules = layers ? [join(layers, 'nodejs', `node${majorOf(fn)}`, 'node_modules'), join(layers, 'nodejs', 'node_modules')] : [];
    return {
      command: process.execPath,
      // Every thread of the process has to be stopped and woken for each invocation: as few as can be.
      args: ['--v8-pool-size=1', `--max-old-space-size=${Math.floor(fn.memoryMB * 0.9)}`, join(CLIENTS, 'nodejs.mjs'), app, ...layers ? [layers] : []],
      environment: { NODE_PATH: modules.join(delimiter) },
    };
  },
  missing(fn, { code, app }) {
    const inApp = createRequire(join(app, '_'));
    const absent = [...importsIn(code, /\.[cm]?js$/, /(?:\bfrom|\bimport|\brequire)\s*\(?\s*["'](@aws-sdk\/(?:client|lib|util)-[\w-]+)/g)]
      .filter((name) => !mayBeInLayers(fn, join('nodejs', 'node_modules', name)) && !existsSync(join(code, 'node_modules', name)) && !resolves(inApp, name));
    return absent.length === 0 ? undefined
      : `uses ${named(absent)}, which Lambda's Node.js carries and this app has not: \`npm install --save-dev ${absent.join(' ')}\``;
  },
};

const python: Family = {
  launch(_fn, { app, layers }) {
    const found = pythonFor(app);
    if (!found) { throw new Error('no `python3` here: install Python 3, or make a virtual environment `.venv` in the folder of the app'); }
    return { command: found.executable, args: ['-B', join(CLIENTS, 'python.py'), ...layers ? [layers] : []], environment: {} };
  },
  missing(fn, { code, app }) {
    const found = pythonFor(app);
    if (!found) { return 'needs Python, and there is no `python3` here: install Python 3, or make a virtual environment `.venv` in the folder of the app'; }
    const absent = [...importsIn(code, /\.py$/, /^[ \t]*(?:import|from)[ \t]+(boto3|botocore)\b/gm)]
      .filter((name) => !mayBeInLayers(fn, join('python', name)) && !existsSync(join(code, name)) && !found.packages.includes(name));
    return absent.length === 0 ? undefined
      : `uses ${named(absent)}, which Lambda's Python carries and \`${found.executable}\` has not: \`${found.executable} -m pip install boto3\``;
  },
};

const java: Family = {
  async launch(fn, { code }, reaper) {
    return {
      command: 'java',
      args: [
        `-Xmx${Math.floor(fn.memoryMB * 0.85)}m`, '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xshare:auto',
        '-cp', [await javaClient(reaper), code, join(code, 'lib', '*')].join(delimiter), 'Java',
      ],
      environment: {},
    };
  },
  missing() {
    return runs('javac', '-version') ? undefined : 'needs Java, and there is no JDK here: install one of 17 or newer (`javac` and `java` on the PATH)';
  },
};

const provided: Family = {
  launch(_fn, folders) {
    const reason = bootstrapProblem(folders);
    if (reason) { throw new Error(reason); }
    return { command: bootstrapOf(folders)!, args: [], environment: {} };
  },
  missing(fn, folders) {
    // What is in its layers is seen when it starts.
    return fn.layers.length > 0 && !existsSync(join(folders.code, 'bootstrap')) ? undefined : bootstrapProblem(folders);
  },
};

/** @throws where it cannot be run here */
export async function launchOf(fn: FunctionModel, folders: FunctionFolders, reaper: Reaper): Promise<Launch> {
  const family = familyOf(fn);
  if (!family) { throw new Error(notRunHere(fn)); }
  const { command, args, environment } = await family.launch(fn, folders, reaper);
  const { layers } = folders;
  return {
    command,
    args,
    environment: {
      PATH: [...layers ? [join(layers, 'bin')] : [], process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin'].join(delimiter),
      ...layers ? { LD_LIBRARY_PATH: join(layers, 'lib') } : {},
      ...family === provided ? {} : { AWS_EXECUTION_ENV: `AWS_Lambda_${fn.runtime}` },
      LAMBDA_RUNTIME_DIR: CLIENTS,
      ...environment,
    },
  };
}

/** Undefined where a function can be run here, else one line that says what is missing and what to install. */
export function missingForFunction(fn: FunctionModel, codeFolder: string, appFolder: string): string | undefined {
  const family = familyOf(fn);
  const missing = family ? family.missing(fn, { code: codeFolder, app: appFolder }) : notRunHere(fn);
  return missing && `function \`${fn.path}\` ${missing}`;
}

/** Said where the version here is another one than in Lambda. */
export function runtimeNote(fn: FunctionModel): string | undefined {
  const here = process.versions.node.split('.')[0];
  return familyOf(fn) === nodejs && majorOf(fn) !== here ? `Node.js ${here} (${majorOf(fn)} in Lambda)` : undefined;
}

function familyOf({ runtime }: FunctionModel): Family | undefined {
  if (runtime.startsWith('nodejs')) { return nodejs; }
  if (runtime.startsWith('python')) { return python; }
  if (runtime.startsWith('java')) { return java; }
  return runtime.startsWith('provided') || runtime === 'go1.x' ? provided : undefined;
}

function notRunHere({ runtime }: FunctionModel): string {
  return `has the runtime \`${runtime}\`, which is not run here: use Node.js, Python, Java or a \`provided\` runtime with a \`bootstrap\`, or try it deployed`;
}

function majorOf({ runtime }: FunctionModel): string {
  return /\d+/.exec(runtime)?.[0] ?? '';
}

function named(packages: readonly string[]): string {
  return packages.map((name) => `\`${name}\``).join(', ');
}

/** A layer that is a zip file is not looked into. */
function mayBeInLayers({ layers }: FunctionModel, path: string): boolean {
  return layers.some((layer) => !existsSync(layer) || !statSync(layer).isDirectory() || existsSync(join(layer, path)));
}

function resolves(require: NodeJS.Require, name: string): boolean {
  return require.resolve.paths(name)!.some((folder) => existsSync(join(folder, name)));
}

/** What the function's own files import, by the first group of the pattern; installed packages are not looked into. */
function importsIn(folder: string, file: RegExp, pattern: RegExp, found = new Set<string>()): Set<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== 'node_modules' && entry.name !== '__pycache__' && !existsSync(join(folder, `${entry.name}-info`))) {
      importsIn(path, file, pattern, found);
    } else if (entry.isFile() && file.test(entry.name)) {
      for (const [, name] of readFileSync(path, 'utf8').matchAll(pattern)) { found.add(name); }
    }
  }
  return found;
}

interface Python {
  readonly executable: string;
  /** Which of the packages that Lambda carries it has. */
  readonly packages: readonly string[];
}

const pythons = new Map<string, Python | undefined>();

/** The Python of the app's virtual environment, of the active one, or the one on the PATH. */
function pythonFor(app: string): Python | undefined {
  if (!pythons.has(app)) {
    const inFolder = (folder: string) => (process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python'));
    const candidates = [join(app, '.venv'), ...process.env.VIRTUAL_ENV ? [process.env.VIRTUAL_ENV] : []].map(inFolder).filter(existsSync);
    // What is on the PATH may be a script that looks for the real one, and takes its time.
    const script = 'import sys\nfrom importlib.util import find_spec\nprint(sys.executable, *(name for name in ("boto3", "botocore") if find_spec(name)), sep="\\n")';
    const { status, stdout } = spawnSync(candidates[0] ?? 'python3', ['-c', script], { encoding: 'utf8', env: process.env });
    const [executable, ...packages] = (stdout ?? '').trim().split(/\r?\n/);
    pythons.set(app, status === 0 ? { executable, packages } : undefined);
  }
  return pythons.get(app);
}

const javaClients = new WeakMap<Reaper, Promise<string>>();

/** The folder of the compiled client, made once for a gateway and gone with it. */
function javaClient(reaper: Reaper): Promise<string> {
  const known = javaClients.get(reaper);
  if (known) { return known; }
  const folder = mkdtempSync(join(tmpdir(), 'cdk-websocket-api-java-'));
  reaper.addFolder(folder);
  const compiled = promisify(execFile)('javac', ['-d', folder, join(CLIENTS, 'Java.java')]).then(() => folder);
  javaClients.set(reaper, compiled);
  return compiled;
}

function runs(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore', env: process.env }).status === 0;
}

function bootstrapOf({ code, layers }: FunctionFolders): string | undefined {
  return [code, ...layers ? [layers] : []].map((folder) => join(folder, 'bootstrap')).find((path) => existsSync(path));
}

function bootstrapProblem(folders: FunctionFolders): string | undefined {
  const bootstrap = bootstrapOf(folders);
  if (!bootstrap) { return 'has no `bootstrap` in its code or its layers: name the executable so'; }
  try {
    accessSync(bootstrap, constants.X_OK);
  } catch {
    return 'has a `bootstrap` that is not executable: `chmod +x` it before it is packed';
  }
  const platform = platformOf(bootstrap);
  const here = `${process.platform} ${process.arch}`;
  return platform === undefined || platform === here ? undefined
    : `has a \`bootstrap\` for ${platform}, and this is ${here} (exec format error): build it for both, or try it deployed`;
}

/** What a binary is for; undefined for scripts, and for what is not told by its first bytes. */
function platformOf(path: string): string | undefined {
  const head = Buffer.alloc(20);
  const file = openSync(path, 'r');
  readSync(file, head);
  closeSync(file);
  if (head.readUInt32BE(0) === 0x7f454c46) {
    const machine = head.readUInt16LE(18);
    return `linux ${machine === 0x3e ? 'x64' : machine === 0xb7 ? 'arm64' : `machine ${machine}`}`;
  }
  if (head.readUInt32LE(0) === 0xfeedfacf) { return `darwin ${head.readUInt32LE(4) === 0x0100000c ? 'arm64' : 'x64'}`; }
  return head.toString('latin1', 0, 2) === 'MZ' ? 'win32 x64' : undefined;
}
