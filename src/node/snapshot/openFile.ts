import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { KnownError, textOf } from '../../core/errors.js';
import type { RandomAccessFile } from '../../core/ports.js';

/** A file that is closed when its scope ends. */
export type OpenFile = RandomAccessFile & Disposable & { readonly fd: number };

/** Opens a file for reading at any offset. Every failure is a `FILE_UNREADABLE`. */
export function openFile(path: string): OpenFile {
  const unreadable = (error: unknown): KnownError =>
    new KnownError('FILE_UNREADABLE', { path, reason: textOf(error) }, { cause: error });
  const guarded = <T>(action: () => T): T => {
    try {
      return action();
    } catch (error) {
      throw unreadable(error);
    }
  };
  const fd = guarded(() => openSync(path, 'r'));
  return {
    path,
    fd,
    size: guarded(() => fstatSync(fd).size),
    read: (offset, into) => guarded(() => {
      let got = 0;
      while (got < into.length) {
        const count = readSync(fd, into, got, into.length - got, offset + got);
        if (count === 0) break;
        got += count;
      }
      return got;
    }),
    [Symbol.dispose]: () => { closeSync(fd); },
  };
}
