/** The annotation by which esbuild lists the exports of a CommonJS module for Node.js. */
const ANNOTATION = /^\(module\.exports ?= ?\{([^}]*)\}\)/;
const ANNOTATION_START = '(module.exports';

/** The names in esbuild's annotation of a CommonJS module; undefined if there is none. */
export function annotatedNames(code: Buffer): string[] | undefined {
  // It is at the end of what may be megabytes.
  const start = code.lastIndexOf(ANNOTATION_START);
  const [, list] = (start >= 0 ? ANNOTATION.exec(code.toString('utf8', start)) : undefined) ?? [];
  return list?.split(',').map((item) => item.trim()).filter((item) => item && !item.startsWith('...'))
    .map((item) => item.startsWith('"') ? JSON.parse(item.replace(/\s*:[^"]*$/, '')) : item);
}

/** What may follow `exports`, with the name that it exports. Anything else may export any name. */
const UNDERSTOOD = /\bexports\b(?:\s*\.\s*([\p{ID_Continue}$]+)|\s*\[\s*(?:'([^']*)'|"([^"]*)")\s*\]|\s*,\s*(?:'([^']*)'|"([^"]*)")\s*,|\s*=\s*(?=\{|(?:module\s*\.\s*)?exports\b))/uy;

/** What can change the exports without the word `exports`. */
const HIDDEN = /\bmodule\s*[[),;=}]|\bthis\s*\[|\beval\s*\(|\bexport\s*=\s*(?!\s|\{)/;

/** An object that is exported as a whole. */
const EXPORTED_OBJECT = /\bexports?\s*=\s*\{/;

/**
 * Looks for an export in the source of a CommonJS module, also in TypeScript. It errs on one side: what it does not understand may
 * export anything.
 *
 * @returns the exports that there are instead; undefined if this name is exported, or may be
 */
export function commonJsNames(source: string, name: string): string[] | undefined {
  const annotation = annotatedNames(Buffer.from(source));
  if (annotation) { return annotation.includes(name) ? undefined : annotation; }
  if (HIDDEN.test(source) || new RegExp(`\\bthis\\s*\\.\\s*${word(name)}`).test(source)) { return undefined; }
  const names = new Set<string>();
  for (const { index } of source.matchAll(/\bexports\b/g)) {
    UNDERSTOOD.lastIndex = index;
    const match = UNDERSTOOD.exec(source);
    if (!match) { return undefined; }
    names.add(match.slice(1).find((one) => one !== undefined) ?? '');
  }
  const object = EXPORTED_OBJECT.exec(source);
  if (object) {
    // Only a parser could tell where the object ends, so any word after its start may be a name.
    const rest = source.slice(object.index + object[0].length);
    if (/\.\.\.|\[/.test(rest) || new RegExp(word(name)).test(rest)) { return undefined; }
    (/^[\w$\s,:]*(?=\})/.exec(rest)?.[0] ?? '').split(',').forEach((item) => names.add(item.split(':')[0].trim()));
  }
  ['', '__esModule'].forEach((one) => names.delete(one));
  return names.has(name) ? undefined : [...names];
}

function word(name: string): string {
  return `(?<![\\w$])${name.replace(/\$/g, '\\$&')}(?![\\w$])`;
}
