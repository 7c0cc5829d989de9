// Clients choose headers, route keys, messages and close reasons, and handlers print them. None of that may move the cursor, set the title,
// reach the clipboard, or look like a line of the gateway's own.

/** Control characters (escape sequences begin with one), separators of lines, and what reverses the direction of text. */
const UNSAFE = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;
/** Select Graphic Rendition: colours and their like. */
// eslint-disable-next-line no-control-regex
const COLOUR = /\u001b\[[\d;:]{0,40}m/g;
const RESET = '\u001b[0m';

/** On one line, with `�` in place of what a terminal would obey. */
export function onOneLine(text: string, maxCharacters = Infinity): string {
  const cut = text.length > maxCharacters ? `${text.slice(0, maxCharacters)}… (${text.length} characters)` : text;
  return cut.split('\n').map((line, index) => (index === 0 ? line.trimEnd() : line.trim())).join(' ').replace(UNSAFE, '�');
}

/** The lines stay, and each but the first is indented, so that none looks like the start of another message. */
export function onLines(text: string): string {
  return text.split(/\r?\n/).map((line) => line.replaceAll('\t', '  ').replace(UNSAFE, '�')).join('\n  ');
}

/** On one line, as a function printed it. Colours stay if they are wanted, and end with the line. */
export function withColours(text: string, colours: boolean): string {
  if (!text.includes('\u001b')) { return text.replaceAll('\t', '  ').replace(UNSAFE, '�'); }
  const codes = colours ? (text.match(COLOUR) ?? []).map((code) => conceals(code) ? '' : code) : [];
  const parts = text.split(COLOUR).map((part, index) => part.replaceAll('\t', '  ').replace(UNSAFE, '�') + (codes[index] ?? ''));
  return parts.join('') + (codes.length > 0 ? RESET : '');
}

/** Whether a sequence hides the text after it, so that only who copies the line sees all of it. */
function conceals(code: string): boolean {
  const parameters = code.slice(2, -1).split(';').map((parameter) => parameter.replace(/^0+(?=\d)/, ''));
  for (let index = 0; index < parameters.length; index++) {
    if (parameters[index] === '8') { return true; }
    // The numbers after these are a colour: `5;8` is one of 256, `2;0;8;8` one by its parts.
    if (['38', '48', '58'].includes(parameters[index])) { index += parameters[index + 1] === '5' ? 2 : parameters[index + 1] === '2' ? 4 : 0; }
  }
  return false;
}

/** ASCII without its control characters. */
const PRINTABLE = /^[ -~]*$/;

/** JSON that a terminal shows as it is: what `JSON.stringify` leaves raw is escaped too. */
export function terminalJson(value: unknown): string {
  const json = JSON.stringify(value);
  // Most texts are of these characters alone, and to see that takes much less than to look for what is unsafe.
  return PRINTABLE.test(json) ? json : json.replace(UNSAFE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
