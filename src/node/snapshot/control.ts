/** What two workers on one file and their caller tell each other while they work: a few numbers in shared memory. */
export interface Control {
  readonly shared: SharedArrayBuffer;
  /** How far the file was read in its order, in blocks of `blockSize`; `ended` once nobody reads on. */
  frontier(): number;
  advance(blocks: number): void;
  /** Blocks the content reader has read. */
  walked(): number;
  walk(blocks: number): void;
  /** Waits until `frontier` passes a block; at most `ms` milliseconds. */
  waitFor(block: number, ms: number): void;
}

export const blockSize = 64 * 1024;
export const ended = 0x7fffffff;

const FRONTIER = 0;
const WALKED = 1;

/** A control over new shared memory, or over what another thread made. */
export function control(shared = new SharedArrayBuffer(8)): Control {
  const cells = new Int32Array(shared);
  return {
    shared,
    frontier: () => Atomics.load(cells, FRONTIER),
    advance(blocks) {
      Atomics.store(cells, FRONTIER, blocks);
      Atomics.notify(cells, FRONTIER);
    },
    walked: () => Atomics.load(cells, WALKED),
    walk: blocks => { Atomics.store(cells, WALKED, blocks); },
    waitFor(block, ms) {
      const now = Atomics.load(cells, FRONTIER);
      if (now <= block) Atomics.wait(cells, FRONTIER, now, ms);
    },
  };
}
