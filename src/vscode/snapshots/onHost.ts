import type { SnapshotEntry } from '../../core/snapshot/snapshotEntry.js';
import { placeOf } from '../../node/host/upload.js';

/** A snapshot on a host, with a path that names the host: what was found out about it is remembered by that. */
export const onHost = (host: string, entry: SnapshotEntry): SnapshotEntry => ({ ...entry, path: placeOf({ name: host }, entry.path) });
