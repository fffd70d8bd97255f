import type { RandomAccessFile } from '../../core/ports.js';
import type { Control } from './control.js';
import { blockSize, ended } from './control.js';

/** A read that is this slow came from the disk: bytes per millisecond, after the first millisecond. */
const DISK_SPEED = 300_000;
const COLD = 4;
const HOTTEST = 8;
const WAIT_MS = 200;

/**
 * Lets reads in the order of keys profit from another thread that reads the same file in its own order. While reads come
 * from the system's cache they go ahead at once; once they come from the disk, where jumping about is slow, those ahead
 * of the other thread wait for it.
 */
export function followFrontier(file: RandomAccessFile, control: Control): RandomAccessFile {
  let cold = 0;
  let bytes = 0;
  return {
    ...file,
    read(offset, into) {
      const last = Math.floor((offset + into.length - 1) / blockSize);
      if (cold >= COLD) {
        for (let at = control.frontier(); at <= last && at !== ended; at = control.frontier()) control.waitFor(last, WAIT_MS);
      }
      const isAhead = control.frontier() <= last;
      const before = performance.now();
      const got = file.read(offset, into);
      if (isAhead) {
        const isSlow = performance.now() - before > 1 + into.length / DISK_SPEED;
        cold = isSlow ? Math.min(cold + 2, HOTTEST) : Math.max(cold - 1, 0);
      }
      bytes += got;
      control.walk(Math.floor(bytes / blockSize));
      return got;
    },
  };
}
