import type { HostOutcome } from '../../core/host/host.js';
import { LONGEST } from '../host/readTail.js';

/** The output of a script that is followed over several connections, up to the line that tells its end. */
export interface FollowedOutput {
  /** Bytes that have arrived of each. */
  readonly offsets: { readonly out: number; readonly err: number };
  readonly takeOut: (bytes: Buffer) => void;
  readonly takeErr: (bytes: Buffer) => void;
  /** Forgets what may be the beginning of the last line: it will come again. */
  cut(): void;
  ended(): boolean;
  outcome(): HostOutcome;
}

/** Collects it; `onOutput` gets everything but the last line. */
export function followedOutput(id: string, onOutput?: (text: string) => void): FollowedOutput {
  const mark = Buffer.from(`\n@ENDED\tid=${id}\tcode=`);
  const offsets = { out: 0, err: 0 };
  const texts = { out: '', err: '' };
  const decoders = { out: new TextDecoder(), err: new TextDecoder() };
  let held = Buffer.alloc(0);
  const add = (which: 'out' | 'err', bytes: Buffer) => {
    offsets[which] += bytes.length;
    const text = decoders[which].decode(bytes, { stream: true });
    texts[which] = (texts[which] + text).slice(-LONGEST);
    if (text !== '') onOutput?.(text);
  };
  const code = (): string | undefined => held.subarray(0, mark.length).equals(mark) ? /^(\d+|-)\n/.exec(held.subarray(mark.length).toString('latin1'))?.[1] : undefined;
  return {
    offsets,
    takeOut: bytes => {
      const all = Buffer.concat([held, bytes]);
      const at = all.indexOf(mark);
      const free = at >= 0 ? at : all.length - beginning(all, mark);
      held = all.subarray(free);
      if (free > 0) add('out', all.subarray(0, free));
    },
    takeErr: bytes => add('err', bytes),
    cut: () => { held = Buffer.alloc(0); },
    ended: () => code() !== undefined,
    outcome: () => ({ code: code() === '-' ? undefined : Number(code()), stdout: texts.out, stderr: texts.err }),
  };
}

/** How many bytes at the end of `all` could be the beginning of the mark. */
function beginning(all: Buffer, mark: Buffer): number {
  for (let length = Math.min(all.length, mark.length - 1); length > 0; length--) {
    if (all.subarray(-length).equals(mark.subarray(0, length))) return length;
  }
  return 0;
}
