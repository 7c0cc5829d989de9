/** A message that is nested deeper than this cannot be relied on to be written as JSON again. */
export const MAX_LEVELS = 1000;

/** Whether a value is nested deeper than a message may be. Clients may nest theirs as deep as it is long. */
export function isTooDeep(value: unknown, levels = MAX_LEVELS): boolean {
  return typeof value === 'object' && value !== null && (levels === 0 || Object.values(value).some((item) => isTooDeep(item, levels - 1)));
}
