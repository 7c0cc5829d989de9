import { readFileSync } from 'node:fs';

/** Reads `NAME=value` lines, with comments, `export` and quotes as other tools take them. */
export function readEnvFile(path: string): Record<string, string> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new Error(`cannot read the env file \`${path}\`: it does not exist, or is not a file`);
  }
  const lines = text.split(/\r?\n/).map((line, index) => ({ line: line.trim(), number: index + 1 })).filter(({ line }) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(lines.map(({ line, number }) => {
    // The gateway asks for values by names such as `Stack.Table.StreamArn`.
    const [, name, value] = /^(?:export\s+)?([\w.:/-]+)\s*=\s*(.*)$/.exec(line) ?? [];
    if (name === undefined) {
      throw new Error(`line ${number} of \`${path}\` is not \`NAME=value\`: \`${line}\``);
    }
    return [name, unquote(value)];
  }));
}

function unquote(value: string): string {
  const [, quote, text] = /^(["'])(.*?)\1(?:\s+#.*)?$/.exec(value) ?? [];
  if (quote === '"') { return text.replace(/\\(n|"|\\)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped)); }
  return quote === '\'' ? text : value.replace(/\s+#.*$/, '');
}
