import type { Secrets } from './secrets.js';

/** A time limit that does not run while a person is asked. */
export interface Patience {
  /** The same secrets; the limit stands still until an answer comes. */
  readonly secrets: Secrets;
  /** Begins the limit anew: something has happened. */
  renew(): void;
  end(): void;
}

/** @param ms milliseconds without anything happening until `over` is called, once. */
export function patience(ms: number, secrets: Secrets, over: () => void): Patience {
  let asking = 0;
  let timer: NodeJS.Timeout | undefined;
  let done = false;
  const renew = () => {
    clearTimeout(timer);
    if (!done && asking === 0) timer = setTimeout(over, ms);
  };
  const still = async <T>(ask: () => Promise<T>): Promise<T> => {
    asking++;
    renew();
    try {
      return await ask();
    } finally {
      asking--;
      renew();
    }
  };
  renew();
  return {
    secrets: {
      ...secrets,
      ask: (question, wrong, signal) => still(() => secrets.ask(question, wrong, signal)),
      trusts: (key, signal) => still(() => secrets.trusts(key, signal)),
    },
    renew,
    end: () => { done = true; clearTimeout(timer); },
  };
}
