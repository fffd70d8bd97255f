import * as z from 'zod/mini';

/**
 * The typed messages of one panel. Both ends check what they get against these schemas: a webview shows foreign
 * text and is untrusted, and its page may be older than the host after an update.
 */
export interface Protocol<ToView, ToHost> {
  /** What the host sends. */
  readonly toView: z.ZodMiniType<ToView>;
  /** What the page sends. It may ask for something it was shown, approve a digest, cancel; never a path, a plan or an argv. */
  readonly toHost: z.ZodMiniType<ToHost>;
}

/** The page's first message: it listens now. The host answers with everything the page needs, every time. */
export const ready = z.strictObject({ type: z.literal('ready') });

/** The page's own words, by key: the host translates, the page only shows. */
export const wordsOf = <const Key extends string>(keys: readonly Key[]): z.ZodMiniType<Readonly<Record<Key, string>>> =>
  z.record(z.enum(keys), z.string());

/** What a message holds, or `undefined` when it is not one of the protocol's. */
export function parseMessage<T>(schema: z.ZodMiniType<T>, message: unknown): T | undefined {
  const result = schema.safeParse(message);
  return result.success ? result.data : undefined;
}
