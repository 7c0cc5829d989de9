/** A value of a TOML document. An integer is a `bigint` if it is too large for a number. */
export type TomlValue = string | number | bigint | boolean | Date | TomlValue[] | TomlTable;
export interface TomlTable { [key: string]: TomlValue }

/** What is used of the TOML reader. Its own types belong to an ES module, which this one is not. */
interface TomlReader {
  parse(text: string, options: { readonly integersAsBigInt: 'asNeeded' }): TomlTable;
}

/**
 * Reads TOML: `pyproject.toml` and lock files. Tables have no prototype, so that every key is the document's own, `__proto__` included.
 *
 * @throws an error that names the line
 * @see https://toml.io/en/v1.0.0
 */
export function parseToml(text: string): TomlTable {
  // Few apps have Python projects.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { parse } = require('smol-toml') as TomlReader;
  try {
    return parse(text, { integersAsBigInt: 'asNeeded' });
  } catch (error) {
    const { line, message } = error as Error & { readonly line?: number };
    const [reason] = message.replace(/^Invalid TOML document: /, '').split('\n');
    throw new Error(line === undefined ? reason : `line ${line}: ${reason}`);
  }
}

/** The table at a path such as `tool`, `uv`; empty if there is none. */
export function tableAt(table: TomlTable, ...path: string[]): TomlTable {
  const value = path.reduce<TomlValue | undefined>((found, key) => isTable(found) ? found[key] : undefined, table);
  return isTable(value) ? value : {};
}

export function isTable(value: TomlValue | undefined): value is TomlTable {
  return typeof value === 'object' && !Array.isArray(value) && !(value instanceof Date);
}

/** The texts of a list; empty for anything else. */
export function textsOf(value: TomlValue | undefined): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

/** The tables of a list; empty for anything else. */
export function tablesOf(value: TomlValue | undefined): TomlTable[] {
  return Array.isArray(value) ? value.filter(isTable) : [];
}
