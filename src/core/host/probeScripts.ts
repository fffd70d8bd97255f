import type { Probe } from '../probe.js';
import type { HostScript } from './host.js';
import { kubeletProbeScript } from './kubeletScripts.js';
import { podProbeScript } from './podScripts.js';
import { prelude } from './prelude.js';

/** Probes that a host answers; the others are asked of etcd. */
export type HostProbe = Extract<Probe, { readonly is: 'exists' | 'absent' | 'folder' | 'sameFile' | 'stopped' | 'running' | 'parked' | 'placed' | 'kubeletRestarted' }>;

/** The script that says `HOLDS`, or why not. `dataDir` is locked meanwhile, so that no unfinished step is looked at. */
export function probeScript(probe: HostProbe): HostScript {
  switch (probe.is) {
    case 'exists':
    case 'absent':
    case 'folder':
      return { text: prelude + pathText, args: [probe.is, probe.path] };
    case 'sameFile':
      return { text: prelude + sameFileText, args: [probe.path, probe.sha256, String(probe.size)] };
    case 'parked':
    case 'placed':
      return podProbeScript(probe);
    case 'kubeletRestarted':
      return kubeletProbeScript(probe.pod);
    case 'stopped':
    case 'running':
      return { text: prelude + processText, args: [probe.dataDir, probe.memberDirs.join(' '), probe.sockets.join(' '), probe.is] };
  }
}

/** The script that says `HOLDS` when nothing stands at `path`. It takes no lock: for a mere look, which leaves no trace. */
export const goneScript = (path: string): HostScript => ({ text: prelude + goneText, args: [path] });

const goneText = String.raw`
[ -e "$1" ] || [ -L "$1" ] || say HOLDS
`;

const pathText = String.raw`
dir=$(dirname -- "$2")
case "$(basename -- "$dir")" in .restore-*) dir=$(dirname -- "$dir");; esac
hold "$dir" 30
if [ "$1" = folder ]; then
  if [ -L "$2" ] || { [ -e "$2" ] && [ ! -d "$2" ]; }; then say PATH_EXISTS "path=$2"; else say HOLDS; fi
  exit 0
fi
there=absent; if [ -e "$2" ] || [ -L "$2" ]; then there=exists; fi
if [ "$there" = "$1" ]; then say HOLDS; elif [ "$1" = exists ]; then say PATH_MISSING "path=$2"; else say PATH_EXISTS "path=$2"; fi
`;

// openssl first: it is several times faster than coreutils where the processor has sha instructions.
const sameFileText = String.raw`
[ -f "$1" ] || { say PATH_MISSING "path=$1"; exit 0; }
[ "$(stat -c %s -- "$1")" = "$3" ] || { say FILE_DIFFERS "path=$1"; exit 0; }
sum=$(openssl dgst -sha256 -r <"$1" 2>/dev/null | cut -c1-64)
[ -n "$sum" ] || sum=$(sha256sum <"$1" | cut -c1-64)
if [ "$sum" = "$2" ]; then say HOLDS; else say FILE_DIFFERS "path=$1"; fi
`;

const processText = String.raw`
dataDir=$1 dirs=$2 sockets=$3
hold "$dataDir" 30
case "$4" in
  stopped) if stopped; then say HOLDS; else still say; fi;;
  running) if running; then say HOLDS; else say NOT_RUNNING "dataDir=$dataDir" reason=; fi;;
esac
`;
