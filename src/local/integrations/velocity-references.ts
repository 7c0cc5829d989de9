// velocityjs does not see the end of a reference if a `#` follows: it reports `$x#else{…}` as an error and prints `$x#*…*#` as text.
// Velocity accepts both. A reference in braces has a clear end, so this file rewrites `$x` as `${x}` before velocityjs reads it.

/** The template with braces around each reference that is right before a `#`. */
export function closeReferences(template: string): string {
  let closed = '';
  let at = 0;
  while (at < template.length) {
    const end = endOfPiece(template, at);
    const piece = template.slice(at, end);
    const [, silent, reference] = /^\$(!?)([A-Za-z_].*)$/s.exec(piece) ?? [];
    closed += reference !== undefined && template[end] === '#' ? `$${silent}{${reference}}` : piece;
    at = end;
  }
  return closed;
}

/** Where the comment, directive, reference or text ends that begins here. */
function endOfPiece(template: string, at: number): number {
  const rest = (pattern: RegExp) => matchAt(template, at, pattern);
  switch (template[at]) {
    case '\\': return at + 2;
    case '#': return rest(/##[^\n]*/y) ?? rest(/#\*.*?(?:\*#|$)/sy) ?? rest(/#\[\[.*?(?:\]\]#|$)/sy) ?? endOfDirective(template, at);
    case '$': return endOfReference(template, at);
    default: return rest(/[^\\#$]+/y)!;
  }
}

/** The parentheses of a directive do not hold text. */
function endOfDirective(template: string, at: number): number {
  const name = matchAt(template, at, /#(?:@?[A-Za-z]\w*|\{@?[A-Za-z]\w*\})/y);
  if (name === undefined) { return at + 1; }
  if (/^#\{?(?:else|end)\}?$/.test(template.slice(at, name))) { return name; }
  const open = matchAt(template, name, /[ \t]*(?=\()/y);
  return open === undefined ? name : endOfBrackets(template, open) ?? name;
}

function endOfReference(template: string, at: number): number {
  const end = matchAt(template, at, /\$!?[A-Za-z_][\w-]*/y);
  return end === undefined ? at + 1 : endOfPath(template, end);
}

/** Past the `.name`, `.method(…)` and `[…]` that follow a name. */
function endOfPath(template: string, start: number): number {
  let end = start;
  for (let next: number | undefined = start; next !== undefined;) {
    end = next;
    const name = matchAt(template, end, /\.[A-Za-z_][\w-]*/y);
    next = name !== undefined && template[name] === '(' ? endOfBrackets(template, name) ?? name
      : name ?? (template[end] === '[' ? endOfBrackets(template, end) : undefined);
  }
  return end;
}

/** Past the bracket that closes the one here. Undefined if none does. */
function endOfBrackets(template: string, at: number): number | undefined {
  let depth = 0;
  let quote: string | undefined;
  // Without this, a template of brackets that nobody closes takes time by the square of its length.
  const end = Math.max(...[...')]}'].map((bracket) => template.lastIndexOf(bracket)));
  for (let i = at; i <= end; i++) {
    const char = template[i];
    if (quote !== undefined) {
      if (char === quote) { quote = undefined; }
    } else if (char === '"' || char === '\'') {
      quote = char;
    } else if ('([{'.includes(char)) {
      depth++;
    } else if (')]}'.includes(char) && --depth === 0) {
      return i + 1;
    }
  }
  return undefined;
}

function matchAt(text: string, at: number, pattern: RegExp): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}
