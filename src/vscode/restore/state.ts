import type { RunRecord } from '../../core/journal.js';
import type { Plan } from '../../core/plan.js';
import type { RunEnd } from '../../core/runner.js';
import type { RestoreChoice, RestoreFacts } from '../../core/restore/facts.js';
import type { RestorePlan } from '../../core/restore/planRestore.js';
import type { Refusal } from '../../core/restore/refusals.js';
import type { MemberNow } from '../../core/restore/written.js';

/** A member as it answered after a run; absent values: it did not. */
export interface MemberAfter extends MemberNow {
  readonly memberId?: string;
  readonly version?: string;
  readonly dbSize?: number;
  readonly alarms?: string;
  /** Why it did not answer, as a sentence. */
  readonly silent?: string;
}

/** Where the panel of one restore is. */
export type RestoreState =
  /** `record` when the way back of a run is being planned. */
  | { readonly phase: 'gathering'; readonly text: string; /** 0 to 1; below 0 when unknown. */ readonly fraction: number; readonly record?: RunRecord }
  /** No plan could be made; or the one that was `approved` could not be begun. */
  | { readonly phase: 'unready'; readonly reason: string; readonly approved?: true }
  | { readonly phase: 'refused'; readonly refusals: readonly Refusal[]; readonly mayInsist: boolean }
  /** `facts` and `choice` are what it was planned from. */
  | { readonly phase: 'preview'; readonly plan: RestorePlan; readonly digest: string; readonly facts: RestoreFacts; readonly choice: RestoreChoice }
  /** The way back of a run, to be approved; `after` is how the members answered when it was planned. */
  | { readonly phase: 'wayBack'; readonly record: RunRecord; readonly plan: Plan; readonly digest: string; readonly after: readonly MemberAfter[] }
  | { readonly phase: 'running'; readonly record: RunRecord; readonly cancelling: boolean }
  /** Nothing is under way: the run has ended, or was interrupted. `after` once the members were asked, `gone` the old data that was removed since. */
  | { readonly phase: 'resting'; readonly record: RunRecord; readonly end?: RunEnd; readonly reason?: string; readonly after?: readonly MemberAfter[]; readonly gone?: readonly string[] };
