import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { compareVersions } from '../../../scripts/etcdVersions.js';
import type { EtcdVersion } from '../../../scripts/etcdVersions.js';
import type { SnapshotHashKv, SnapshotStatus } from '../../../src/core/snapshot/report.js';
import { withoutEtcdVariables } from '../realMember.js';

const run = promisify(execFile);

/** Runs etcdctl or etcdutl. Rejects with what it says. */
export async function runTool(tool: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await run(tool, args, { env: { ...withoutEtcdVariables(), ETCDCTL_API: '3' } });
  return stdout;
}

/** `snapshot status` of a version's own tool. */
export async function toolStatus({ etcdctl, etcdutl }: EtcdVersion, file: string): Promise<string> {
  const json = await runTool(etcdutl ?? etcdctl, 'snapshot', 'status', file, '--write-out=json');
  const field = (name: string): string => new RegExp(`"${name}":"?([\\d.]+)`).exec(json)?.[1] ?? '';
  return `hash ${field('hash')}, revision ${field('revision')}, ${field('totalKey')} keys, ${field('totalSize')} bytes, storage ${field('version')}`;
}

/** The same from our reading, as the tool of `version` prints it: since 3.6 with live keys and the storage version. */
export function ourStatus({ hash, revision, totalKeys, totalSize, storageVersion = '' }: SnapshotStatus, { version }: EtcdVersion): string {
  const isNew = compareVersions(version, '3.6.0') >= 0;
  const keys = isNew ? totalKeys.since36 : totalKeys.upTo35;
  return `hash ${hash}, revision ${revision}, ${keys} keys, ${totalSize} bytes, storage ${isNew ? storageVersion : ''}`;
}

/** HashKV as a live server answers it, from `endpoint hashkv --write-out=json`. */
export function liveHashKv(json: string, revision: bigint): SnapshotHashKv {
  const [, hash, , compact] = /"hash":(\d+)(,"compact_revision":(-?\d+))?/.exec(json) ?? [];
  const compactRevision = BigInt(compact ?? 0);
  return { hash: Number(hash), revision, compactRevision: compactRevision < 0n ? 0n : compactRevision };
}
