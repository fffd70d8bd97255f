import { KnownError } from '../errors.js';
import type { RandomAccessFile, Sha256 } from '../ports.js';
import { damage } from './bolt/damage.js';
import type { FileShape } from './examineFile.js';
import { trailerLength } from './examineFile.js';

/** The hash of what lies before a place, and the 32 bytes found there. Lowercase hex. */
export interface TrailerAt {
  readonly place: number;
  readonly computed: string;
  readonly recorded: string;
}

export interface FileHashes {
  /** Of the whole file, trailer included. */
  readonly sha256: string;
  readonly trailers: readonly TrailerAt[];
}

/** A running sha256 whose state can be copied, to end one copy early. */
export interface ForkableSha256 extends Sha256 {
  fork(): ForkableSha256;
}

/** Folds a file into its hashes, block by block in the order of the file. */
export class FileHasher {
  readonly #hash: ForkableSha256;
  readonly #places: readonly number[];
  readonly #trailers: TrailerAt[] = [];
  #done = 0;

  /** `places` as in `FileShape.trailerPlaces`. */
  constructor(hash: ForkableSha256, places: readonly number[]) {
    this.#hash = hash;
    this.#places = [...places].sort((a, b) => a - b);
  }

  update(block: Uint8Array, file: RandomAccessFile): void {
    let from = 0;
    for (const place of this.#places) {
      const until = place - this.#done;
      if (until <= 0 || until > block.length) continue;
      this.#hash.update(block.subarray(from, until));
      from = until;
      const recorded = new Uint8Array(trailerLength);
      file.read(place, recorded);
      this.#trailers.push({ place, computed: hex(this.#hash.fork().digest()), recorded: hex(recorded) });
    }
    this.#hash.update(block.subarray(from));
    this.#done += block.length;
  }

  finish(): FileHashes {
    return { sha256: hex(this.#hash.digest()), trailers: this.#trailers };
  }
}

/**
 * Whether the trailer vouches for the file; throws a KnownError when it does not, or when bytes are left over. etcd:
 * `saveDB` in `v3_snapshot.go`.
 */
export function judgeTrailer(path: string, shape: FileShape, hashes: FileHashes): 'matches' | 'absent' {
  const { size, meta, contentEnd } = shape;
  const at = (place: number): TrailerAt | undefined => hashes.trailers.find(trailer => trailer.place === place);
  const atEnd = at(size - trailerLength);
  if (atEnd && atEnd.computed === atEnd.recorded) return 'matches';
  const mismatch = atEnd && new KnownError('SNAPSHOT_HASH_MISMATCH', { path, recorded: atEnd.recorded, computed: atEnd.computed });
  if (!meta || contentEnd === undefined) throw mismatch ?? damage(path, 'META', 0);
  const inside = at(contentEnd);
  if (inside && inside.computed === inside.recorded) {
    throw new KnownError('SNAPSHOT_TRAILING_BYTES', { path, extra: size - contentEnd - trailerLength });
  }
  if (size % meta.pageSize === 0) return 'absent';
  throw mismatch ?? new KnownError('SNAPSHOT_TRAILING_BYTES', { path, extra: size - contentEnd });
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
