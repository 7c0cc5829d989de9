/** Only the options that somebody has given: one that is there, but undefined, hides what an organisation injects as its default. */
export function asked<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined && value !== null)) as T;
}
