import { l10n } from 'vscode';
import type { EtcdErrorCode } from '../../core/cluster/errors.js';
import type { Sentence } from './sentence.js';

type Words<Prefix extends string> = Record<Extract<EtcdErrorCode, `${Prefix}${string}`>, Sentence>;

const tlsWords: Words<'ETCD_TLS_'> = {
  ETCD_TLS_UNTRUSTED: a => l10n.t('The certificate of {endpoint} is not signed by the CA you gave ({reason}). Set "caFile" to the CA that signed it; kubeadm keeps it in /etc/kubernetes/pki/etcd/ca.crt.', a),
  ETCD_TLS_NAME_MISMATCH: a => l10n.t('The certificate of {endpoint} is made out to other names ({reason}). Use one of those names in the endpoint, or set "serverName" to one; kubeadm\'s certificates contain "localhost".', a),
  ETCD_TLS_EXPIRED: a => l10n.t('The certificate of {endpoint} has expired. Renew it on its host, for kubeadm with "kubeadm certs renew etcd-server", and restart that etcd. If it has not expired there, check this machine\'s clock.', a),
  ETCD_TLS_NOT_YET_VALID: a => l10n.t('The certificate of {endpoint} is not valid yet. Compare the clocks of this machine and of its host.', a),
  ETCD_TLS_CLIENT_CERT_REQUIRED: a => l10n.t('{endpoint} asks for a client certificate. Set "certFile" and "keyFile" in the cluster\'s "tls" setting.', a),
  ETCD_TLS_CLIENT_CERT_REFUSED: a => l10n.t('{endpoint} refused the client certificate {certFile} ({reason}). Use one that the CA in its --trusted-ca-file has signed for client authentication.', a),
  ETCD_TLS_CLIENT_CERT_EXPIRED: a => l10n.t('{endpoint} refused the client certificate {certFile}, which expired on {validTo}. Renew it, for kubeadm with "kubeadm certs renew", and copy it again.', a),
  ETCD_TLS_NOT_SPOKEN: a => l10n.t('{endpoint} does not speak TLS. If its listen URL is plain HTTP, write http:// in the endpoint.', a),
  ETCD_TLS_EXPECTED: a => l10n.t('{endpoint} closed the plain connection at once ({reason}). If its listen URL is https, write https:// in the endpoint and give the certificates.', a),
  ETCD_TLS_FAILED: a => l10n.t('TLS with {endpoint} failed: {reason}. Check its certificate and the files in the cluster\'s "tls" setting.', a),
  ETCD_TLS_FILES_INCOMPLETE: a => l10n.t('The TLS files for {endpoint} are incomplete: {given} is given, but "{missing}" is missing. A client certificate needs both.', a),
  ETCD_TLS_FILE_INVALID: a => l10n.t('{path} is not a usable PEM file: {reason}. Copy the file again from the control plane.', a),
  ETCD_TLS_KEY_ENCRYPTED: a => l10n.t('The key {path} is protected by a passphrase, which etcd clients cannot use. Make one without: openssl pkey -in KEY -out NEWKEY.', a),
  ETCD_TLS_KEY_MISMATCH: a => l10n.t('The key {keyFile} does not belong to the certificate {certFile}. Give the pair that was made together.', a),
};

const saveWords: Words<'SAVE_'> = {
  SAVE_NO_MEMBER: a => l10n.t('No member of {cluster} answers, so no snapshot can be taken. Look at the members in the view for the cause of each.', a),
  SAVE_STREAM_CUT: a => l10n.t('The snapshot from {endpoint} ended after {received} of {total} bytes. Nothing was saved; take it again, or from another member.', a),
  SAVE_STREAM_TOO_LONG: a => l10n.t('{endpoint} sent more than the {total} bytes it had announced. Nothing was saved; take the snapshot from another member.', a),
  SAVE_TRAILER_MISSING: a => l10n.t('{endpoint} sent the whole database but not the checksum after it. Nothing was saved, since it could not be proven whole; take it again, or from another member.', a),
  SAVE_HASH_MISMATCH: a => l10n.t('The snapshot from {endpoint} was damaged on its way: its sha256 is {found}, the server says {expected}. Nothing was saved; take it again.', a),
  SAVE_NO_SPACE: a => l10n.t('{folder} has {free} bytes free, and the snapshot needs {needed}. Make room or choose another folder; nothing was written.', a),
  SAVE_DISK_FULL: a => l10n.t('The disk of {folder} became full while the snapshot was written. The unfinished file was removed; make room or choose another folder.', a),
  SAVE_COPY_DIFFERS: a => l10n.t('What arrived as {path} is not what was sent: its sha256 is {found}, and {expected} was expected. It was removed, and nothing else was touched; copy it again.', a),
  SAVE_WRITE_FAILED: a => l10n.t('Cannot write the snapshot {path}: {reason}. Check the folder and its permissions, or choose another.', a),
};

/** What an etcd, its certificates and the saving of a snapshot can have to say. */
export const etcdWords: Record<EtcdErrorCode, Sentence> = {
  ...tlsWords,
  ...saveWords,
  ETCD_BAD_ENDPOINT: a => l10n.t('"{endpoint}" is not an endpoint. Write it as https://host:2379 or https://[address]:2379, without a path.', a),
  ETCD_UNREACHABLE: a => l10n.t('Cannot reach etcd at {endpoint} ({reason}). Check that etcd runs there and that this machine can connect to that port.', a),
  ETCD_HOST_UNKNOWN: a => l10n.t('The host name in {endpoint} cannot be resolved ({reason}). Check its spelling and the name service, or use the address.', a),
  ETCD_NO_ANSWER: a => l10n.t('Nothing came back from {endpoint} within {seconds} s. Check the address and the port, and whether a firewall or VPN stands between.', a),
  ETCD_NOT_ETCD: a => l10n.t('What listens at {endpoint} is not the client port of an etcd ({reason}). That is 2379 by default; 2380 is for peers, 2381 for metrics.', a),
  ETCD_CONNECTION_LOST: a => l10n.t('The connection to {endpoint} broke ({reason}). Check that etcd still runs there, then try again.', a),
  ETCD_TIMEOUT: a => l10n.t('{endpoint} accepted the call but did not answer within {seconds} s. Without a quorum some calls never answer; look at the other members.', a),
  ETCD_AUTH_REQUIRED: a => l10n.t('{endpoint} asks for a user. Give the name and password of an etcd user with the root role, or a client certificate made out to one.', a),
  ETCD_AUTH_FAILED: a => l10n.t('{endpoint} refused the user {user}: wrong name or password.', a),
  ETCD_PERMISSION_DENIED: a => l10n.t('{endpoint} denies this to the user ({reason}). Use a user with the root role.', a),
  ETCD_NO_LEADER: a => l10n.t('{endpoint} knows no leader: too few members are up to agree ({reason}). Bring members back, or restore a snapshot.', a),
  ETCD_LEARNER: a => l10n.t('{endpoint} is a learner, which does not answer this. Ask a voting member.', a),
  ETCD_ALARM: a => l10n.t('{endpoint} reports the alarm {alarms}. NOSPACE: compact and defragment, then disarm; CORRUPT: compare the members\' HashKV before anything else.', a),
  ETCD_COMPACTED: a => l10n.t('{endpoint} has compacted that revision away. Ask for a newer one.', a),
  ETCD_FUTURE_REVISION: a => l10n.t('{endpoint} has not reached that revision yet. Check that it is the same cluster, or wait until it has caught up.', a),
  ETCD_REFUSED: a => l10n.t('{endpoint} answered: {reason}. Look into the log of that etcd.', a),
  ETCD_WRONG_CLUSTER: a => l10n.t('Behind {endpoint} is cluster {found}, expected was {expected}. Nothing was changed; check where the address leads.', a),
};
