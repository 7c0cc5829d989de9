/** The pattern of a statement is so long that comparing it would hold up everything else. */
export class PatternTooLong extends Error {}

/** Characters compared at most. IAM takes policies of 10 KB, and values are short. */
const MAX_COMPARISONS = 10_000_000;
const MAX_PATTERN = 100_000;

const ANY = Symbol('*');
const ONE = Symbol('?');
type Token = string | typeof ANY | typeof ONE;

/** Most patterns have none of these, as names of actions do. */
const SPECIAL = /[*?$]/;

/**
 * Whether a text matches a pattern with `*` and `?`, and with policy variables if there is a context to take them from.
 *
 * Each piece between two stars is taken where it first fits. That is never wrong, so there is nothing to go back to, and no explosion.
 *
 * @throws PatternTooLong
 */
export function matches(pattern: string, text: string, context?: () => ReadonlyMap<string, string>, wildcards = true): boolean {
  if (!SPECIAL.test(pattern)) { return pattern === text; }
  const tokens = tokensOf(pattern, context, wildcards);
  if (tokens === undefined) { return false; }
  if (tokens.length * text.length > MAX_COMPARISONS) { throw new PatternTooLong('the pattern of a statement is too long'); }
  const [first, ...rest] = piecesOf(tokens);
  if (!fitsAt(first, text, 0)) { return false; }
  const last = rest.pop();
  if (last === undefined) { return first.length === text.length; }
  let at = first.length;
  for (const piece of rest) {
    while (!fitsAt(piece, text, at)) {
      if (++at + piece.length > text.length) { return false; }
    }
    at += piece.length;
  }
  return text.length - last.length >= at && fitsAt(last, text, text.length - last.length);
}

function fitsAt(piece: readonly Token[], text: string, at: number): boolean {
  return at + piece.length <= text.length && piece.every((token, index) => token === ONE || token === text[at + index]);
}

/** What is between the stars: one piece if there is none. */
function piecesOf(tokens: readonly Token[]): Token[][] {
  const pieces: Token[][] = [[]];
  for (const token of tokens) {
    if (token === ANY) { pieces.push([]); } else { pieces[pieces.length - 1].push(token); }
  }
  return pieces;
}

/** Undefined if a variable has no value: nothing matches then. The value of a variable is text, whatever it holds. */
function tokensOf(pattern: string, context: (() => ReadonlyMap<string, string>) | undefined, wildcards: boolean): Token[] | undefined {
  if (pattern.length > MAX_PATTERN) { throw new PatternTooLong('the pattern of a statement is too long'); }
  const tokens: Token[] = [];
  for (const [piece, name, fallback] of pattern.matchAll(/\$\{([$]|[^${},]*)(?:,\s*'([^']*)')?\}|[^$]+|\$/g)) {
    if (name === undefined || context === undefined) {
      for (const char of piece.split('')) { tokens.push(wildcards && char === '*' ? ANY : wildcards && char === '?' ? ONE : char); }
    } else {
      const value = ['*', '?', '$'].includes(name) ? name : context().get(name.trim().toLowerCase()) ?? fallback;
      if (value === undefined) { return undefined; }
      for (const char of value.split('')) { tokens.push(char); }
    }
    if (tokens.length > MAX_PATTERN) { throw new PatternTooLong('the pattern of a statement is too long'); }
  }
  return tokens;
}
