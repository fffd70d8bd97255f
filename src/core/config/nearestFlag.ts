import { etcdFlags } from './flags.js';

/** The flag a mistyped name probably means: at most two slips for a short name, three for a long one. */
export function nearestFlag(name: string): string | undefined {
  if (name.length > 80) return undefined;
  const experimental = `experimental-${name}`;
  const most = name.length < 8 ? 2 : 3;
  let best: { readonly name: string; readonly slips: number } | undefined;
  for (const flag of etcdFlags) {
    if (flag.name === experimental) return flag.name;
    const slips = distance(name, flag.name);
    if (slips <= most && slips < (best?.slips ?? Infinity)) best = { name: flag.name, slips };
  }
  return best?.name;
}

/** Damerau-Levenshtein distance of neighbours: insert, drop, change, swap. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(Math.min(
        (last[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (last[j - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (before[j - 2] ?? 0) + 1 : Infinity,
      ));
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
