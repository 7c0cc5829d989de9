/** What a Go file says of itself, without its code. */
export interface GoFile {
  /** The name in its package clause; undefined if no build takes the file. */
  readonly packageName?: string;
  /** The import paths, as written. */
  readonly imports: string[];
  /** The patterns of its `//go:embed` lines. */
  readonly embeds: string[];
}

/** White space and comments, then a word, a string or another character. */
const TOKEN = /(?:\s|;|\/\/[^\n]*|\/\*[^]*?\*\/)*(?:([\p{L}_][\p{L}\p{N}_]*)|"((?:\\.|[^"\\\n])*)"|`([^`]*)`|([^]))/uy;

/**
 * Reads the beginning of a Go file: imports come before all else. Whether its build constraints hold is Go's to say, so it counts
 * whichever they are, and a hash of the sources is the same whatever Go there is.
 */
export function parseGo(text: string): GoFile {
  const tokens = tokensOf(text);
  const next = () => tokens.next().value ?? {};
  if (/^\/\/go:build[ \t]+ignore[ \t]*$/m.test(text) || next().word !== 'package') { return { imports: [], embeds: [] }; }
  const packageName = next().word;
  const imports: string[] = [];
  while (next().word === 'import') {
    let token = next();
    if (token.other === '(') {
      for (token = next(); token.other !== ')' && Object.keys(token).length > 0; token = next()) {
        if (token.path !== undefined) { imports.push(token.path); }
      }
    } else {
      // A name, `.` or `_` may come before the path.
      if (token.path === undefined) { token = next(); }
      if (token.path !== undefined) { imports.push(token.path); }
    }
  }
  return { packageName, imports, embeds: embedsOf(text) };
}

interface Token { word?: string; path?: string; other?: string }

function* tokensOf(text: string): Generator<Token, undefined> {
  const pattern = new RegExp(TOKEN);
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const [, word, quoted, raw, other] = match;
    yield word !== undefined ? { word } : (quoted ?? raw) !== undefined ? { path: quoted ?? raw } : { other };
  }
  return undefined;
}

function embedsOf(text: string): string[] {
  return [...text.matchAll(/^\/\/go:embed[ \t]+(.*)$/gm)].flatMap(([, line]) => (
    [...line.matchAll(/"((?:\\.|[^"\\])*)"|`([^`]*)`|(\S+)/g)].map(([, quoted, raw, plain]) => quoted ?? raw ?? plain)
  ));
}
