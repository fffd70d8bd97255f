/** The values a snapshot's file name may be made of. */
export interface SnapshotNameParts {
  readonly cluster: string;
  readonly member: string;
  /** ISO 8601, UTC, as the clock gives it. */
  readonly now: string;
}

/** The pattern used where the settings have none. */
export const defaultSnapshotName = '{cluster}-{date}-{time}.db';

const safe = (text: string): string => text.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[-.]+/, '');

/**
 * A file name from a pattern with `{cluster}`, `{member}`, `{date}` (2026-11-22) and `{time}` (170459, UTC).
 * The result is always a safe name: no separators, not hidden, at most 200 characters, ending in `.db`.
 */
export function snapshotName(pattern: string, parts: SnapshotNameParts): string {
  const values: Readonly<Record<string, string>> = {
    cluster: parts.cluster, member: parts.member, date: parts.now.slice(0, 10), time: parts.now.slice(11, 19).replaceAll(':', ''),
  };
  const filled = safe(pattern.replace(/\{(\w+)\}/g, (whole, key: string) => values[key] ?? whole)).replace(/\.db$/, '').slice(0, 197);
  return `${filled === '' ? 'snapshot' : filled}.db`;
}
