/** One line of a `.gitignore`. */
interface Rule {
  /** Matches a path relative to the root, with forward slashes. */
  readonly pattern: RegExp;
  readonly includes: boolean;
  readonly foldersOnly: boolean;
}

/**
 * What the `.gitignore` files of a folder ignore, as git reads them. CDK's `IgnoreStrategy.git` would take `Data/` for the `data/` of a
 * rule, and leave source out.
 *
 * @see https://git-scm.com/docs/gitignore
 */
export class GitIgnore {
  private readonly rules: Rule[] = [];

  /**
   * Adds a `.gitignore`. Add those of outer folders first: later rules win.
   *
   * @param folder where the file is, relative to the root; '' for the root
   */
  public add(contents: string, folder: string) {
    for (const line of contents.split(/\r?\n/)) {
      const rule = ruleOf(line, folder);
      if (rule) { this.rules.push(rule); }
    }
  }

  /** Ask for a folder before its contents. Everything in an ignored folder is ignored, so do not ask for that. */
  public ignores(path: string, isFolder: boolean): boolean {
    const last = this.rules.filter(({ pattern, foldersOnly }) => (isFolder || !foldersOnly) && pattern.test(path)).pop();
    return last !== undefined && !last.includes;
  }
}

function ruleOf(line: string, folder: string): Rule | undefined {
  const text = line.replace(/(?<!\\)\s+$/, '');
  if (text === '' || text.startsWith('#')) { return undefined; }
  const includes = text.startsWith('!');
  const glob = includes ? text.slice(1) : text;
  const foldersOnly = glob.endsWith('/');
  const path = foldersOnly ? glob.slice(0, -1) : glob;
  const anywhere = path.includes('/') ? '' : '(?:.*/)?';
  const prefix = folder === '' ? '' : `${escaped(folder)}/`;
  try {
    return { pattern: new RegExp(`^${prefix}${anywhere}${expressionOf(path.replace(/^\//, ''))}$`, 's'), includes, foldersOnly };
  } catch {
    // An invalid class of characters, such as `[z-a]`. In git, it matches nothing.
    return undefined;
  }
}

function expressionOf(glob: string): string {
  return glob.replace(/\\(.)|\*\*\/|\/\*\*$|\*+|\?|\[(!?)((?:\\.|[^\]\\])+)\]|[^]/g, (part, literal, negated, characters) => {
    if (literal !== undefined) { return escaped(literal); }
    if (characters !== undefined) { return `[${negated ? '^/' : ''}${characters.replace(/\^/g, '\\^')}]`; }
    switch (part) {
      case '**/': return '(?:.*/)?';
      case '/**': return '/.*';
      case '?': return '[^/]';
      default: return part.startsWith('*') ? '[^/]*' : escaped(part);
    }
  });
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
