/**
 * A regular expression that somebody else wrote.
 *
 * @param where what it is, as the subject of a sentence
 * @throws Error that says what is wrong with it
 */
export function patternOf(where: string, source: string, flags: string): RegExp {
  try {
    return new RegExp(source, flags);
  } catch (error) {
    const [reason] = (error as Error).message.split(': ').slice(-1);
    throw new Error(`${where} is not a regular expression: ${reason}`);
  }
}
