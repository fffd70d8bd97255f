import type { Owner } from '../action.js';
import type { HostScript } from './host.js';
import { prelude } from './prelude.js';

/** Makes a data directory that was lost, so that the journal has its place beside the data to come. */
export const dataDirScript = (dataDir: string, owner: Owner): HostScript =>
  ({ text: prelude + text, args: [dataDir, `${owner.uid}:${owner.gid}`] });

const text = String.raw`
[ -d "$1" ] && exit 0
mkdir -m 700 -- "$1" || exit 71
if [ "$(id -u)" -eq 0 ]; then chown -- "$2" "$1" || exit 71; fi
`;
