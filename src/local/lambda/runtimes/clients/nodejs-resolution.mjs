// Where packages are found. Lambda has only the code, its layers and the AWS SDK; here the SDK comes from the folder of the app.
import { existsSync, readFileSync } from 'node:fs';
import Module from 'node:module';
import { delimiter, dirname, join, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { localPath, setRoots } from './nodejs-files.mjs';

let code, layers, app;

export function initialize(folders) {
  ({ code, layers, app } = folders);
  setRoots(folders);
}

const isCarried = (specifier) => /^@(aws-sdk|smithy)\//.test(specifier);
const isPackage = (specifier) => /^[^./#][^:]*$/.test(specifier);
const isInFunction = (path) => [code, layers].some((folder) => folder && (path + sep).startsWith(folder + sep));

/** The package.json that a file belongs to. One above the function's folder, of the app, does not exist in Lambda. */
export function packageOf(file) {
  for (let folder = dirname(file); isInFunction(folder); folder = dirname(folder)) {
    const path = join(folder, 'package.json');
    if (existsSync(path)) { return JSON.parse(readFileSync(path, 'utf8')); }
  }
  return undefined;
}

/** For `require`. */
export function changeRequire() {
  const { _nodeModulePaths: pathsFrom, _resolveFilename: resolveFilename, _extensions: { '.js': loadScript } } = Module;
  const inApp = Object.assign(new Module(join(app, '_')), { filename: join(app, '_'), paths: pathsFrom(app) });

  Module._nodeModulePaths = (from) => (isInFunction(from) ? pathsFrom(from).filter(isInFunction) : pathsFrom(from));

  Module._resolveFilename = function (name, ...rest) {
    const specifier = localPath(name);
    try {
      return resolveFilename.call(this, specifier, ...rest);
    } catch (error) {
      if (error.code !== 'MODULE_NOT_FOUND' || !isCarried(specifier)) { throw error; }
      try {
        return resolveFilename.call(this, specifier, inApp, false);
      } catch {
        throw error;
      }
    }
  };

  // Node.js uses this one for every extension without its own, such as `.mjs`.
  Module._extensions['.js'] = (module, file) => (isInFunction(file) && !file.endsWith('.mjs') && !packageOf(file)
    ? module._compile(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''), file)
    : loadScript(module, file));
}

/** For `import`, in the thread of the loader. */
export async function resolve(name, context, next) {
  const specifier = localSpecifier(name);
  const { found, failure } = search(specifier, context);
  for (const parentURL of parentsOf(specifier, context)) {
    const result = await next(specifier, { ...context, parentURL }).then((one) => found(one, parentURL), failure);
    if (result) { return result; }
  }
  throw failure();
}

/** For `import`, on versions of Node.js that need no thread for it. */
export function resolveSync(name, context, next) {
  const specifier = localSpecifier(name);
  if (context.conditions?.includes('require')) { return next(specifier, context); }
  const { found, failure } = search(specifier, context);
  for (const parentURL of parentsOf(specifier, context)) {
    try {
      const result = found(next(specifier, { ...context, parentURL }), parentURL);
      if (result) { return result; }
    } catch (error) {
      failure(error);
    }
  }
  throw failure();
}

/** For absolute paths and URLs of files. Anything else stays as it is. */
function localSpecifier(name) {
  if (name.startsWith('file:///opt/') || name.startsWith('file:///var/task/')) { return pathToFileURL(localPath(fileURLToPath(name))).href; }
  return name.startsWith('/') ? localPath(name) : name;
}

/** The folders in which packages are looked up, in this order. In Lambda `import` respects NODE_PATH, which plain Node.js does not. */
function parentsOf(specifier, { parentURL }) {
  if (!isPackage(specifier)) { return [parentURL]; }
  const folders = (process.env.NODE_PATH ?? '').split(delimiter).filter(Boolean).map(dirname);
  return [parentURL, ...[...folders, ...isCarried(specifier) ? [app] : []].map((folder) => pathToFileURL(join(folder, '_')).href)];
}

function search(specifier, { parentURL }) {
  const parent = parentURL?.startsWith('file:') ? fileURLToPath(parentURL) : undefined;
  let first;
  return {
    /** Undefined if Lambda would not find it. */
    found(result, from) {
      if (!parent || !isInFunction(parent) || !result.url.startsWith('file:')) { return result; }
      const path = fileURLToPath(result.url);
      if (!isInFunction(path)) { return from !== parentURL || isCarried(specifier) || !isPackage(specifier) ? result : undefined; }
      return path.endsWith('.js') && !packageOf(path) ? { ...result, format: 'commonjs' } : result;
    },
    /** Keeps the first of the errors that it is given. Call it without one to get that error. */
    failure(error) {
      first ??= error;
      if (error) { return undefined; }
      return first ?? Object.assign(new Error(`Cannot find package '${specifier}' imported from ${parent}`), { code: 'ERR_MODULE_NOT_FOUND' });
    },
  };
}
