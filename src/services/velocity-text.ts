import { Token, Tokenization } from 'aws-cdk-lib';

/** Text that a template prints as it is: Velocity would read `$` and `#`, and a backslash before them. */
export function velocityText(text: string): string {
  const names: { readonly [char: string]: string } = { '$': '${dollar}', '#': '${hash}', '\\': '${backslash}' };
  const printed = mapLiterals(text, (literal) => literal.replace(/[$#\\]/g, (char) => names[char]));
  return printed === text ? text : `#set($dollar = '$')#set($hash = '#')#set($backslash = '\\')${printed}`;
}

/** Text inside a JSON string that a template prints. */
export function velocityJsonText(text: string): string {
  return mapLiterals(text, (literal) => JSON.stringify(literal).slice(1, -1).replace(/[$#]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`));
}

/** Tokens are for CDK to read, and not for Velocity. */
function mapLiterals(text: string, map: (literal: string) => string): string {
  const [token] = Tokenization.reverseString(text).tokens;
  if (token === undefined) { return map(text); }
  const shown = Token.asString(token);
  const at = text.indexOf(shown);
  return map(text.slice(0, at)) + shown + mapLiterals(text.slice(at + shown.length), map);
}
