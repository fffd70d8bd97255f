import { KnownError } from '../../core/errors.js';
import { NO_FILE } from '../../core/host/fileScripts.js';
import type { Host, HostOutcome } from '../../core/host/host.js';
import { said } from '../../core/host/outcome.js';
import { discardScript, listScript, prepareScript, publishScript, sumScript } from '../../core/host/snapshotScripts.js';
import { pathOnHost, readHostListing, type HostPlace } from '../../core/snapshot/hostSnapshots.js';
import type { SnapshotListing } from '../../core/snapshot/snapshotEntry.js';
import { placeOf } from '../host/upload.js';

type Runs = Pick<Host, 'name' | 'run'>;

/** What a host says of a file. */
export interface FileOnHost {
  /** Bytes. */
  readonly size: number;
  readonly mtimeMs: number;
  /** Of the bytes that were asked about, hex. */
  readonly sha256: string;
}

/** Lists a host's folder; changes nothing there. A folder that is not there yet is empty. */
export async function listOnHost(host: Runs, folder: string, signal: AbortSignal): Promise<SnapshotListing> {
  const outcome = await host.run(listScript(folder), { signal });
  if (outcome.code !== 0 || said(outcome.stdout)?.code !== 'LISTED') throw new KnownError('FILE_UNREADABLE', { path: placeOf(host, folder), reason: lastLine(outcome) });
  return readHostListing(outcome.stdout, folder);
}

/** Size, time and sha256 of a file; with `bytes`, the sha256 is that of its beginning. */
export async function sumOnHost(host: Runs, path: string, signal: AbortSignal, bytes?: number): Promise<FileOnHost> {
  const outcome = await host.run(sumScript(path, bytes), { signal });
  const sum = said(outcome.stdout);
  const { size, changed, sha256 } = sum?.code === 'SUM' ? sum.args : {};
  const told = { size: Number(size), mtimeMs: Math.round(Number(changed) * 1000), sha256: String(sha256) };
  if (outcome.code === 0 && Number.isSafeInteger(told.size) && Number.isSafeInteger(told.mtimeMs) && /^[0-9a-f]{64}$/.test(told.sha256)) return told;
  throw new KnownError('FILE_UNREADABLE', { path: placeOf(host, path), reason: outcome.code === NO_FILE ? 'ENOENT' : lastLine(outcome) });
}

/** Makes the folder and looks whether so many bytes fit, and whether the name is free. */
export async function prepareOnHost(host: Runs, place: HostPlace, needed: number, signal: AbortSignal): Promise<void> {
  const outcome = await host.run(prepareScript(place), { signal });
  const ready = said(outcome.stdout);
  if (outcome.code !== 0 || ready?.code !== 'READY') throw refusal(host, pathOnHost(place), outcome);
  const free = Number(ready.args['free']);
  // Some file systems tell no size at all.
  if (free > 0 && free < needed) throw new KnownError('SAVE_NO_SPACE', { folder: placeOf(host, place.folder), free, needed });
}

/** Compares the sha256 of what was received, and only then gives it its name. */
export async function publishOnHost(host: Runs, place: HostPlace, sha256: string, signal: AbortSignal, mtimeMs?: number): Promise<void> {
  const outcome = await host.run(publishScript(place, sha256, mtimeMs), { signal, outlives: true });
  if (outcome.code !== 0 || said(outcome.stdout)?.code !== 'PUBLISHED') throw refusal(host, pathOnHost(place), outcome);
}

/** Removes what was received, as far as the host can be reached: what stays is listed as interrupted. */
export async function discardOnHost(host: Runs, place: HostPlace): Promise<void> {
  await host.run(discardScript(place), { signal: AbortSignal.timeout(20_000) }).catch(() => undefined);
}

/** Paths in what a script says are the host's: it is told which. */
function refusal(host: Runs, path: string, outcome: HostOutcome): KnownError {
  const last = outcome.code === 0 ? undefined : said(outcome.stdout);
  if (last?.code === 'FILE_EXISTS' || last?.code === 'SAVE_COPY_DIFFERS') return new KnownError(last.code, { ...last.args, path: placeOf(host, path) });
  return new KnownError('FILE_UNWRITABLE', { path: placeOf(host, path), reason: lastLine(outcome) });
}

const lastLine = ({ stderr }: HostOutcome): string => stderr.trim().split('\n').at(-1) ?? '';
