/** What `parseExact` makes of a text. */
export type ExactJson = string | bigint | number | boolean | null | readonly ExactJson[] | { readonly [key: string]: ExactJson };

/** Parses JSON and keeps whole numbers exact, as BigInt: member ids exceed 2^53. `undefined` where it is no JSON. */
export function parseExact(text: string): ExactJson | undefined {
  try {
    return JSON.parse(text, (_key, value: ExactJson, context?: { readonly source?: string }) =>
      typeof value === 'number' && context?.source !== undefined && /^-?\d+$/.test(context.source) ? BigInt(context.source) : value) as ExactJson;
  } catch {
    return undefined;
  }
}

/** The object, or `undefined` for anything else. */
export const objectOf = (json: ExactJson | undefined): Readonly<Record<string, ExactJson>> | undefined =>
  typeof json === 'object' && json !== null && !Array.isArray(json) ? json as Readonly<Record<string, ExactJson>> : undefined;

/** The strings of a list, none for null as Go writes an empty list; `undefined` for anything else. */
export function stringsOf(json: ExactJson | undefined): readonly string[] | undefined {
  if (json === undefined || json === null) return [];
  return Array.isArray(json) && json.every(item => typeof item === 'string') ? json : undefined;
}

/** The whole numbers of a list; `undefined` for anything else. */
export function bigintsOf(json: ExactJson | undefined): readonly bigint[] | undefined {
  if (json === undefined || json === null) return [];
  return Array.isArray(json) && json.every(item => typeof item === 'bigint') ? json : undefined;
}

/** UTF-8 text, or `undefined` where it is none. */
export function textOfBytes(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
