/** One line of the benchmark's table. */
export interface BenchRow {
  /** What was done, to what: "snapshot stream, 1 GB". */
  readonly what: string;
  /** Ours, median of the rounds, in `unit`. */
  readonly ours: number;
  /** The peer's, median of the same rounds, in `unit`; absent when there is no peer. */
  readonly theirs?: number;
  readonly peer?: string;
  readonly unit: 's' | 'ms' | 'MB';
  /** The most that is accepted: of `ours / theirs` when there is a peer, else of `ours`. */
  readonly goal: number;
  /** What must be known to read the figure: rounds, sizes, versions. */
  readonly note?: string;
}
