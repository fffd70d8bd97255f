import { l10n } from 'vscode';
import type { Message, MessageArgs } from '../../core/errors.js';
import { humanBytes } from '../../core/cluster/humanBytes.js';
import type { RefusalCode } from '../../core/restore/refusals.js';
import type { WarningCode } from '../../core/restore/subject.js';
import { shownArgs } from '../../core/shownText.js';
import { failureSentence } from './index.js';
import type { Sentence } from './sentence.js';

/** The same arguments with sizes as people read them. */
const sized = (args: MessageArgs): MessageArgs =>
  Object.fromEntries(Object.entries(args).map(([name, value]) => [name, (name === 'needed' || name === 'free') && typeof value === 'number' ? humanBytes(value) : value]));

const refusals: Record<RefusalCode, Sentence> = {
  RUN_KIND_NOT_SUPPORTED: a => l10n.t('Clusters that run as {kind} cannot be restored by this version yet. Define the cluster with the run kind "commands" and start and stop commands such as "systemctl start etcd".', a),
  HOST_SILENT: a => l10n.t('The host {host} cannot be asked: {reason} A member there would keep its old data. Mend this first, then plan again.', { ...a, reason: failureSentence({ code: String(a['reason']), args: { ...a, reason: a['detail'] ?? '' } }) }),
  NO_MEMBERS: a => l10n.t('The cluster {cluster} has no members in the settings. Add them first.', a),
  COMMANDS_MISSING: a => l10n.t('{member} has no start or no stop command. Add both in the settings.', a),
  UNSAFE_TEXT: a => l10n.t('A name, path, URL or command of {member} is empty or holds characters that cannot be passed on safely (control characters, or a comma or "=" in its name). Correct it in the settings.', a),
  UNSAFE_VALUE: a => l10n.t('{value} holds control characters, or such as turn text round on the screen, and cannot be passed on safely. Rename the file, or correct the manifest or the setting it comes from.', a),
  SEPARATE_WAL_DIR: a => l10n.t('{member} keeps its WAL apart in {path}. This version does not swap it, and an old WAL would silently undo the restore.', a),
  LEARNER: a => l10n.t('{member} is a learner, and a restore would make it a voter. Promote or remove it first, or choose a snapshot without learners.', a),
  MEMBER_MISMATCH: a => l10n.t('At {endpoint}, given for {member}, answers {found}. Correct the endpoints in the settings.', a),
  MEMBER_NOT_DEFINED: a => l10n.t('The running cluster has a member {member} ({urls}) that the settings do not know. It would be left behind with the old data; add it to the cluster first.', a),
  MEMBER_NOT_IN_CLUSTER: a => l10n.t('{member} is in the settings, but not in the member list of the running cluster. Remove it from the settings, or add it to the cluster.', a),
  PEER_URLS_DIFFER: a => l10n.t('The settings give {member} the peer URLs {defined}, the running cluster {live}. Correct the settings: ids are computed from these texts.', a),
  SAME_TWICE: a => l10n.t('{member} shares {value} with another member. Each needs its own name, peer URLs and data directory.', a),
  SNAPSHOT_WITHOUT_HASH: a => l10n.t('{path} is a bare database without the sha256 that "snapshot save" writes: nothing vouches for its values. Choose a snapshot made with "snapshot save".', a),
  SNAPSHOT_OF_OTHER_CLUSTER: a => l10n.t('This snapshot was made in another cluster than {cluster}. It records the members {members}.', a),
  SNAPSHOT_EMPTY_CLUSTER: a => l10n.t('{path} holds no keys at all. Choose another snapshot.', a),
  VERSION_UNKNOWN: a => l10n.t('The etcd version of {cluster} cannot be found out: no member answers and the snapshot does not say. Start one member, or choose another snapshot.', a),
  NO_TOOL: a => l10n.t('On {host} there is no tool that restores snapshots of etcd {version}: found {found}. Install etcdutl of that version and name its folder in the setting "etcdRecovery.toolFolders".', { ...a, found: a['found'] === '' ? l10n.t('none') : a['found'] ?? '' }),
  NO_PARENT: a => l10n.t('Neither the data directory of {member} nor the folder it should lie in exists. Mount its disk, or correct the path in the settings.', a),
  NOT_A_DIRECTORY: a => l10n.t('For {member}, {path} is not a directory. Look at what it is; correct the data directory of {member} in the settings if it is the wrong place.', a),
  LINK_IN_DATA: a => l10n.t('For {member}, {path} is a symbolic link. Renaming would move the link and not the data behind it; this version refuses that.', a),
  OTHER_FILE_SYSTEM: a => l10n.t('For {member}, "member" lies on another file system than its data directory, so it cannot be renamed in one step.', a),
  NOT_WRITABLE: a => l10n.t('The data directory of {member} is not writable for this user. Run the editor as the user that runs etcd, or as root.', a),
  NOT_OWNER: a => l10n.t('The data of {member} belongs to user {uid}, the editor runs as user {own}. Run it as that user, or as root, so that owners stay as they are.', a),
  DATA_DIR_OF_ANOTHER: a => l10n.t('{member} answers, but what answers is not the process that has the database in the data directory of the settings open. Correct the data directory of {member}.', a),
  MEMBER_CANNOT_BE_ASKED: a => l10n.t('{member} cannot be asked, so nobody knows whether it serves: {reason}', { ...a, reason: failureSentence({ code: String(a['reason']), args: { ...a, reason: a['detail'] ?? '' } }) }),
  NO_SPACE: a => l10n.t('Not enough disk space for {members}: {needed} are needed beside the old data, {free} are free.', sized(a)),
  NO_INODES: a => l10n.t('The file system of {member} has only {free} inodes left.', a),
  NO_MEMORY: a => l10n.t('Restoring needs about {needed} of memory on the machine of {member}, {free} are available. The kernel could kill etcd instead.', sized(a)),
  MANIFEST_DIR_MISSING: a => l10n.t('On {host} there is no manifest directory {dir}. Correct "manifestDir" of the cluster in the settings, or the host.', a),
  MANIFEST_MISSING: a => l10n.t('On {host}, no file in {dir} describes etcd, so {member} could not be started afterwards. Put its manifest back first; the restore moves it out by itself.', a),
  MANIFEST_TWICE: a => l10n.t('On {host}, the files {files} in {dir} describe the same pod, {pod}. The kubelet runs every file there whatever its name, so a copy would start in the middle of the restore. Move the copies out of the directory.', a),
  MANIFEST_OF_ANOTHER: a => l10n.t('On {host}, {file} gives {flag} as {found}; the settings give {member} {defined}. Correct the settings, or the host of {member}.', { ...a, found: a['found'] === '' ? l10n.t('nothing') : a['found'] ?? '' }),
  KUBELET_NOT_A_UNIT: a => l10n.t('On {host}, systemd has no kubelet.service that could be restarted. Plan again without restarting kubelets, and restart the kubelet of {host} by hand afterwards.', a),
  MANIFEST_NOT_MOVABLE: a => l10n.t('On {host}, the manifest directory {dir} is a mount point of its own, so that a manifest cannot be moved out of it in one step. Move the etcd manifest by hand, or restore with the generated scripts.', a),
  RUN_UNFINISHED: a => l10n.t('An earlier restore ({run}) of {member} was interrupted. Resume it or take it back first.', a),
};

const warnings: Record<WarningCode, Sentence> = {
  CLUSTER_SERVES: a => l10n.t('{cluster} has quorum and serves. Everything written after the snapshot will be gone from it.', a),
  WRITES_LOST: a => l10n.t('{revisions} revisions were written after the snapshot; the restored cluster will not have them. The old data is kept aside.', a),
  REVISIONS_GO_BACK: () => l10n.t('No tool here can raise the revision, so revisions go back. Kubernetes controllers and watches may act on stale data: restart API servers, scheduler, controller manager and kubelets afterwards. etcdutl 3.5.10 or later would avoid this.'),
  OLD_DATA_MISSING: a => l10n.t('{member} has no data now. There is nothing to put aside for it, and taking back leaves it without data again.', a),
  HELD_BUT_SILENT: a => l10n.t('{member} does not answer, but process {pids} holds its database. It will be stopped with its stop command.', a),
  PORTS_TAKEN: a => a['process'] === '' ? l10n.t('{member} does not answer and nobody holds its data, but something that cannot be seen from here listens on its port {ports}. Find it with "ss -ltnp" as root and end it: otherwise the restore comes to a halt when it waits until {member} has stopped.', a)
    : l10n.t('{member} does not answer and nobody holds its data, but process {process} listens on its port {ports}. End it, unless the stop command does: otherwise the restore comes to a halt when it waits until {member} has stopped.', a),
  RUNS_ON_DELETED: a => l10n.t('{member} (process {pids}) runs on deleted files: its data was removed under it, and what it still holds is gone for good once it stops. Take a snapshot of it before you go on: taking back cannot bring that data back.', a),
  EVEN_MEMBERS: a => l10n.t('{members} members survive no more failures than one fewer would.', a),
  ALARM_IN_SNAPSHOT: a => l10n.t('The snapshot was made under the alarm {kinds}. It will be raised again; disarm it after the restore.', a),
  AUTH_IN_SNAPSHOT: () => l10n.t('The snapshot has authentication switched on. The checks after the restore may need a user with the root role.'),
  ENCRYPTED_VALUES: a => l10n.t('{count} values are encrypted by Kubernetes with {keys}. The API servers need an EncryptionConfiguration with these keys.', a),
  TOOL_OF_NEXT_VERSION: a => l10n.t('{tool} {version} restores for etcd {server}, because the tool of that version cannot raise the revision.', a),
  OTHER_CLUSTER: a => l10n.t('You insist on a snapshot that was made in another cluster than {cluster}.', a),
  LEFTOVERS: a => l10n.t('{member} still has data of earlier restores: {names}. It is left alone.', a),
  API_SERVERS_RUN: () => l10n.t('Kubernetes keeps its objects in this etcd, and this version does not stop its API servers. Stop every kube-apiserver before you go on, and start them when the restore is finished.'),
  REVISION_UNKNOWN: a => l10n.t('No member can say how far the cluster had come; the highest revision known is {revision}. The revision is raised beyond it by at least a week of busy writing.', a),
  RECORDED_NOT_DEFINED: a => l10n.t('The snapshot records members that the settings do not have: {members}. If they come back with their old data, they serve it as a cluster of their own: make sure that they stay down, or add them to the cluster first.', a),
  INITIAL_CLUSTER_DIFFERS: a => l10n.t('--initial-cluster is made from each host\'s own name and peer URLs: {used}. The manifests say something else, which etcd ignores once it has data: {differing}.', a),
  NO_API_SERVER_ON_HOST: a => l10n.t('On {hosts} no API server runs as a static pod. If one runs in another way, there or elsewhere, stop it before you go on: it would write to etcd half way.', a),
  KUBELETS_REMEMBER: () => l10n.t('Kubelets and whatever else watches the API servers keep what they remember. Restart the kubelet of every node afterwards.'),
  ORIGIN_UNKNOWN: () => l10n.t('The snapshot does not record which members it came from.'),
};

/** Why a restore is not begun, and what would mend it. */
export const refusalSentence = ({ code, args }: Message<RefusalCode>): string => refusals[code](shownArgs(args));

/** What the person should know before approving. */
export const warningSentence = ({ code, args }: Message<WarningCode>): string => warnings[code](shownArgs(args));
