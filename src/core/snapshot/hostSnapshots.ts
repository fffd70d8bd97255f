import type { ClusterDefinition } from '../cluster/definition.js';
import { said } from '../host/outcome.js';
import { isPartial, listingOf, looksLikeSnapshot, type SnapshotEntry, type SnapshotListing } from './snapshotEntry.js';

/** The folder of root's in which a host's snapshots lie, where the settings name no other. */
const usualHostFolder = '/var/lib/etcd-recovery/snapshots';

/** A folder for snapshots on a host behind SSH. */
export interface HostFolder {
  readonly host: string;
  /** Absolute. */
  readonly folder: string;
}

/** The folder of each host of a cluster that is not the editor's own machine. */
export const hostFoldersOf = ({ members, hostSnapshotFolder }: ClusterDefinition): readonly HostFolder[] =>
  [...new Set(members.map(({ host }) => host))].filter(host => host !== 'local').map(host => ({ host, folder: hostSnapshotFolder ?? usualHostFolder }));

/** A snapshot's place on a host. */
export interface HostPlace {
  /** Absolute. */
  readonly folder: string;
  readonly name: string;
}

export const pathOnHost = ({ folder, name }: HostPlace): string => `${folder.replace(/\/+$/, '')}/${name}`;

/** Whether a name that a host gives is one of those that we give: no path, no option, not hidden, nothing to be read in two ways. */
export const isSnapshotName = (name: string): boolean => /^[A-Za-z0-9_][A-Za-z0-9._-]{0,199}$/.test(name);

/** Reads what `listScript` prints. The host is not believed: what is no plain name of a snapshot is not listed. */
export function readHostListing(stdout: string, folder: string): SnapshotListing {
  const lines = stdout.split('\n').filter(line => /^\d/.test(line));
  const entries = lines.flatMap(line => entryOf(line, folder));
  const files = Number(said(stdout)?.args['files']);
  return listingOf(entries, Number.isSafeInteger(files) ? Math.max(0, files - lines.length) : 0);
}

function entryOf(line: string, folder: string): readonly SnapshotEntry[] {
  const [, size = '', seconds = '', name = ''] = /^(\d{1,15})\t(\d{1,11}(?:\.\d+)?)\t([^\t]+)$/.exec(line) ?? [];
  if (!isSnapshotName(name) || !looksLikeSnapshot(name)) return [];
  return [{ path: pathOnHost({ folder, name }), name, size: Number(size), mtimeMs: Math.round(Number(seconds) * 1000), partial: isPartial(name) }];
}
