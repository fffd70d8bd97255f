import type { Readable } from 'node:stream';

/** Characters kept of what a command prints: ours is short, and a user's command may be noisy. */
export const LONGEST = 2 ** 20;

export interface Tail {
  text(): string;
  /** Stops listening; the stream waits for its next reader. */
  stop(): void;
}

/** Collects the end of a stream's text, and tells what comes as it comes. */
export function readTail(stream: Readable, hear?: (text: string) => void): Tail {
  const decoder = new TextDecoder();
  let kept = '';
  const more = (chunk: Buffer) => {
    const text = decoder.decode(chunk, { stream: true });
    kept = (kept + text).slice(-LONGEST);
    hear?.(text);
  };
  stream.on('data', more).resume();
  return {
    text: () => kept,
    stop: () => { stream.off('data', more); stream.pause(); },
  };
}
