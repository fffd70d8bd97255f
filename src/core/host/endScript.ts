import type { HostScript } from './host.js';
import { prelude } from './prelude.js';

/** Ends the process group of a shell that is known by its process id and by a mark in its command line. */
export const endScript = (pid: number, mark: string): HostScript => ({ text: prelude + text, args: [String(pid), mark] });

const text = String.raw`
alive() { cat -- "/proc/$1/cmdline" 2>/dev/null | tr '\000' ' ' | grep -qF -- "$2"; }
stat=$(cat -- "/proc/$1/stat" 2>/dev/null) || exit 0
group=$(printf '%s' "$stat" | tr '\n' ' ' | sed 's/^.*) //' | cut -d' ' -f3)
for signal in TERM KILL; do
  alive "$1" "$2" || exit 0
  kill -s "$signal" -- "-$group" 2>/dev/null
  for n in 1 2 3 4 5 6 7 8 9 10; do alive "$1" "$2" || exit 0; sleep 0.2; done
done
`;
