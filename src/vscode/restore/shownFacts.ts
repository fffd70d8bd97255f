import * as vscode from 'vscode';
import { humanBytes } from '../../core/cluster/humanBytes.js';
import type { RestoreSubject } from '../../core/restore/subject.js';
import type { ShownFact } from '../../panel/restore.js';
import { moment } from '../age.js';

/** What a plan is about, as lines of label and value. */
export function planFacts(subject: RestoreSubject): ShownFact[] {
  const { snapshot, foretold } = subject;
  const plain = (label: string, value: string): ShownFact => ({ label, value, mono: false });
  const mono = (label: string, value: string): ShownFact => ({ label, value, mono: true });
  return [
    mono(vscode.l10n.t('Snapshot'), snapshot.path),
    plain(vscode.l10n.t('Saved'), `${moment(snapshot.savedMs)} · ${humanBytes(snapshot.size)}`),
    mono('sha256', snapshot.sha256),
    plain(vscode.l10n.t('Content'), vscode.l10n.t('{keys} keys at revision {revision}', { keys: snapshot.keys, revision: snapshot.revision })),
    plain(vscode.l10n.t('Highest revision seen'), subject.highestRevisionSeen),
    plain(vscode.l10n.t('Revision afterwards'), subject.bumpRevision === undefined ? foretold.revision
      : vscode.l10n.t('{revision} (raised by {bump}, so that no client sees it go back)', { revision: foretold.revision, bump: subject.bumpRevision })),
    ...subject.clusterIdBefore === undefined ? [] : [mono(vscode.l10n.t('Cluster id now'), subject.clusterIdBefore)],
    mono(vscode.l10n.t('Cluster id foretold'), foretold.clusterId),
    mono(vscode.l10n.t('Member ids foretold'), subject.members.map(({ name }) => `${name} ${foretold.memberIds[name] ?? ''}`).join(' · ')),
    mono(vscode.l10n.t('HashKV foretold'), String(foretold.hashKv)),
    mono(vscode.l10n.t('New cluster token'), subject.token),
    ...subject.tools.map(({ path, version }) => mono(vscode.l10n.t('Tool'), `${path} (${version})`)),
    ...subject.space.map(({ members, needed, free }) => plain(vscode.l10n.t('Disk space'),
      vscode.l10n.t('{needed} needed for {members}, {free} free', { needed: humanBytes(needed), members: members.join(', '), free: humanBytes(free) }))),
    ...subject.members.flatMap(({ name, oldData }) => oldData === undefined ? [] : [mono(vscode.l10n.t('Old data of {member}', { member: name }), oldData)]),
  ];
}
