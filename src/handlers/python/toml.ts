/** A value of a TOML document. Dates, times and numbers that JSON does not have stay text. */
export type TomlValue = string | number | boolean | TomlValue[] | TomlTable;
export interface TomlTable { [key: string]: TomlValue }

/**
 * Reads the TOML that Python's tools use: `pyproject.toml` and lock files. It does not check everything that TOML forbids, and refuses what
 * it cannot read.
 *
 * @throws an error that names the line
 * @see https://toml.io/en/v1.0.0
 */
export function parseToml(text: string): TomlTable {
  return new TomlReader(text.replace(/^\ufeff/, '').replace(/\r\n/g, '\n')).document();
}

/** The table at a path such as `tool`, `uv`; empty if there is none. */
export function tableAt(table: TomlTable, ...path: string[]): TomlTable {
  const value = path.reduce<TomlValue | undefined>((found, key) => isTable(found) ? found[key] : undefined, table);
  return isTable(value) ? value : newTable();
}

export function isTable(value: TomlValue | undefined): value is TomlTable {
  return typeof value === 'object' && !Array.isArray(value);
}

/** The texts of a list; empty for anything else. */
export function textsOf(value: TomlValue | undefined): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

/** The tables of a list; empty for anything else. */
export function tablesOf(value: TomlValue | undefined): TomlTable[] {
  return Array.isArray(value) ? value.filter(isTable) : [];
}

/** Without a prototype, so that every key is the document's own, `__proto__` included. */
function newTable(): TomlTable {
  return Object.create(null);
}

const ESCAPES: { [letter: string]: string } = { 'b': '\b', 't': '\t', 'n': '\n', 'f': '\f', 'r': '\r', 'e': '\u001b', '"': '"', '\\': '\\' };

class TomlReader {
  private at = 0;

  constructor(private readonly text: string) {}

  public document(): TomlTable {
    const root = newTable();
    let current = root;
    for (this.skipBlank(); this.at < this.text.length; this.skipBlank()) {
      if (this.take('[[')) {
        const path = this.key();
        this.expect(']]');
        const parent = this.descend(root, path.slice(0, -1));
        const list = parent[path.at(-1)!] ??= [];
        if (!Array.isArray(list)) { throw this.error('a list of tables'); }
        current = newTable();
        list.push(current);
      } else if (this.take('[')) {
        current = this.descend(root, this.key());
        this.expect(']');
      } else {
        this.assign(current);
      }
      this.endOfLine();
    }
    return root;
  }

  private assign(table: TomlTable) {
    const path = this.key();
    this.expect('=');
    const parent = this.descend(table, path.slice(0, -1));
    const name = path.at(-1)!;
    if (name in parent) { throw this.error('a key that is not there already'); }
    parent[name] = this.value();
  }

  /** In a list of tables, a path means the last table. */
  private descend(table: TomlTable, path: string[]): TomlTable {
    return path.reduce((parent, key) => {
      const found = parent[key] ??= newTable();
      const child = Array.isArray(found) ? found.at(-1) : found;
      if (!isTable(child)) { throw this.error('a table'); }
      return child;
    }, table);
  }

  private key(): string[] {
    const path: string[] = [];
    do {
      this.skipSpace();
      const quote = this.text[this.at];
      path.push(quote === '"' || quote === '\'' ? this.quoted() : this.match(/[A-Za-z0-9_-]+/y, 'a key'));
      this.skipSpace();
    } while (this.take('.'));
    return path;
  }

  private value(): TomlValue {
    this.skipSpace();
    const first = this.text[this.at];
    if (first === '"' || first === '\'') { return this.quoted(); }
    if (this.take('[')) { return this.list(); }
    if (this.take('{')) { return this.inlineTable(); }
    const bare = this.match(/\d{4}-\d\d-\d\d[Tt ]\d\d:[0-9:.]+(?:[Zz]|[+-]\d\d:\d\d)?|[A-Za-z0-9_+:.-]+/y, 'a value');
    if (bare === 'true' || bare === 'false') { return bare === 'true'; }
    return /^[+-]?\d[\d_]*(\.[\d_]+)?([eE][+-]?\d+)?$/.test(bare) ? Number(bare.replace(/_/g, '')) : bare;
  }

  private list(): TomlValue[] {
    const items: TomlValue[] = [];
    for (this.skipBlank(); !this.take(']'); this.skipBlank()) {
      items.push(this.value());
      this.skipBlank();
      if (!this.take(',') && this.text[this.at] !== ']') { throw this.error('`,` or `]`'); }
    }
    return items;
  }

  private inlineTable(): TomlTable {
    const table = newTable();
    for (this.skipBlank(); !this.take('}'); this.skipBlank()) {
      this.assign(table);
      this.skipBlank();
      if (!this.take(',') && this.text[this.at] !== '}') { throw this.error('`,` or `}`'); }
    }
    return table;
  }

  private quoted(): string {
    for (const quote of ['"""', '\'\'\'', '"', '\'']) {
      if (this.take(quote)) { return this.untilQuote(quote); }
    }
    throw this.error('a text');
  }

  private untilQuote(quote: string): string {
    const multiline = quote.length === 3;
    if (multiline) { this.take('\n'); }
    let text = '';
    while (!this.text.startsWith(quote, this.at)) {
      const character = this.text[this.at];
      if (character === undefined || (character === '\n' && !multiline)) { throw this.error(`\`${quote}\``); }
      this.at++;
      text += character === '\\' && quote[0] === '"' ? this.escape() : character;
    }
    this.at += quote.length;
    // The text itself may end with quotes.
    while (multiline && this.text[this.at] === quote[0]) { text += this.text[this.at++]; }
    return text;
  }

  private escape(): string {
    const letter = this.text[this.at++];
    if (letter in ESCAPES) { return ESCAPES[letter]; }
    const digits = { x: 2, u: 4, U: 8 }[letter];
    if (digits) {
      const code = this.match(new RegExp(`[0-9A-Fa-f]{${digits}}`, 'y'), 'a code point');
      return String.fromCodePoint(parseInt(code, 16));
    }
    // A backslash at the end of a line joins it with the next text.
    this.at--;
    if (!this.matches(/[ \t]*\n\s*/y)) { throw this.error('an escape sequence'); }
    return '';
  }

  private matches(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    this.at += found?.length ?? 0;
    return found;
  }

  private match(pattern: RegExp, wanted: string): string {
    const found = this.matches(pattern);
    if (!found) { throw this.error(wanted); }
    return found;
  }

  private take(token: string): boolean {
    const taken = this.text.startsWith(token, this.at);
    if (taken) { this.at += token.length; }
    return taken;
  }

  private expect(token: string) {
    this.skipSpace();
    if (!this.take(token)) { throw this.error(`\`${token}\``); }
  }

  private skipSpace() {
    this.matches(/[ \t]*/y);
  }

  private skipBlank() {
    this.matches(/(?:[ \t\n]|#[^\n]*)*/y);
  }

  private endOfLine() {
    this.skipSpace();
    this.matches(/#[^\n]*/y);
    if (this.at < this.text.length && !this.take('\n')) { throw this.error('the end of the line'); }
  }

  private error(wanted: string): Error {
    return new Error(`line ${this.text.slice(0, this.at).split('\n').length}: expected ${wanted}`);
  }
}
