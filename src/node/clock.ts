import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../core/ports.js';

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => new Date().toISOString(),
  sleep: (ms, signal) => setTimeout(ms, undefined, { signal }),
};
