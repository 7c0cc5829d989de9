// `/opt` and `/var/task` of Lambda are other folders here: paths that begin with them lead there, in `fs` too.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

// The original, which sees the real files: it decides what is redirected.
const { existsSync } = fs;
let roots = [];

/** Folders that this machine really has are left alone. */
export function setRoots({ code, layers }) {
  roots = [['/opt', layers], ['/var/task', code]].filter(([, folder]) => folder !== undefined);
}

export function localPath(path) {
  for (const [root, folder] of roots) {
    if (path === root || path.startsWith(`${root}/`)) { return existsSync(path) ? path : folder + path.slice(root.length); }
  }
  return path;
}

const NAMES = ['access', 'createReadStream', 'exists', 'lstat', 'open', 'opendir', 'readFile', 'readdir', 'readlink', 'realpath', 'stat'];

export function leadFiles() {
  const change = (object, name) => {
    const original = object[name];
    if (typeof original !== 'function') { return; }
    object[name] = Object.assign(function (path, ...rest) {
      return original.call(this, typeof path === 'string' && path.startsWith('/') ? localPath(path) : path, ...rest);
    }, original);
  };
  for (const name of NAMES) {
    change(fs, name);
    change(fs, `${name}Sync`);
    change(fs.promises, name);
  }
  syncBuiltinESMExports();
}
