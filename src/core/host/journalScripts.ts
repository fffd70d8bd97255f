import type { HostScript } from './host.js';
import { prelude } from './prelude.js';

/** A journal in a data directory, and what tells whether somebody else could have written it. */
export interface JournalFound {
  readonly name: string;
  /** Whether it, and the folder, belong to root or to who looks, and nobody else can write them. */
  readonly trusted: boolean;
}

/** Lists the journals in a data directory, the newest 64, oldest first: regular files of up to 16 MiB. */
export const journalListScript = (dataDir: string): HostScript => ({ text: prelude + text, args: [dataDir] });

const text = String.raw`
dir=$1
me=$(id -u)
# Mode without write bits for others, owner root or who looks.
ours() { stat -c '%u %a' -- "$1" | awk -v me="$me" '{ mode = substr("000" $2, length("000" $2) - 2); exit !(($1 == 0 || $1 == me) && substr(mode, 2, 1) !~ /[2367]/ && substr(mode, 3, 1) !~ /[2367]/) }'; }
folder=no; [ -d "$dir" ] && [ ! -L "$dir" ] && stat -c %a -- "$dir" | awk '{ mode = substr("000" $1, length("000" $1) - 2); exit !(substr(mode, 2, 1) !~ /[2367]/ && substr(mode, 3, 1) !~ /[2367]/) }' && folder=yes
for path in "$dir"/restore-*.journal; do
  [ -f "$path" ] && [ ! -L "$path" ] || continue
  [ "$(stat -c %s -- "$path")" -le 16777216 ] || continue
  trusted=no; [ "$folder" = yes ] && ours "$path" && trusted=yes
  printf 'journal\t%s\t%s\n' "$trusted" "$(plain "$(basename -- "$path")")"
done | tail -n 64
exit 0
`;

/** Reads what `journalListScript` printed. */
export const readJournalList = (stdout: string): readonly JournalFound[] => stdout.split('\n').flatMap(line => {
  const [, trusted, name = ''] = /^journal\t(yes|no)\t(restore-[a-z0-9-]+\.journal)$/.exec(line) ?? [];
  return trusted === undefined ? [] : [{ name, trusted: trusted === 'yes' }];
});
