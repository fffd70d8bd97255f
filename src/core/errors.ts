import type { ConfigErrorCode } from './config/errors.js';
import type { EtcdErrorCode } from './cluster/errors.js';
import type { HostErrorCode } from './host/errors.js';
import type { RestoreErrorCode } from './restore/errors.js';
import type { SnapshotErrorCode } from './snapshot/errors.js';

/** What a message is about, in data: the words are the editor's business, so that they can be translated. */
export type MessageArgs = Readonly<Record<string, string | number>>;

/** A code and its arguments. The screen's sentence for it is made in `src/vscode/words`. */
export interface Message<Code extends string = string> {
  readonly code: Code;
  readonly args: MessageArgs;
}

/** Codes that no single area owns. */
export type CommonErrorCode =
  | 'CANCELLED'
  | 'COMMAND_FAILED'
  | 'FILE_UNREADABLE'
  | 'FILE_UNWRITABLE'
  | 'FILE_EXISTS'
  | 'INVALID_SETTING'
  | 'NO_CLUSTER'
  | 'RESTRICTED_MODE'
  | 'UNSUPPORTED_PLATFORM';

/** Every code that can reach a person; each area lists its own in its `errors.ts`. */
export type ErrorCode = CommonErrorCode | SnapshotErrorCode | ConfigErrorCode | EtcdErrorCode | RestoreErrorCode | HostErrorCode;

/** An error worth showing to a person. Anything else that is thrown is a bug. */
export class KnownError extends Error implements Message<ErrorCode> {
  override readonly name = 'KnownError';
  readonly code: ErrorCode;
  readonly args: MessageArgs;

  constructor(code: ErrorCode, args: MessageArgs = {}, options?: ErrorOptions) {
    super(`${code} ${JSON.stringify(args)}`, options);
    this.code = code;
    this.args = args;
  }
}

/** By name and not by class: the lazily loaded bundles carry a copy of the class each. */
export const isKnown = (error: unknown): error is KnownError =>
  error instanceof Error && error.name === 'KnownError' && 'code' in error && 'args' in error;

/** The code to act on: a known error's own, `CANCELLED` for an abort, `undefined` for a bug. */
export const codeOf = (error: unknown): ErrorCode | undefined =>
  isKnown(error) ? error.code
  : error instanceof Error && error.name === 'AbortError' ? 'CANCELLED'
  : undefined;

/** The text of whatever was thrown, for a log or an argument of a message. */
export const textOf = (error: unknown): string => error instanceof Error ? error.message : String(error);
