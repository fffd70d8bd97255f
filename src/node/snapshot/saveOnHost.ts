import { createHash } from 'node:crypto';
import type { EtcdEndpoint } from '../../core/cluster/status.js';
import { uploadScript } from '../../core/host/fileScripts.js';
import type { Host } from '../../core/host/host.js';
import { incomingPath } from '../../core/host/snapshotScripts.js';
import { pathOnHost, type HostPlace } from '../../core/snapshot/hostSnapshots.js';
import { uploadFailure } from '../host/upload.js';
import { discardOnHost, prepareOnHost, publishOnHost } from './receiveOnHost.js';
import type { SavedSnapshot, SaveOptions } from './saveSnapshot.js';
import { beginStream, type SaveStreamCheck } from './saveStreamCheck.js';

/**
 * Streams a snapshot of the endpoint's member through this machine to a host, without a file here. What passes is hashed and
 * compared with the server's sha256; then the host hashes what lies on its disk, and only if that is the same gives it its name,
 * replacing nothing. Mode 0600. On failure or cancel nothing is left, as far as the host can be reached.
 */
export async function saveOnHost(etcd: EtcdEndpoint, host: Receiver, place: HostPlace, { signal, onProgress }: Omit<SaveOptions, 'workerDir'>): Promise<SavedSnapshot> {
  signal.throwIfAborted();
  onProgress?.({ receivedBytes: 0, totalBytes: undefined });
  const batches = etcd.snapshot(signal)[Symbol.asyncIterator]();
  try {
    const first = await batches.next();
    const { check, version } = beginStream(etcd.endpoint, first);
    await prepareOnHost(host, place, check.totalBytes, signal);
    const pass = new PassingHash(check.dbBytes);
    const pieces = async function* () {
      for (let next = first; next.done !== true; next = await batches.next()) {
        for (const chunk of next.value) check.add(chunk);
        for (const { blobs } of next.value) for (const blob of blobs) yield pass.add(blob);
        onProgress?.({ receivedBytes: check.received, totalBytes: check.totalBytes });
      }
    };
    const sha256 = await receive(host, place, check, pass, pieces(), signal);
    return { path: pathOnHost(place), sizeBytes: check.totalBytes, sha256, endpoint: etcd.endpoint, ...(version !== undefined && { storageVersion: version }) };
  } finally {
    await batches.return?.();
  }
}

type Receiver = Pick<Host, 'name' | 'run'>;

/** Gives the sha256 of the database. */
async function receive(host: Receiver, place: HostPlace, check: SaveStreamCheck, pass: PassingHash, pieces: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<string> {
  try {
    const to = incomingPath(place);
    const outcome = await host.run(uploadScript(to, check.totalBytes, 0, pieces), { signal });
    // What the member did not send is no fault of the host's.
    check.finish();
    if (outcome.code !== 0) throw uploadFailure(host, to, outcome);
    const sha256 = pass.ofDatabase();
    check.compare(sha256);
    await publishOnHost(host, place, pass.ofAll(), signal);
    return sha256;
  } catch (error) {
    await discardOnHost(host, place);
    throw error;
  }
}

/** Hashes what passes: the database by itself, and all of it with the trailer. */
class PassingHash {
  private readonly all = createHash('sha256');
  private database: string | undefined;
  private left: number;

  constructor(dbBytes: number) {
    this.left = dbBytes;
  }

  add(blob: Uint8Array): Uint8Array {
    const ofDatabase = blob.subarray(0, Math.max(0, this.left));
    this.all.update(ofDatabase);
    this.left -= ofDatabase.length;
    if (this.left === 0) this.database ??= this.all.copy().digest('hex');
    this.all.update(blob.subarray(ofDatabase.length));
    return blob;
  }

  ofDatabase(): string { return this.database ?? ''; }

  ofAll(): string { return this.all.digest('hex'); }
}
