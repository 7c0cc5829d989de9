/** Whether a value is nested deeper than this. Clients may nest their messages as deep as these are long. */
export function isDeeper(value: unknown, levels: number): boolean {
  return typeof value === 'object' && value !== null && (levels === 0 || Object.values(value).some((item) => isDeeper(item, levels - 1)));
}
