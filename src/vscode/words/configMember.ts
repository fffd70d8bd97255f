import { l10n } from 'vscode';
import type { ConfigErrorCode } from '../../core/config/errors.js';
import type { Sentence } from './sentence.js';

/** What a member's values mean together. */
export const memberWords = {
  NAME_DEFAULT: () => l10n.t('No --name is given: the member is called "default". Give every member a name of its own.'),
  NAME_NOT_IN_CLUSTER: a => l10n.t('Line {line}, column {column}: the member {name} does not stand in --initial-cluster. Add {name}=<its peer URL>.', a),
  PEER_URLS_DIFFER: a => l10n.t('Line {line}, column {column}: --initial-cluster says {cluster} for {name}, --initial-advertise-peer-urls says {own}. Make them equal: member ids depend on them.', a),
  CLUSTER_ONLY_ITSELF: a => l10n.t('Line {line}, column {column}: --initial-cluster names only {name}. kubeadm writes it so for clusters of any size; the members are taken from the member list instead.', a),
  CLUSTER_URL_TWICE: a => l10n.t('Line {line}, column {column}: --initial-cluster gives {url} to two members. Correct one.', a),
  ANNOTATION_DIFFERS: a => l10n.t('Line {line}, column {column}: the annotation of kubeadm says {annotation}, --advertise-client-urls says {urls}. Make them equal: kubeadm finds the members by the annotation.', a),
  DATA_DIR_DEFAULT: a => l10n.t('No --data-dir is given: etcd writes to {path} in whatever folder it is started in. Give an absolute path.', a),
  URLS_DEFAULT: a => l10n.t('No --{flag} is given: etcd says {urls}, which no other machine can reach. Give the address of this machine.', a),
  TLS_CERTIFICATE_MISSING: a => l10n.t('Line {line}, column {column}: --{flag} is https, but its certificate or key is not given. Add both, or etcd does not start.', a),
  PATH_RELATIVE: a => l10n.t('Line {line}, column {column}: --{flag} is not an absolute path ({path}). Write it from / on.', a),
  PATH_NOT_ON_HOST: a => l10n.t('Line {line}, column {column}: {path} of --{flag} lies in the volume {volume} ({type}), not in a folder of the host. A restore cannot reach it there; use a hostPath.', a),
  PATH_UNMOUNTED: a => l10n.t('Line {line}, column {column}: {path} of --{flag} lies in no volume: it is lost with the container. Mount a folder of the host there.', a),
  PATH_HOST_UNKNOWN: a => l10n.t('Line {line}, column {column}: it cannot be told where {path} of --{flag} lies on the host. You will be asked.', a),
  PATHS_HOST_UNKNOWN: () => l10n.t('The text does not tell of volumes, so where the paths lie on the host is unknown. You will be asked; "kubectl get pod -o yaml" would say it.'),
  VOLUME_MISSING: a => l10n.t('Line {line}, column {column}: the volume {volume} is mounted but not defined in the pod. Define it under volumes.', a),
  MOUNT_INSIDE_DATA_DIR: a => l10n.t('Line {line}, column {column}: the volume {volume} is mounted at {mount}, inside the data directory {path}. A part of the data lies elsewhere: use --wal-dir, or one volume for all.', a),
  IMAGE_VERSION_UNKNOWN: a => l10n.t('Line {line}, column {column}: the image {image} does not tell the version of etcd. It is asked of the running member.', a),
  VERSION_UNSUPPORTED: a => l10n.t('Line {line}, column {column}: etcd {version} is not supported, 3.4 to 3.7 are. Its flags may be judged wrongly.', a),
} satisfies Partial<Record<ConfigErrorCode, Sentence>>;
