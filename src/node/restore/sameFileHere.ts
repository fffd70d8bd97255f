import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { KnownError, textOf } from '../../core/errors.js';
import type { Probe, Verdict } from '../../core/probe.js';

/** sha256 (hex) and size (bytes) of a file of this machine, whatever its system. Rejects with FILE_UNREADABLE. */
export async function fingerprint(path: string, signal: AbortSignal): Promise<{ readonly sha256: string; readonly size: number }> {
  const hash = createHash('sha256');
  let size = 0;
  try {
    for await (const piece of createReadStream(path, { highWaterMark: 1 << 20, signal })) {
      hash.update(piece as Buffer);
      size += (piece as Buffer).length;
    }
  } catch (error) {
    signal.throwIfAborted();
    throw new KnownError('FILE_UNREADABLE', { path, reason: textOf(error) }, { cause: error });
  }
  return { sha256: hash.digest('hex'), size };
}

/** Whether a file of this machine has the content it should have; hosts are asked with a script, which this machine may not understand. */
export async function sameFileHere({ path, sha256, size }: Extract<Probe, { readonly is: 'sameFile' }>, signal: AbortSignal): Promise<Verdict> {
  const found = await fingerprint(path, signal).catch((error: unknown) => {
    if (error instanceof KnownError && String(error.args['reason']).includes('ENOENT')) return undefined;
    throw error;
  });
  if (found === undefined) return { holds: false, why: { code: 'PATH_MISSING', args: { host: 'local', path } } };
  return found.sha256 === sha256 && found.size === size ? { holds: true } : { holds: false, why: { code: 'FILE_DIFFERS', args: { host: 'local', path } } };
}
