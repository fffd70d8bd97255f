import type { HostKeep, HostOutcome } from '../../core/host/host.js';
import type { DialingHost } from './dialingHost.js';

/** What is done around every use of a host: it may refuse, and hears of what goes wrong. */
export type Around = <T>(use: () => Promise<T>) => Promise<T>;

/** A host that is opened when it is first used; one that could not be opened is tried anew the next time. */
export function laterHost(name: string, open: (signal: AbortSignal) => Promise<DialingHost>, around: Around = use => use()): DialingHost {
  let opening: Promise<DialingHost> | undefined;
  const opened = (signal: AbortSignal): Promise<DialingHost> => {
    opening ??= open(signal).catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  };
  const forever = (): AbortSignal => new AbortController().signal;
  return {
    name,
    run: (script, options) => around(async (): Promise<HostOutcome> => (await opened(options.signal)).run(script, options)),
    keep: (script, signal) => around(async (): Promise<HostKeep> => (await opened(signal)).keep(script, signal)),
    read: path => around(async () => (await opened(forever())).read(path)),
    async *stream(path, signal, from) { yield* (await around(() => opened(signal))).stream(path, signal, from); },
    append: (path, text) => around(async () => (await opened(forever())).append(path, text)),
    write: (path, text) => around(async () => (await opened(forever())).write(path, text)),
    upload: (from, to, options) => around(async () => (await opened(options.signal)).upload(from, to, options)),
    dial: (address, signal) => around(async () => (await opened(signal)).dial(address, signal)),
    behind: gate => laterHost(name, async signal => (await opened(signal)).behind(gate), around),
    close: async () => { if (opening !== undefined) await opening.then(host => host.close(), () => undefined); },
  };
}
