const LONGEST = 80;

/** A name as part of a path that cannot leave its folder, hide, or be taken for an option. */
export const fileName = (name: string): string => {
  const safe = name.replaceAll(/[^A-Za-z0-9._-]/g, '_').slice(0, LONGEST);
  return /^[A-Za-z0-9]/.test(safe) ? safe : `h${safe}`;
};

/** A file name for each name, all different also where capitals do not count. */
export function fileNames(names: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  return new Map(names.map(name => {
    const wanted = fileName(name);
    let chosen = wanted;
    for (let n = 2; taken.has(chosen.toLowerCase()); n++) chosen = `${wanted}-${n}`;
    taken.add(chosen.toLowerCase());
    return [name, chosen] as const;
  }));
}
