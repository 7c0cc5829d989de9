/** Names of one kind of parts of a document: each once. */
export class Names {
  private readonly taken = new Set<string>();

  /** A name of letters, digits, `_` and `-`. If another part has it, it gets a number. */
  public take(text: string): string {
    return this.free(text.replace(/[^A-Za-z0-9_-]+/g, '_').replace(/^_+|_+$/g, '') || 'unnamed', '_');
  }

  /** A name that can be one in a programming language, as types are made of it: its words are written together. */
  public takeIdentifier(...parts: string[]): string {
    const [first = 'unnamed', ...others] = parts.flatMap((part) => part.split(/[^A-Za-z0-9_]+/)).filter((word) => word !== '');
    const name = [first, ...others.map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)].join('');
    return this.free(/^\d/.test(name) ? `_${name}` : name, '');
  }

  private free(name: string, separator: string): string {
    for (let number = 1; ; number++) {
      const candidate = number === 1 ? name : `${name}${separator}${number}`;
      // Generators write files of them, and where files have no case, two names have to differ in more.
      if (this.taken.has(candidate.toLowerCase())) { continue; }
      this.taken.add(candidate.toLowerCase());
      return candidate;
    }
  }
}

/** In an order that depends on neither the machine's language nor on how the app lists them. */
export function inOrder<T>(values: Iterable<T>, keyOf: (value: T) => string): T[] {
  return [...values].sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : keyOf(one) > keyOf(other) ? 1 : 0));
}
