/** Why somebody else could have written a journal, or why it cannot be one. */
export type JournalFault = 'FOLDER_IS_LINK' | 'FOLDER_OF_OTHERS' | 'IS_LINK' | 'NO_FILE' | 'OF_OTHERS' | 'FOREIGN' | 'TOO_LARGE';

/** What can stop a run on its way; what is refused before it starts has codes of its own in `refusals.ts`. */
export type RestoreErrorCode =
  /** The plan is not the one the person approved. */
  | 'PLAN_NOT_APPROVED'
  | 'POINT_OF_NO_RETURN'
  /** What lies in place is no longer what the approved way back was planned from. */
  | 'WAY_BACK_CHANGED'
  /** What a move of the way back needs is not there, or what it makes is there already; nothing was done. */
  | 'WAY_BACK_MISSING'
  | 'WAY_BACK_TAKEN'
  /** A step ran, but its effect is not in place. */
  | 'STEP_NO_EFFECT'
  | 'HOST_UNKNOWN'
  | 'HOST_SCRIPT_FAILED'
  | 'STILL_RUNNING'
  /** Nobody holds a member's data, yet its ports are listened on. */
  | 'PORT_TAKEN'
  | 'NOT_RUNNING'
  | 'PATH_MISSING'
  | 'PATH_EXISTS'
  | 'FILE_DIFFERS'
  /** A `member` directory is where the data was that the run put aside: something started etcd meanwhile. */
  | 'DATA_BEGUN_ANEW'
  | 'TOOL_FAILED'
  | 'STAGING_INCOMPLETE'
  /** Something else stands where data was restored to: a link, or what others may change. */
  | 'STAGING_REPLACED'
  | 'TOOL_DIFFERS'
  | 'STEP_BUSY'
  | 'FLOCK_MISSING'
  | 'USER_COMMAND_FAILED'
  /** Somebody else put the manifest back that the run moved away. */
  | 'MANIFEST_RETURNED'
  | 'MANIFEST_CHANGED'
  | 'MANIFEST_NOT_FOUND'
  /** The manifest is in its place, and the kubelet starts nothing. */
  | 'POD_NOT_BACK'
  | 'KUBELET_NOT_RESTARTED'
  | 'API_SERVER_NOT_READY'
  | 'IDENTITY_DIFFERS'
  | 'HASHKV_DIFFERS'
  | 'LOCKED_BY_OTHER'
  /** The lock was lost with its connection, and somebody else has worked here since. */
  | 'TAKEN_OVER'
  /** Beside the data lies the journal of another run that was neither finished nor taken back. */
  | 'OTHER_RUN_OPEN'
  /** A later run must be taken back first. */
  | 'NEWER_RUN'
  | 'JOURNAL_UNREADABLE'
  | 'JOURNAL_NOT_TRUSTED'
  | 'JOURNAL_DIGEST_DIFFERS';
