import type { FlagKind } from './flags.js';

const bools: ReadonlyMap<string, boolean> = new Map([
  ...['1', 't', 'T', 'true', 'TRUE', 'True'].map(text => [text, true] as const),
  ...['0', 'f', 'F', 'false', 'FALSE', 'False'].map(text => [text, false] as const),
]);

/** Go's `strconv.ParseBool`. */
export const goBool = (text: string): boolean | undefined => bools.get(text);

const digits = /^[-+]?(?:0[xX][0-9a-fA-F_]+|0[oO]?[0-7_]*|0[bB][01_]+|[1-9][0-9_]*)$/;

/** Go's `strconv.ParseInt(text, 0, 64)`: decimal, or 0x, 0o, 0b and a leading 0 for octal. */
export function goInteger(text: string): bigint | undefined {
  if (text.length > 80 || !digits.test(text) || /__|_$/.test(text)) return undefined;
  const negative = text.startsWith('-');
  const plain = text.replace(/^[-+]/, '').replaceAll('_', '').replace(/^0(?=[0-7])/, '0o');
  const value = BigInt(plain) * (negative ? -1n : 1n);
  return value >= -(2n ** 63n) && value < 2n ** 64n ? value : undefined;
}

const duration = /^[-+]?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/;

/** Whether Go's `time.ParseDuration` takes it: a unit is needed, except for 0. */
export const isGoDuration = (text: string): boolean =>
  text.length <= 80 && (/^[-+]?0$/.test(text) || duration.test(text));

/** What a value of that kind must be, when it is not; `undefined` when it is good. */
export function wrongValue(kind: FlagKind, text: string): 'bool' | 'unsigned' | 'integer' | 'duration' | 'state' | undefined {
  switch (kind) {
    case 'bool':
      return goBool(text) === undefined ? 'bool' : undefined;
    case 'unsigned': {
      const value = goInteger(text);
      return value === undefined || value < 0n || /^[-+]/.test(text) ? 'unsigned' : undefined;
    }
    case 'integer': {
      const value = goInteger(text);
      return value === undefined || value >= 2n ** 63n ? 'integer' : undefined;
    }
    case 'duration':
      return isGoDuration(text) ? undefined : 'duration';
    case 'state':
      return text === 'new' || text === 'existing' ? undefined : 'state';
    case 'text':
    case 'path':
    case 'urls':
    case 'list':
    case 'ignored':
      return undefined;
  }
}
