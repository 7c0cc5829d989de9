// Preloaded by Node.js: see recorded-esbuild.mjs. It loads in the apps of all languages, so it depends on nothing.
const { appendFileSync } = require('node:fs');
const Module = require('node:module');

const compile = Module._extensions['.js'];
Module._extensions['.js'] = function (module, file) {
  const [, name] = /[/\\]node_modules[/\\](esbuild|esbuild-wasm)[/\\]lib[/\\]main\.js$/.exec(file) ?? [];
  if (name && process.env.ESBUILD_RECORD) { appendFileSync(process.env.ESBUILD_RECORD, `${name}\n`); }
  return compile(module, file);
};
