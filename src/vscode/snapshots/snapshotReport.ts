import path from 'node:path';
import * as vscode from 'vscode';
import { humanBytes } from '../../core/cluster/humanBytes.js';
import { hexId } from '../../core/cluster/status.js';
import type { SnapshotReport } from '../../core/snapshot/report.js';
import type { Report, ReportSection } from '../../panel/report.js';
import { moment } from '../age.js';

const hex = (value: number): string => value.toString(16);
const whole = (value: number): string => new Intl.NumberFormat(vscode.env.language).format(value);

type Fact = Extract<ReportSection, { kind: 'facts' }>['facts'][number];
const fact = (label: string, value: string, hint?: string): Fact => ({ label, value, ...hint !== undefined && { hint } });
const code = (label: string, value: string, hint?: string): Fact => ({ ...fact(label, value, hint), code: true });

/** The report of a verification that found nothing wrong. */
export function snapshotReport(report: SnapshotReport): Pick<Report, 'title' | 'subtitle' | 'verdict' | 'sections'> {
  const sealed = report.trailer === 'matches';
  return {
    title: path.basename(report.file.path),
    subtitle: report.file.path,
    verdict: sealed
      ? { tone: 'ok', text: vscode.l10n.t('Verified: its sha256 matches, every page is in order and every value decodes.') }
      : { tone: 'warn', text: vscode.l10n.t('Every page is in order and every value decodes, but the file ends in no sha256: nothing vouches for the values, and writes still in the log of its member may be missing.') },
    sections: [...notices(report), contents(report), content(report), file(report), ...members(report), keys(report)],
  };
}

function notices({ status }: SnapshotReport): readonly ReportSection[] {
  const notice = (tone: 'plain' | 'warn', text: string): ReportSection => ({ kind: 'notice', tone, text });
  const { values, alarms, auth } = status;
  return [
    ...values.encrypted > 0 ? [notice('plain', vscode.l10n.t('{count} values are encrypted by Kubernetes. A restored cluster can read them only with an EncryptionConfiguration that holds these keys: {keys}.', { count: whole(values.encrypted), keys: values.encryptionKeys.join(', ') }))] : [],
    ...values.encrypted === 0 && values.protobuf > 0 ? [notice('plain', vscode.l10n.t('Nothing in it is encrypted by Kubernetes: whoever can read this file can read every Secret.'))] : [],
    ...alarms.length > 0 ? [notice('warn', vscode.l10n.t('Alarms were raised when it was made: {alarms}.', { alarms: alarms.map(alarm => `${alarm.kind} (${hexId(alarm.memberId)})`).join(', ') }))] : [],
    ...auth.enabled ? [notice('plain', vscode.l10n.t('Authentication is on, with {users} users and {roles} roles.', { users: auth.users, roles: auth.roles }))] : [],
  ];
}

/** What `snapshot status` prints, with both meanings of its total. */
const contents = ({ status }: SnapshotReport): ReportSection => ({
  kind: 'facts', heading: vscode.l10n.t('Snapshot status'),
  facts: [
    code(vscode.l10n.t('Hash'), hex(status.hash), vscode.l10n.t('as etcdctl prints it; {decimal} in JSON. It differs between members by design.', { decimal: status.hash })),
    fact(vscode.l10n.t('Revision'), status.revision.toString()),
    fact(vscode.l10n.t('Total keys'), whole(status.totalKeys.since36), vscode.l10n.t('distinct live keys: what etcdutl 3.6 and later prints')),
    fact(vscode.l10n.t('Total keys'), whole(status.totalKeys.upTo35), vscode.l10n.t('entries of all buckets: what etcdctl and etcdutl up to 3.5 print')),
    fact(vscode.l10n.t('Total size'), humanBytes(status.totalSize), vscode.l10n.t('{used} in use', { used: humanBytes(status.sizeInUse) })),
    fact(vscode.l10n.t('Storage version'), status.storageVersion ?? '–', status.storageVersion === undefined ? vscode.l10n.t('written by etcd 3.6 and later only') : undefined),
  ],
});

const content = ({ status, hashKv }: SnapshotReport): ReportSection => ({
  kind: 'facts', heading: vscode.l10n.t('Content'),
  facts: [
    code('HashKV', hex(hashKv.hash), vscode.l10n.t('{decimal} at revision {revision}, compacted at {compacted}. A live server with the same data answers the same.', {
      decimal: hashKv.hash, revision: hashKv.revision.toString(), compacted: hashKv.compactRevision.toString() })),
    fact(vscode.l10n.t('Live keys'), whole(status.keys.live)),
    fact(vscode.l10n.t('Stored revisions'), whole(status.keys.revisions), vscode.l10n.t('{count} of them deletions', { count: whole(status.keys.tombstones) })),
    fact(vscode.l10n.t('Leases'), whole(status.leases)),
    fact(vscode.l10n.t('Cluster version'), status.clusterVersion ?? '–'),
    ...status.consistentIndex === undefined ? [] : [fact(vscode.l10n.t('Raft index'), status.consistentIndex.toString())],
    ...status.term === undefined ? [] : [fact(vscode.l10n.t('Raft term'), status.term.toString())],
  ],
});

const file = ({ file: it, kind, status }: SnapshotReport): ReportSection => ({
  kind: 'facts', heading: vscode.l10n.t('File'),
  facts: [
    fact(vscode.l10n.t('Kind'), kind === 'snapshot' ? vscode.l10n.t('snapshot, sealed with a sha256') : vscode.l10n.t('bare database, as in member/snap/db')),
    fact(vscode.l10n.t('Size'), humanBytes(it.size), vscode.l10n.t('{bytes} bytes', { bytes: whole(it.size) })),
    fact(vscode.l10n.t('Changed'), moment(it.mtimeMs)),
    code('sha256', it.sha256, vscode.l10n.t('of the whole file, as sha256sum prints it')),
    fact(vscode.l10n.t('Page size'), vscode.l10n.t('{bytes} bytes', { bytes: whole(status.pageSize) })),
  ],
});

const members = ({ status }: SnapshotReport): readonly ReportSection[] => status.members.length === 0 ? [] : [{
  kind: 'table', heading: vscode.l10n.t('Recorded members'),
  columns: [{ title: 'ID', code: true }, { title: 'NAME' }, { title: 'PEER ADDRS', code: true }, { title: 'CLIENT ADDRS', code: true }, { title: 'IS LEARNER' }],
  rows: status.members.map(member => [hexId(member.id), member.name, member.peerUrls.join(', '), member.clientUrls.join(', '), String(member.isLearner)]),
}];

const keys = ({ status }: SnapshotReport): ReportSection => ({
  kind: 'table', heading: vscode.l10n.t('Buckets'),
  columns: [{ title: vscode.l10n.t('Bucket'), code: true }, { title: vscode.l10n.t('Entries'), numeric: true }],
  rows: Object.entries(status.buckets).map(([name, count]) => [name, whole(count)]),
});
