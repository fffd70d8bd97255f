import { KnownError, type ErrorCode, type MessageArgs } from '../errors.js';
import type { HostOutcome } from './host.js';

/**
 * What a script of ours says about how it ended: the last line that begins with `@`, a code, then `key=value`
 * pairs, separated by tabs. Other lines are for people.
 */
export interface Said {
  readonly code: string;
  readonly args: MessageArgs;
}

/** The last thing said, undefined when the script said nothing. */
export function said(stdout: string): Said | undefined {
  const line = stdout.split('\n').findLast(each => each.startsWith('@'));
  if (line === undefined) return undefined;
  const [code = '', ...pairs] = line.slice(1).split('\t');
  return { code, args: Object.fromEntries(pairs.map(pair => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)])) };
}

const codes: ReadonlySet<string> = new Set<ErrorCode>([
  'STILL_RUNNING', 'PORT_TAKEN', 'NOT_RUNNING', 'PATH_MISSING', 'PATH_EXISTS', 'FILE_DIFFERS', 'FILE_UNWRITABLE', 'TOOL_FAILED', 'STAGING_INCOMPLETE',
  'STAGING_REPLACED', 'TOOL_DIFFERS', 'STEP_BUSY', 'FLOCK_MISSING', 'USER_COMMAND_FAILED', 'LOCKED_BY_OTHER', 'TAKEN_OVER', 'DATA_BEGUN_ANEW', 'MANIFEST_RETURNED', 'MANIFEST_CHANGED',
  'POD_NOT_BACK', 'KUBELET_NOT_RESTARTED',
]);
/** Whether a script's code is one that a person can be told. */
export const isScriptCode = (code: string): code is ErrorCode => codes.has(code);

/** What a script said, as arguments of a message. Which host it was is ours to say: one that lies must not speak for another. */
export const argsOf = (host: string, { args }: Said): MessageArgs => ({ ...args, host });

/** The error a failed script stands for; it names the host. */
export function failureOf(host: string, outcome: HostOutcome): KnownError {
  const last = said(outcome.stdout);
  if (last !== undefined && isScriptCode(last.code)) return new KnownError(last.code, argsOf(host, last));
  const reason = outcome.stderr.trim().split('\n').at(-1) ?? '';
  return new KnownError('HOST_SCRIPT_FAILED', { host, code: outcome.code ?? -1, reason });
}
