import type { RunRecord } from '../../core/journal.js';
import type { RunEnd } from '../../core/runner.js';
import type { RestorePlan } from '../../core/restore/planRestore.js';
import type { Refusal } from '../../core/restore/refusals.js';

/** A member as it answered after a run; absent values: it did not. */
export interface MemberAfter {
  readonly name: string;
  readonly clusterId?: string;
  readonly memberId?: string;
  readonly version?: string;
  readonly revision?: string;
  readonly dbSize?: number;
  readonly alarms?: string;
  /** Why it did not answer, as a sentence. */
  readonly silent?: string;
}

/** Where the panel of one restore is. */
export type RestoreState =
  | { readonly phase: 'gathering'; readonly text: string; /** 0 to 1; below 0 when unknown. */ readonly fraction: number }
  | { readonly phase: 'unready'; readonly reason: string }
  | { readonly phase: 'refused'; readonly refusals: readonly Refusal[]; readonly mayInsist: boolean }
  | { readonly phase: 'preview'; readonly plan: RestorePlan; readonly digest: string }
  | { readonly phase: 'running'; readonly record: RunRecord; readonly cancelling: boolean }
  /** Nothing is under way: the run has ended, or was interrupted. `after` once the members were asked, `gone` the old data that was removed since. */
  | { readonly phase: 'resting'; readonly record: RunRecord; readonly end?: RunEnd; readonly reason?: string; readonly after?: readonly MemberAfter[]; readonly gone?: readonly string[] };
