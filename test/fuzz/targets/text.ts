import { inspect } from 'node:util';
import fc from 'fast-check';

/** Text of these words, with others among them. */
export function text(words: readonly string[], maxLength = 12): fc.Arbitrary<string> {
  const word = fc.constantFrom(...words);
  return fc.array(fc.oneof({ weight: 6, arbitrary: word }, { weight: 1, arbitrary: fc.string({ maxLength: 4 }) }), { maxLength }).map((all) => all.join(''));
}

/** Bytes, each a character: JSON has no others. */
export function bytesOf(latin1: unknown): Buffer {
  return Buffer.from(String(latin1), 'latin1');
}

/** A list of texts, whatever was made of it. */
export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}

export function recordOf(value: unknown): { [name: string]: any } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as { [name: string]: any } : {};
}

/** Each value as text, as headers and templates are. */
export function textsOf(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(recordOf(value)).map(([key, item]) => [key, typeof item === 'string' ? item : inspect(item, { depth: 1 })]));
}
