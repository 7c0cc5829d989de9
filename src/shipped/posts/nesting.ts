import { isDeeper } from '../../messages/nesting';

/** A message that is nested deeper than this cannot be relied on to be written as JSON again. */
export const MAX_LEVELS = 1000;

export function isTooDeep(value: unknown): boolean {
  return isDeeper(value, MAX_LEVELS);
}
