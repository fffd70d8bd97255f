import { textOf } from '../../core/errors.js';
import type { Etcd3Client } from './etcd3Client.js';

/** Keeps the token of an etcd user: it is asked for once, over the same connection, and again when it has expired. */
export interface TokenKeeper {
  /** Makes a call with the token; once more with a new one if the server no longer knows it. */
  use<T>(signal: AbortSignal, call: (token: string | undefined) => Promise<T>): Promise<T>;
  /** A token that was made just now, for a stream, which cannot be made once more. */
  fresh(signal: AbortSignal): Promise<string | undefined>;
}

const isStale = (error: unknown): boolean => /invalid auth token|revision of auth store is old/.test(textOf(error));

/** Does its own authentication, since etcd3's ignores the connection's options (`grpc.ssl_target_name_override`). */
export function tokenKeeper(client: Etcd3Client, user: { readonly name: string; readonly password: string } | undefined, timeoutMs: number): TokenKeeper {
  let kept: string | undefined;
  const fresh = async (signal: AbortSignal): Promise<string | undefined> => {
    if (user === undefined) return undefined;
    kept = await client.call('Auth', 'authenticate', user, timeoutMs, { token: undefined, signal }).then(
      answer => answer.token,
      (error: unknown) => {
        if (textOf(error).includes('authentication is not enabled')) return undefined;
        throw error;
      });
    return kept;
  };
  return {
    fresh,
    use: async (signal, call) => {
      try {
        return await call(kept ?? await fresh(signal));
      } catch (error) {
        if (user === undefined || !isStale(error)) throw error;
        return await call(await fresh(signal));
      }
    },
  };
}
