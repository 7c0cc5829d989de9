// Times and texts, as the page shows them.

const MAX_INDENTS = 20;

export const timeOfDay = (time) => {
  const date = new Date(time);
  return `${date.toTimeString().slice(0, 8)}.${String(date.getMilliseconds()).padStart(3, '0')}`;
};

/** The beginning of a text, on one line. */
export const oneLine = (text) => (text.length > 400 ? `${text.slice(0, 400)}…` : text).replace(/\s+/g, ' ');
/** JSON with line breaks, and otherwise as it came: numbers keep their digits, and keys that are there twice stay. */
export function pretty(text) {
  try {
    if (typeof JSON.parse(text) !== 'object') { return text; }
  } catch {
    return text;
  }
  const tokens = text.match(/"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s{}[\],:"]+/g);
  let depth = 0;
  // A list in a list in a list, thousands deep, would be spaces for the most part.
  const line = () => `\n${'  '.repeat(Math.min(depth, MAX_INDENTS))}`;
  return tokens.map((token, index) => {
    switch (token) {
      case '{': case '[':
        depth++;
        return '}]'.includes(tokens[index + 1]) ? token : token + line();
      case '}': case ']':
        depth--;
        return '{['.includes(tokens[index - 1]) ? token : line() + token;
      case ',': return token + line();
      case ':': return ': ';
      default: return token;
    }
  }).join('');
}
