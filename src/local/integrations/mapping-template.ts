import { TemplateObject } from './java-methods';
import { Rendering } from './rendering';
import { javaText, jsonPath } from '../definition/expression';
import { jsonText } from '../definition/json-value';

/** What a template can speak of. */
export interface TemplateVariables {
  /** Of the message, or of what the integration answered. */
  readonly body: string | undefined;
  readonly context: Readonly<Record<string, unknown>>;
  readonly stageVariables: Readonly<Record<string, string>>;
}

/**
 * The text that a mapping template makes. velocityjs reads the template; this file runs it, on plain data, with the methods that API
 * Gateway has, and with a limit. A missing value becomes empty text.
 *
 * @throws Error that says what is wrong with the template
 */
export function renderTemplate(template: string, { body, context, stageVariables }: TemplateVariables): string {
  return new Rendering({
    input: inputObject(body),
    util: UTIL,
    // Templates may put things into it.
    context: structuredClone(context),
    stageVariables: { ...stageVariables },
  }).run(template);
}

/** The parsed JSON, or the text itself if it is not JSON. */
export function parseJsonOrText(text: string | undefined): unknown {
  try {
    return text === undefined || text === '' ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}

function inputObject(body: string | undefined): TemplateObject {
  // One value for the whole template: what is put into it stays there.
  let value: { json: unknown } | undefined;
  const find = (path: unknown = '$') => jsonPath(javaText(path), (value ??= { json: parseJsonOrText(body) }).json);
  return new TemplateObject(
    { path: find, json: (path) => jsonText(find(path)) ?? '""' },
    // Without a body, API Gateway shows an empty object.
    { body: body || '{}' },
  );
}

const UTIL = new TemplateObject({
  escapeJavaScript: (value) => value === undefined || value === null ? undefined : escapeJavaScript(javaText(value)),
  parseJson: (text) => {
    try {
      return JSON.parse(javaText(text));
    } catch (error) {
      throw new Error(`\`$util.parseJson\` cannot read its text: ${(error as Error).message}`);
    }
  },
  // Java writes `?` for half a character.
  urlEncode: (text = '') => encodeURIComponent(javaText(text).replace(HALF, '?')).replace(/[!'()~]/g, hexadecimal).replaceAll('%20', '+'),
  urlDecode: (text = '') => {
    try {
      return decodeURIComponent(javaText(text).replaceAll('+', ' '));
    } catch {
      throw new Error(`\`$util.urlDecode\` cannot read \`${javaText(text).slice(0, 200)}\`: it is not encoded as URLs are`);
    }
  },
  base64Encode: (text = '') => Buffer.from(javaText(text)).toString('base64'),
  base64Decode: (text = '') => Buffer.from(javaText(text), 'base64').toString(),
});

/** Half of a character that takes two places. */
const HALF = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

function hexadecimal(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase()}`;
}

const ESCAPES: Readonly<Record<string, string>> = { '\b': '\\b', '\n': '\\n', '\t': '\\t', '\f': '\\f', '\r': '\\r' };

/** As Apache's `escapeEcmaScript`: single quotes too, which is not JSON. */
function escapeJavaScript(text: string): string {
  return text.replace(/["'\\/]|[^ -~]/g, (char) => (
    ESCAPES[char] ?? (/["'\\/]/.test(char) ? `\\${char}` : `\\u${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`)
  ));
}
