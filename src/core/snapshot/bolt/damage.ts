import { KnownError } from '../../errors.js';
import type { DamageReason } from '../errors.js';

/** The error for what cannot be trusted in a file; `page` is the page it was found on. */
export const damage = (path: string, reason: DamageReason, page: number, cause?: unknown): KnownError =>
  new KnownError('SNAPSHOT_DAMAGED', { path, reason, page }, cause === undefined ? undefined : { cause });
