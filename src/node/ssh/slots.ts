import { abortable } from '../host/abortable.js';

/** Room for a number of things at a time. */
export interface Slots {
  /** Waits for a place, first come, first served; the result gives it back, once. */
  take(signal: AbortSignal): Promise<() => void>;
}

export function openSlots(most: number): Slots {
  let taken = 0;
  const waiting: (() => void)[] = [];
  const next = () => {
    const first = waiting.shift();
    if (first === undefined) taken--;
    else first();
  };
  const once = () => {
    let given = false;
    return () => {
      if (given) return;
      given = true;
      next();
    };
  };
  return {
    take: async signal => {
      signal.throwIfAborted();
      if (taken < most) {
        taken++;
        return once();
      }
      const turn = Promise.withResolvers<undefined>();
      const mine = () => turn.resolve(undefined);
      waiting.push(mine);
      try {
        await abortable(turn.promise, signal);
        return once();
      } catch (error) {
        const at = waiting.indexOf(mine);
        // The place may have come in the very moment in which nobody wanted it any more.
        if (at < 0) next();
        else waiting.splice(at, 1);
        throw error;
      }
    },
  };
}
