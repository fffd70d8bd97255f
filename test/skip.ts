import type { Context } from 'mocha';

/** Skips a test (in `it`) or a whole suite (in `before`) and says why: the run names both at its end. */
export function skip(context: Context, reason: string): never {
  const runnable = context.test;
  if (runnable !== undefined) Object.assign(isHook(runnable) ? runnable.parent ?? runnable : runnable, { skipReason: reason });
  context.skip();
}

const isHook = (runnable: Mocha.Runnable): boolean => 'type' in runnable && runnable.type === 'hook';

/** The reason that `skip` left on a test or on a suite around it. */
export function skipReason(test: Mocha.Test): string | undefined {
  for (let at: Mocha.Test | Mocha.Suite | undefined = test; at !== undefined; at = at.parent)
    if ('skipReason' in at && typeof at.skipReason === 'string') return at.skipReason;
  return undefined;
}
