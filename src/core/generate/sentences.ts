import type { ErrorCode } from '../errors.js';
import { shellWord } from '../host/shellWord.js';

type Told = Extract<ErrorCode,
  'STILL_RUNNING' | 'NOT_RUNNING' | 'PATH_MISSING' | 'PATH_EXISTS' | 'FILE_DIFFERS' | 'DATA_BEGUN_ANEW' | 'TOOL_FAILED' | 'STAGING_INCOMPLETE' | 'STAGING_REPLACED' | 'TOOL_DIFFERS' | 'FILE_UNWRITABLE' | 'STEP_BUSY' | 'FLOCK_MISSING' |
  'PORT_TAKEN' | 'USER_COMMAND_FAILED' | 'MANIFEST_RETURNED' | 'MANIFEST_CHANGED' | 'POD_NOT_BACK' | 'KUBELET_NOT_RESTARTED' | 'API_SERVER_NOT_READY' | 'IDENTITY_DIFFERS' | 'HASHKV_DIFFERS' | 'LOCKED_BY_OTHER' | 'TAKEN_OVER' | 'OTHER_RUN_OPEN' | 'NEWER_RUN' | 'WAY_BACK_MISSING' | 'WAY_BACK_TAKEN' | 'ETCD_UNREACHABLE'>;

/** What a host script says when a step fails; the values follow it, one a line. */
export const sentences: Readonly<Record<Told, string>> = {
  STILL_RUNNING: 'It still runs. Stop it, then run this again.',
  PORT_TAKEN: 'Nobody holds the data, but the ports of the member are taken. Stop what listens there, then run this again.',
  NOT_RUNNING: 'No etcd holds the database. Look at its log, then run this again or take the restore back.',
  PATH_MISSING: 'A file or directory is not there. Find out where it went, then run this again or take the restore back.',
  PATH_EXISTS: 'Something is there already, and nothing is overwritten. Look at what it is; move it away if it is not needed, then run this again.',
  FILE_UNWRITABLE: 'A file cannot be written. Look at its owner and at the disk, then run this again.',
  STAGING_REPLACED: 'Somebody else replaced what was restored while it was made. It was left alone. Find out who writes to the data directory, then run this again.',
  TOOL_DIFFERS: 'The tool that was copied to this host is another file now, or others can write to it. It was not run. Find out who writes to the data directory, then make a new plan.',
  FILE_DIFFERS: 'The file is not the snapshot of the plan. Verify it, then make a new plan.',
  DATA_BEGUN_ANEW: 'The data is there again although it was put aside: something started etcd meanwhile, and it began an empty database. Stop what starts it, move the directory away, then run this again.',
  TOOL_FAILED: 'The tool could not restore the snapshot. Nothing was stopped for it. Mend the cause, then run this again.',
  STAGING_INCOMPLETE: 'The restored data is not complete. Nothing was stopped for it. Run this again, and it is made anew.',
  STEP_BUSY: 'An earlier attempt still works in this data directory. Wait for it, then run this again.',
  FLOCK_MISSING: 'The command flock (package util-linux) is missing on this host. Install it, then run this again.',
  USER_COMMAND_FAILED: 'The command that starts or stops etcd failed. Mend the cause, then run this again or take the restore back.',
  MANIFEST_RETURNED: 'The manifest is back although this run moved it away: something that manages manifests put it there. Stop that, move the new file away, then run this again.',
  MANIFEST_CHANGED: 'The manifest is not that of the plan any more. Put the old one back, or make a new plan.',
  POD_NOT_BACK: 'The manifest is in its place, but the kubelet starts nothing. Look at "journalctl -u kubelet"; "systemctl restart kubelet" often mends it. Then run this again.',
  KUBELET_NOT_RESTARTED: 'The kubelet was not restarted. Look at "journalctl -u kubelet", then run this again.',
  API_SERVER_NOT_READY: 'The API server is not ready. Look at its log in /var/log/pods, then run this again.',
  IDENTITY_DIFFERS: 'Somebody else answers at this endpoint. Look at what it is, then run this again or take the restore back.',
  HASHKV_DIFFERS: 'The content is not that foretold. Take the restore back.',
  LOCKED_BY_OTHER: 'Somebody else works on this data directory. Wait until that has ended.',
  TAKEN_OVER: 'Somebody else has worked on this data directory meanwhile. Ask who, then run this again or take the restore back.',
  OTHER_RUN_OPEN: 'Another restore was begun on this data directory and is not over. Resume it or take it back first.',
  NEWER_RUN: 'A later restore lies on this data directory. Take that one back first.',
  WAY_BACK_MISSING: 'What taking back needs is not there any more, so nothing was stopped for it. Put it back where it was; without the data from before, the restore cannot be taken back.',
  WAY_BACK_TAKEN: 'Where taking back would put the data from before, something else stands, so nothing was stopped for it. Look at what it is and move it away, then run this again.',
  ETCD_UNREACHABLE: 'The member does not answer. Look at its log, then run this again or take the restore back.',
};

/** The shell function that prints the sentence of a code. */
export const sentenceFunction = (): string => `sentence() {
  case "$1" in
${Object.entries(sentences).map(([code, text]) => `    ${code}) echo ${shellWord(text)};;`).join('\n')}
    NOT_UPLOADED) echo 'The snapshot of the plan is not on this host yet. restore.sh copies it; by hand, copy it to the path below with mode 600, then run this again.';;
    *) echo 'The step failed; what its command printed stands above. Mend the cause, then run this again.';;
  esac
}`;
