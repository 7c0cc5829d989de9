const MOST = 6;

/** The names that are most like one that there is not; some names, if none is like it. */
export function nearest(name: string, names: readonly string[]): string[] {
  const asked = name.toLowerCase();
  const ranked = [...new Set(names)]
    .map((one) => ({ one, distance: distanceBetween(asked, one.toLowerCase()), has: one.toLowerCase().includes(asked) }))
    .sort((a, b) => a.distance - b.distance);
  const like = ranked.filter(({ distance, has }) => has || distance <= Math.max(2, Math.floor(asked.length / 3)));
  return (like.length > 0 ? like : ranked).slice(0, MOST).map(({ one }) => one);
}

/** How many characters have to be added, removed or replaced. */
function distanceBetween(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      next.push(Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + (from[i - 1] === to[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[to.length];
}
