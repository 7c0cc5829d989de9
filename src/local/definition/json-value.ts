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
