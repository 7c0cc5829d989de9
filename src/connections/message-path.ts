import { Token } from 'aws-cdk-lib';
import { checkArgument, TEXT } from '../given/kind';

/**
 * Reads a path that leads to one value of a message: `$.room`, `$.to.user`, `$['room name']`, `$.rooms[0]`.
 *
 * @param what what was given it, as an error calls it: "`path` of `GroupName.fromMessage()`"
 * @returns the names and the places in lists, from the outside to the inside
 */
export function parsePath(what: string, path: string): Array<string | number> {
  checkArgument(what, TEXT, path);
  if (Token.isUnresolved(path)) {
    throw new Error(`${what} is a token, whose text is not known when the app is synthesized: write the path itself, such as \`"$.room"\``);
  }
  const steps: Array<string | number> = [];
  let rest = path.startsWith('$') ? path.slice(1) : undefined;
  while (rest) {
    const [step, name, index, quoted] = STEP.exec(rest) ?? [];
    if (step === undefined) { rest = undefined; break; }
    steps.push(name ?? (index === undefined ? quoted.slice(1, -1) : Number(index)));
    rest = rest.slice(step.length);
  }
  if (rest === undefined || steps.length === 0) {
    throw new Error(`${what} is \`${JSON.stringify(path)}\`, which is no JSON path to one value of a message: write \`"${exampleOf(path)}"\`, or \`"$['a name'].room"\``);
  }
  return steps;
}

/** `.name`, `[0]`, `['any name']` or `["any name"]`. */
const STEP = /^(?:\.([\p{L}\p{N}_$-]+)|\[(\d{1,9})\]|\[('[^'\\]+'|"[^"\\]+")\])/u;

/** What somebody probably meant who wrote the name alone, or what a route selection expression has. */
function exampleOf(path: string): string {
  const [, name] = /^(?:\$request\.body\.)?([\p{L}_][\p{L}\p{N}_]*)$/u.exec(path) ?? [];
  return `$.${name ?? 'room'}`;
}
