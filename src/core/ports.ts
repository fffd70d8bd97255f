/** What the core needs of the world, passed as arguments so that it can be tested without one. */

/** A file that is read at any offset, never as a whole. */
export interface RandomAccessFile {
  /** As the person knows it: messages name it. */
  readonly path: string;
  /** Size in bytes when it was opened. */
  readonly size: number;
  /**
   * Fills `into` from `offset` (bytes) and returns how many bytes it got: fewer only at the end of the file.
   * Synchronous, because it is called in a worker, where waiting costs more than reading.
   */
  read(offset: number, into: Uint8Array): number;
}

/** A running sha256. */
export interface Sha256 {
  update(bytes: Uint8Array): void;
  digest(): Uint8Array;
}

/** Wall-clock time: ISO 8601 text, UTC, in milliseconds. */
export interface Clock {
  now(): string;
  /** Waits; rejects at once when the signal aborts. `ms` is milliseconds. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}
