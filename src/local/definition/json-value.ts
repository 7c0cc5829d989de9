// Reads values that somebody else wrote: anything can stand where a certain type is expected.

export type JsonRecord = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function asRecord(value: unknown): JsonRecord {
  return isRecord(value) ? value : {};
}

/** The entries that are objects themselves. */
export function recordsOf(value: unknown): Map<string, JsonRecord> {
  return new Map(Object.entries(asRecord(value)).filter((entry): entry is [string, JsonRecord] => isRecord(entry[1])));
}

/** A list; a single value counts as a list of one. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}

/** CloudFormation makes text of numbers and booleans wherever text is expected. */
export function asText(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string': return value;
    case 'number':
    case 'boolean': return String(value);
    default: return undefined;
  }
}

export function asTexts(value: unknown): string[] {
  return asList(value).flatMap((item) => asText(item) ?? []);
}

/** Text by text. */
export function asTextRecord(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(asRecord(value)).flatMap(([key, item]) => {
    const text = asText(item);
    return text === undefined ? [] : [[key, text]];
  }));
}

/** A number, also one that is written as text. */
export function asNumber(value: unknown): number | undefined {
  const text = asText(value);
  return text === undefined || text.trim() === '' || Number.isNaN(Number(text)) ? undefined : Number(text);
}

export function asFlag(value: unknown): boolean {
  return value === true || value === 'true';
}

/**
 * A value as JSON. Clients may nest theirs as deep as a message is long.
 *
 * @throws Error if it cannot be written
 */
export function jsonText(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    throw new Error('a value cannot be written as JSON: it is nested too deeply, or holds itself');
  }
}

/** Any value as text. JavaScript itself fails with an object whose `toString` is no function. */
export function anyText(value: unknown): string {
  if (Array.isArray(value)) { return value.map((item) => isObject(item) ? jsonText(item) : String(item ?? '')).join(','); }
  return isObject(value) ? jsonText(value)! : String(value);
}

/** Any value as a number; `NaN` if it has no such meaning. */
export function anyNumber(value: unknown): number {
  return isObject(value) ? NaN : Number(value);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
