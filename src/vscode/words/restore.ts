import { l10n } from 'vscode';
import type { RestoreErrorCode } from '../../core/restore/errors.js';
import { journalFaultSentence } from './journalFaults.js';
import type { Sentence } from './sentence.js';

export const restoreWords: Record<RestoreErrorCode, Sentence> = {
  PLAN_NOT_APPROVED: a => l10n.t('The plan {run} is not the one that was approved. Nothing was run; look at the plan again.', a),
  POINT_OF_NO_RETURN: a => l10n.t('The step {step} cannot be taken back. Resume the restore instead.', a),
  WAY_BACK_CHANGED: a => l10n.t('What lies in place has changed since the way back of {run} was shown. Nothing was done: press "Take Back…" again and look at it anew.', a),
  WAY_BACK_MISSING: a => l10n.t('{path} is not there on {host} any more, and the restore cannot be taken back without it. Nothing was stopped or moved: what runs goes on running. If the path was moved, put it back, then take the restore back; if it was removed, the restored data stays.', a),
  WAY_BACK_TAKEN: a => l10n.t('{path} is there on {host} already, where taking the restore back would put data. Nothing was stopped or moved: what runs goes on running. Look at what it is; move it away if it is not needed, then take the restore back.', a),
  STEP_NO_EFFECT: a => l10n.t('The step {step} ran, but its effect is not in place. {why}', a),
  HOST_UNKNOWN: a => l10n.t('The plan names the host {host}, which is not known here. Add it to the cluster, then resume.', a),
  HOST_SCRIPT_FAILED: a => l10n.t('A step on {host} ended with code {code}: {reason} Mend the cause, then try again; the log has more.', a),
  STILL_RUNNING: a => l10n.t('etcd still runs on {dataDir} (process {pids}). Stop it, then resume.', a),
  PORT_TAKEN: a => a['process'] === '' ? l10n.t('Nobody holds the data of etcd, but something listens on its port {ports} on {host}: a process that this user cannot see, or one in a container. Find it with "ss -ltnp" as root and end it, then resume or take the restore back.', a)
    : l10n.t('Nobody holds the data of etcd, but process {process} listens on its port {ports} on {host}. End it, then resume or take the restore back.', a),
  NOT_RUNNING: a => a['reason'] === undefined || a['reason'] === '' ? l10n.t('No etcd holds the database in {dataDir}. Look at its log, then resume or take the restore back.', a)
    : l10n.t('No etcd holds the database in {dataDir}. Its start command said: {reason} Look at its log, then resume or take the restore back.', a),
  PATH_MISSING: a => l10n.t('{path} is not there on {host}. Find out where it went, then resume or take the restore back.', a),
  PATH_EXISTS: a => l10n.t('{path} is there already, and nothing is overwritten. Look at what it is; move it away if it is not needed, then resume.', a),
  DATA_BEGUN_ANEW: a => l10n.t('On {host}, {path} is there again although the data was put aside: something started etcd meanwhile, and it began an empty database. Stop what starts it, move {path} away, then resume or take the restore back.', a),
  FILE_DIFFERS: a => l10n.t('{path} on {host} is not the snapshot of the plan any more. Put the file back that was planned with, then resume; or take the restore back, then plan again with the file that is there now.', a),
  TOOL_FAILED: a => l10n.t('{tool} could not restore the snapshot on {host} (code {code}): {reason} Nothing was stopped for it. Mend the cause, then resume.', a),
  STAGING_INCOMPLETE: a => l10n.t('The restored data in {path} on {host} is not complete: {missing} is missing. Nothing was stopped for it. Resume, and it is made anew.', a),
  STAGING_REPLACED: a => l10n.t('{path} on {host} was replaced while the snapshot was restored there: it is a link, belongs to somebody else, or is open to others. It was left alone, and nothing was stopped for it. Find out who else writes to the data directory, then resume.', a),
  TOOL_DIFFERS: a => l10n.t('{path} on {host} is not the tool any more that was copied there, or others can write to it. It was not run, and nothing was stopped for it. Find out who else writes to the data directory, take this restore back, then plan it anew.', a),
  STEP_BUSY: a => l10n.t('An earlier attempt of this step still works in {dataDir}. Wait for it, then resume.', a),
  FLOCK_MISSING: a => l10n.t('The command flock (package util-linux) is missing on {host}. Install it, then resume.', a),
  USER_COMMAND_FAILED: a => l10n.t('On {host}, the command {command} ended with code {code}: {reason} Mend the cause, then resume or take the restore back.', a),
  MANIFEST_RETURNED: a => l10n.t('On {host}, {path} is back in the manifest directory although this run moved it to {parked}. Something that manages manifests (kubespray, kubeadm, a GitOps agent) put it there: stop that, move the new file away, then resume.', a),
  MANIFEST_NOT_FOUND: a => l10n.t('No file in {dir} on {host} describes etcd. Choose a control-plane host, or put its manifest back there.', a),
  MANIFEST_CHANGED: a => l10n.t('On {host}, {path} is not the manifest of the plan any more. Find out who changed it, then plan again, or put the old one back and resume.', a),
  POD_NOT_BACK: a => l10n.t('On {host}, the manifest {path} is in its place, but the kubelet starts no {pod}. Look at "journalctl -u kubelet" there; "systemctl restart kubelet" often mends it. Then resume.', a),
  KUBELET_NOT_RESTARTED: a => l10n.t('The kubelet on {host} was not restarted: {reason} Look at "journalctl -u kubelet" there, then resume.', a),
  API_SERVER_NOT_READY: a => l10n.t('The API server on {host} is not ready: {reason} Look at its log in /var/log/pods, then resume.', a),
  IDENTITY_DIFFERS: a => l10n.t('{member} has member id {memberId} in cluster {clusterId}; expected were {expectedMember} in {expectedCluster}. Look at what answers at its endpoint, then resume or take the restore back.', a),
  HASHKV_DIFFERS: a => l10n.t('The content of {member} at revision {revision} has HashKV {hash}; foretold was {expected}. Take the restore back.', a),
  LOCKED_BY_OTHER: a => l10n.t('{dataDir} is being worked on by {owner}. Wait until that has ended.', a),
  TAKEN_OVER: a => l10n.t('While the connection to {host} was lost, {owner} worked on {dataDir}. Nothing more was done there. Ask who that was, look at the run anew, then resume it or take it back.', a),
  OTHER_RUN_OPEN: a => l10n.t('Another restore ({run}) was begun on {dataDir} and is not over. Resume it or take it back, then plan again.', a),
  NEWER_RUN: a => l10n.t('A later restore ({run}) lies on {dataDir}. Take that one back first.', a),
  JOURNAL_UNREADABLE: a => l10n.t('{path} is not the journal of a restore, or its first line is damaged. Choose another copy: one lies beside the data of each member.', a),
  JOURNAL_NOT_TRUSTED: a => journalFaultSentence(a),
  JOURNAL_DIGEST_DIFFERS: a => l10n.t('The plan inside the journal {path} was changed after it was approved. It is not run. Choose another copy: one lies beside the data of each member.', a),
};
