import type { Client } from 'ssh2';
import { abortable } from '../host/abortable.js';

/** A connection to one hop that is made when it is first needed, shared by all who need it, and made anew after a loss. */
export interface Line {
  /** The connection; rejects when it cannot be made, or when the signal aborts. */
  client(signal: AbortSignal): Promise<Client>;
  /** The connection is of no use any more. */
  drop(client: Client): void;
  close(): void;
}

/** `connect` is told to stop when nobody waits for it any more. */
export function openLine(connect: (signal: AbortSignal) => Promise<Client>): Line {
  let current: { readonly made: Promise<Client>; readonly stop: AbortController; waiting: number; client?: Client } | undefined;
  const forget = (line: typeof current) => { if (current === line) current = undefined; };
  const begin = () => {
    const stop = new AbortController();
    const line: NonNullable<typeof current> = { made: connect(stop.signal), stop, waiting: 0 };
    current = line;
    line.made.then(client => {
      line.client = client;
      client.once('close', () => forget(line));
      if (current !== line) client.end();
    }, () => forget(line));
    return line;
  };
  return {
    client: async signal => {
      signal.throwIfAborted();
      const line = current ?? begin();
      line.waiting++;
      try {
        return await abortable(line.made, signal);
      } finally {
        line.waiting--;
        if (line.waiting === 0 && line.client === undefined && signal.aborted) {
          forget(line);
          line.stop.abort(signal.reason);
        }
      }
    },
    drop: client => {
      if (current?.client !== client) return;
      current = undefined;
      client.destroy();
    },
    close: () => {
      const line = current;
      current = undefined;
      line?.stop.abort();
      line?.client?.end();
    },
  };
}
