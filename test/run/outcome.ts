/** A test or a layer that was not run. */
export interface Skip {
  readonly name: string;
  readonly reason: string;
}

/** What came of a layer. */
export interface Outcome {
  readonly passed: number;
  /** Names of what failed. */
  readonly failed: readonly string[];
  readonly skipped: readonly Skip[];
}

/** Adds up outcomes. */
export const sum = (outcomes: readonly Outcome[]): Outcome => ({
  passed: outcomes.reduce((total, one) => total + one.passed, 0),
  failed: outcomes.flatMap(one => one.failed),
  skipped: outcomes.flatMap(one => one.skipped),
});

/** A layer of one check. */
export const check = (name: string, holds: boolean): Outcome =>
  ({ passed: holds ? 1 : 0, failed: holds ? [] : [name], skipped: [] });

/** A layer that cannot be run here. */
export const skippedLayer = (name: string, reason: string): Outcome => ({ passed: 0, failed: [], skipped: [{ name, reason }] });
