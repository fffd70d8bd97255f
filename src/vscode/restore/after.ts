import * as vscode from 'vscode';
import { hexId } from '../../core/cluster/status.js';
import { codeOf, isKnown, textOf } from '../../core/errors.js';
import type { RestoreSubject } from '../../core/restore/subject.js';
import type { ConnectMember } from '../../node/etcd/connectMember.js';
import { sentence } from '../words/index.js';
import type { MemberAfter } from './state.js';

/** Asks every member how it is now; one that does not answer says why. */
export const askAfter = (connect: ConnectMember, subject: RestoreSubject, signal: AbortSignal): Promise<readonly MemberAfter[]> =>
  Promise.all(subject.members.map(async (member): Promise<MemberAfter> => {
    try {
      const { name, host, endpoint, tls } = member;
      const etcd = await connect({ name, endpoint, ...(tls === undefined ? {} : { tls }), ...(tls?.at === 'host' ? { through: host } : {}) });
      try {
        const { clusterId, memberId, version, revision, dbSize, errors } = await etcd.status(signal);
      // Who tells its status may be without quorum.
      const serves = await etcd.health(signal).then(({ healthy }) => healthy, () => false);
        return { name: member.name, clusterId: hexId(clusterId), memberId: hexId(memberId), version, revision: String(revision), serves, dbSize, alarms: errors.join(', ') };
      } finally {
        etcd.close();
      }
    } catch (error) {
      return { name: member.name, silent: isKnown(error) ? sentence(error) : codeOf(error) === 'CANCELLED' || signal.aborted ? vscode.l10n.t('It was not heard from in time.') : textOf(error) };
    }
  }));
