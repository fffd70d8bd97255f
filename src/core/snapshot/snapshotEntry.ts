/** A file in a folder of snapshots. */
export interface SnapshotEntry {
  readonly path: string;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly mtimeMs: number;
  /** A download or copy that was interrupted, or is still running. */
  readonly partial: boolean;
}

/** What a folder holds, newest first. A folder that is not there yet is empty, not wrong. */
export interface SnapshotListing {
  readonly entries: readonly SnapshotEntry[];
  /** How many older ones are not listed. */
  readonly more: number;
  readonly unreadable?: string;
}

const atMost = 200;

/** Whether a file of this name is listed: snapshots, packed ones, and what is on its way to be one. */
export const looksLikeSnapshot = (name: string): boolean => /\.(db|snap|snapshot|etcd)(\.(part|gz|zst|xz|bz2|zip|incoming|incoming\.part))?$/i.test(name);

/** Whether it has not arrived yet. */
export const isPartial = (name: string): boolean => /\.(part|incoming)$/i.test(name);

/** The newest 200, newest first; `unlisted` is how many more there are that nobody asked about. */
export function listingOf(entries: readonly SnapshotEntry[], unlisted = 0): SnapshotListing {
  const files = [...entries].sort((a, b) => b.mtimeMs - a.mtimeMs || a.name.localeCompare(b.name));
  return { entries: files.slice(0, atMost), more: Math.max(0, files.length - atMost) + unlisted };
}
