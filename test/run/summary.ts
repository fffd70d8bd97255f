import type { Outcome, Skip } from './outcome.js';

/** What is printed at the end, and how the run exits. */
export interface Summary {
  readonly lines: readonly string[];
  readonly exitCode: number;
}

/** Names failures and skips; the last line is the counts. With `strict`, a skip that is not allowed is a failure. */
export function summarise(outcome: Outcome, allowed: readonly Skip[], strict: boolean): Summary {
  const isAllowed = (skip: Skip): boolean => allowed.some(one => one.name === skip.name);
  const notAllowed = strict ? outcome.skipped.filter(skip => !isAllowed(skip)) : [];
  const failed = [...outcome.failed, ...notAllowed.map(skip => `${skip.name}: skipped, and test/skips.json does not allow it (${skip.reason})`)];
  const skipped = outcome.skipped.filter(skip => !notAllowed.includes(skip));
  return {
    lines: [
      ...skipped.map(skip => `skipped: ${skip.name} (${skip.reason})`),
      ...failed.map(name => `failed: ${name}`),
      `${outcome.passed} passed, ${failed.length} failed, ${skipped.length} skipped`,
    ],
    exitCode: failed.length === 0 ? 0 : 1,
  };
}
