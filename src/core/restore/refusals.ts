import type { Message } from '../errors.js';
import type { RestoreFacts, RestoreChoice } from './facts.js';
import { refuseByCluster } from './refuseByCluster.js';
import { refuseByDisk } from './refuseByDisk.js';
import { refuseByPods } from './refuseByPods.js';
import { refuseBySnapshot } from './refuseBySnapshot.js';

/** Why a restore is not begun; every one that applies is reported, not only the first. */
export type RefusalCode =
  | 'RUN_KIND_NOT_SUPPORTED' | 'HOST_SILENT' | 'NO_MEMBERS' | 'COMMANDS_MISSING' | 'UNSAFE_TEXT' | 'UNSAFE_VALUE' | 'SEPARATE_WAL_DIR'
  | 'LEARNER' | 'MEMBER_MISMATCH' | 'MEMBER_NOT_DEFINED' | 'MEMBER_NOT_IN_CLUSTER' | 'PEER_URLS_DIFFER' | 'SAME_TWICE'
  | 'SNAPSHOT_WITHOUT_HASH' | 'SNAPSHOT_OF_OTHER_CLUSTER' | 'SNAPSHOT_EMPTY_CLUSTER'
  | 'VERSION_UNKNOWN' | 'NO_TOOL'
  | 'NO_PARENT' | 'NOT_A_DIRECTORY' | 'LINK_IN_DATA' | 'OTHER_FILE_SYSTEM' | 'NOT_WRITABLE' | 'NOT_OWNER'
  | 'DATA_DIR_OF_ANOTHER' | 'MEMBER_CANNOT_BE_ASKED' | 'NO_SPACE' | 'NO_INODES' | 'NO_MEMORY'
  | 'MANIFEST_DIR_MISSING' | 'MANIFEST_MISSING' | 'MANIFEST_TWICE' | 'MANIFEST_OF_ANOTHER' | 'MANIFEST_NOT_MOVABLE' | 'KUBELET_NOT_A_UNIT'
  | 'RUN_UNFINISHED';

/** `args` name the member or the place, and what would mend it. */
export type Refusal = Message<RefusalCode>;

/** Everything that speaks against a restore, all at once. */
export const refusalsOf = (facts: RestoreFacts, choice: RestoreChoice): readonly Refusal[] =>
  [...refuseByCluster(facts), ...refuseBySnapshot(facts, choice), ...refuseByDisk(facts), ...refuseByPods(facts, choice)];
