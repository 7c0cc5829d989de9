/**
 * The name that somebody probably meant: another case, another spelling (`authorisation`), singular for plural, or a slip of the finger.
 *
 * @param name what was written, which is none of the names
 */
export function nearMiss(name: string, names: string[]): string | undefined {
  const written = letters(name);
  const close = names
    .map((candidate) => ({ candidate, distance: distance(written, letters(candidate)) }))
    .filter(({ candidate, distance: edits }) => edits <= allowedEdits(candidate))
    .sort((one, other) => one.distance - other.distance);
  return close[0]?.candidate;
}

function letters(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

function allowedEdits(name: string): number {
  return name.length < 8 ? 1 : 2;
}

/** The least number of letters to add, leave out, replace, or exchange with their neighbour (optimal string alignment). */
function distance(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > 2) { return Infinity; }
  let before: number[] = [];
  let previous = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const current = [i];
    for (let j = 1; j <= other.length; j++) {
      const replaced = previous[j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1);
      const exchanged = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1] ? before[j - 2] + 1 : Infinity;
      current.push(Math.min(previous[j] + 1, current[j - 1] + 1, replaced, exchanged));
    }
    [before, previous] = [previous, current];
  }
  return previous[other.length];
}
