import { KnownError } from '../errors.js';
import type { HostScript } from './host.js';

/** @throws KnownError HOST_ARGUMENT_INVALID when an argument could not arrive as it is: NUL, half of a character, a line's end where it must be one line. */
export function checkArgs(host: string, { args }: HostScript, lines: 'any' | 'one line each'): void {
  const bad = lines === 'any' ? /\0/ : /[\0\n\r]/;
  const n = args.findIndex(each => bad.test(each) || !each.isWellFormed());
  if (n >= 0) throw new KnownError('HOST_ARGUMENT_INVALID', { host, argument: n + 1 });
}
