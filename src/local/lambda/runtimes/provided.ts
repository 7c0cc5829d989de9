import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';
import { PLATFORM_HERE, platformOf } from './binary';
import { Family, FunctionFolders, Launch } from './family';

/** Runtimes that come with the function: Go, Rust, anything with a `bootstrap` that speaks to the Runtime API by itself. */
export const provided: Family = {
  isManaged: false,
  serves: (runtime) => runtime.startsWith('provided') || runtime === 'go1.x',
  launch(_fn, { folders, lead }): Launch {
    const reason = bootstrapProblem(folders);
    if (reason) { throw new Error(reason); }
    return { command: bootstrapOf(folders)!, args: [], environment: lead ? { HTTPS_PROXY: `http://127.0.0.1:${lead.port}` } : {} };
  },
  missing(fn, folders) {
    // The layers are not unpacked for this: what they hold shows when the function starts.
    return fn.layers.length > 0 && !existsSync(join(folders.code, 'bootstrap')) ? undefined : bootstrapProblem(folders);
  },
};

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
  return platform === undefined || platform === PLATFORM_HERE ? undefined
    : `has a \`bootstrap\` for ${platform}, and this is ${PLATFORM_HERE} (exec format error): build it for both, or try it deployed`;
}
