import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { compiledFilesIn, foreignFile, PLATFORM_HERE } from './binary';
import { CLIENTS, Family, takesFrames, versionOf } from './family';
import { importsIn, mayBeInLayers, named } from './imports';
import { FunctionModel } from '../../definition/model';

const NO_PYTHON = 'there is no `python3` here: install Python 3, or make a virtual environment `.venv` in the folder of the app';

/** Python of Lambda. The client is `python.py`. */
export const python: Family = {
  isManaged: true,
  serves: (runtime) => runtime.startsWith('python'),
  inspection: {
    by: 'debugpy',
    firstPort: 5678,
    missing(fn, app) {
      const found = pythonFor(fn, app);
      return !found || found.packages.includes('debugpy') ? undefined
        : `\`${found.executable}\` has no debugpy: \`${found.executable} -m pip install debugpy\``;
    },
  },
  launch(fn, surroundings) {
    const { folders: { app, layers }, lead, inspectPort, isSpare } = surroundings;
    const frames = takesFrames(fn, surroundings);
    const found = pythonFor(fn, app);
    if (!found) { throw new Error(NO_PYTHON); }
    return {
      command: found.executable,
      args: [
        '-B',
        // Frozen modules hide frames from a debugger, which warns of that.
        ...inspectPort === undefined ? [] : ['-Xfrozen_modules=off', '-m', 'debugpy', '--listen', `127.0.0.1:${inspectPort}`],
        join(CLIENTS, 'python.py'),
        JSON.stringify({ layers, lead, carried: found.carried, frames, isSpare }),
      ],
      environment: {},
      takesFrames: frames,
    };
  },
  missing(fn, { code, app }) {
    const found = pythonFor(fn, app);
    if (!found) { return `needs Python, and ${NO_PYTHON}`; }
    const files = compiledFilesIn(code, /\.(?:so|pyd)$/);
    const foreign = foreignFile(code, files);
    if (foreign) {
      return `has \`${foreign.file}\`, which is compiled for ${foreign.platform}, and this is ${PLATFORM_HERE}: its import fails here. `
        + 'Set `architecture` to the one of this machine while you develop, or try it deployed';
    }
    const [other, version] = files.map((file) => [file, /\.cpython-3(\d+)-/.exec(file)?.[1]]).find(([, minor]) => minor && `3.${minor}` !== found.version) ?? [];
    if (other) {
      return `has \`${other}\`, which is compiled for Python 3.${version}, and \`${found.executable}\` is Python ${found.version}: its import fails here. `
        + `Install Python 3.${version} (\`python3.${version}\` on the PATH)`;
    }
    const absent = [...importsIn(code, /\.py$/, /^[ \t]*(?:import|from)[ \t]+(boto3|botocore)\b/gm)]
      .filter((name) => !mayBeInLayers(fn, join('python', name)) && !existsSync(join(code, name)) && !found.packages.includes(name));
    return absent.length === 0 ? undefined
      : `uses ${named(absent)}, which Lambda's Python carries and \`${found.executable}\` has not: \`${found.executable} -m pip install boto3\``;
  },
  note(fn, app) {
    const found = pythonFor(fn, app);
    return !found || found.version === versionOf(fn) ? undefined : `Python ${found.version} (${versionOf(fn)} in Lambda)`;
  },
};

interface Python {
  readonly executable: string;
  readonly version: string;
  /** Which of the packages that Lambda carries are there. */
  readonly packages: readonly string[];
  /** Where these packages are. */
  readonly carried: readonly string[];
}

// Asks for the executable, because `python3` on the PATH may be a slow script that looks for the real one.
const PROBE = `
import json, os, sys
from importlib.util import find_spec
print(json.dumps({
    "executable": sys.executable,
    "version": "%d.%d" % sys.version_info[:2],
    "packages": [name for name in ("boto3", "botocore", "debugpy") if find_spec(name)],
    "carried": [path for path in sys.path if os.path.basename(path) in ("site-packages", "dist-packages")],
}))`;

const probed = new Map<string, Python | undefined>();

function probe(command: string): Python | undefined {
  const key = JSON.stringify([command, process.env.PATH]);
  if (!probed.has(key)) {
    const { status, stdout } = spawnSync(command, ['-c', PROBE], { encoding: 'utf8', env: process.env });
    probed.set(key, status === 0 ? JSON.parse(stdout) : undefined);
  }
  return probed.get(key);
}

/**
 * Python of the app's virtual environment, of the active one, or on the PATH: the first with the function's version, or else the first.
 * boto3 and similar packages are not compiled, so any of these may supply them.
 */
function pythonFor(fn: FunctionModel, app: string): Python | undefined {
  const version = versionOf(fn);
  const inFolder = (folder: string) => (process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python'));
  const candidates = [
    ...[join(app, '.venv'), ...process.env.VIRTUAL_ENV ? [process.env.VIRTUAL_ENV] : []].map(inFolder).filter(existsSync),
    ...version.includes('.') ? [`python${version}`] : [],
    'python3',
  ];
  let first: Python | undefined;
  for (const candidate of candidates) {
    const found = probe(candidate);
    first ??= found;
    if (found?.version === version) {
      return found.packages.length > 0 || !first ? found : { ...found, packages: first.packages, carried: first.carried };
    }
  }
  return first;
}
