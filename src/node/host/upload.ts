import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { KnownError, textOf } from '../../core/errors.js';
import { INPUT_CUT, partScript, uploadScript } from '../../core/host/fileScripts.js';
import type { Host, HostOutcome, HostUpload } from '../../core/host/host.js';
import { failureOf, isScriptCode, said } from '../../core/host/outcome.js';

/** Bytes read and sent at a time. */
const PIECE = 2 ** 20;

/** Copies a file to a host by its scripts alone, and goes on where an earlier copy of the same bytes ended. */
export async function upload(host: Pick<Host, 'name' | 'run'>, from: string, to: string, { signal, onProgress }: HostUpload): Promise<void> {
  const fail = (error: unknown): never => { throw new KnownError('FILE_UNREADABLE', { path: from, reason: textOf(error) }, { cause: error }); };
  await using file = await open(from).catch(fail);
  const { size } = await file.stat();
  const offset = await resumeAt(host, file, to, size, signal);
  onProgress?.(offset);
  const pieces = async function* () {
    let sent = offset;
    // Asked for no more than was announced: what is appended meanwhile is not part of it.
    for await (const piece of piecesOf(file, offset, size)) {
      yield piece;
      sent += piece.length;
      onProgress?.(sent);
    }
    if (sent !== size) fail(new Error(`${size} bytes became ${sent}`));
  };
  const outcome = await host.run(uploadScript(to, size, offset, pieces()), { signal });
  if (outcome.code !== 0) throw uploadFailure(host, to, outcome);
}

/** Why an upload failed, once its script has said so. */
export function uploadFailure(host: Pick<Host, 'name'>, to: string, outcome: HostOutcome): KnownError {
  const code = said(outcome.stdout)?.code;
  if (code !== undefined && isScriptCode(code)) return failureOf(host.name, outcome);
  if (outcome.code === INPUT_CUT) return new KnownError('HOST_LOST', { host: host.name });
  return new KnownError('FILE_UNWRITABLE', { path: placeOf(host, to), reason: outcome.stderr.trim().split('\n').at(-1) ?? '' });
}

/** A path and the host it is on, as scp writes it. */
export const placeOf = ({ name }: Pick<Host, 'name'>, path: string): string => `${name}:${path}`;

/** The bytes that need not be sent: those of a part that is the beginning of this very file. */
async function resumeAt(host: Pick<Host, 'name' | 'run'>, file: FileHandle, to: string, size: number, signal: AbortSignal): Promise<number> {
  const outcome = await host.run(partScript(to, size), { signal });
  const part = said(outcome.stdout);
  if (outcome.code !== 0 || part?.code !== 'PART') throw failureOf(host.name, outcome);
  const there = Number(part.args['size']);
  if (there === 0) return 0;
  const hash = createHash('sha256');
  for await (const piece of piecesOf(file, 0, there)) hash.update(piece);
  signal.throwIfAborted();
  return hash.digest('hex') === part.args['sha256'] ? there : 0;
}

async function* piecesOf(file: FileHandle, start: number, end: number): AsyncGenerator<Buffer> {
  for (let at = start; at < end;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(Math.min(PIECE, end - at)), 0, undefined, at);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}
