import type { StaticPod } from '../probe.js';
import type { HostScript } from './host.js';
import { prelude } from './prelude.js';

/** Restarts the kubelet, and waits until it is active once more. */
export const restartKubeletScript = (pod: StaticPod, withinMs: number): HostScript =>
  ({ text: prelude + kubeletText + restartText, args: [...argsOf(pod), String(Math.ceil(withinMs / 1000))] });

/** The script that says `HOLDS` when the kubelet is active and was started after the pod's manifest came back into its place, or why not. */
export const kubeletProbeScript = (pod: StaticPod): HostScript => ({ text: prelude + kubeletText + probeText, args: argsOf(pod) });

const argsOf = ({ seen, manifest }: StaticPod): readonly string[] => [seen.dataDir, manifest];

// A rename is what sets the time of a manifest's inode: so that is when it came back. Both times are this host's own, in whole
// seconds since 1970; systemd's is read in UTC, since the names of other zones mean several.
const kubeletText = String.raw`
dataDir=$1 manifest=$2
unit=kubelet.service
placed=$(stat -c %Z -- "$manifest" 2>/dev/null)
restarted() {
  [ "$(systemctl is-active "$unit" 2>/dev/null)" = active ] || return 1
  since=$(TZ=UTC systemctl show -p ActiveEnterTimestamp "$unit" 2>/dev/null | sed -n 's/^ActiveEnterTimestamp=//p')
  [ -n "$since" ] && since=$(TZ=UTC date -d "$since" +%s 2>/dev/null) && [ "$since" -gt "$placed" ]
}
state() { plain "$unit is $(systemctl is-active "$unit" 2>&1)"; }
`;

// In a second of its own, or its start could not be told from the one before.
const restartText = String.raw`
hold "$dataDir" 30
[ -n "$placed" ] || fail PATH_MISSING "path=$manifest"
end=$(( $(date +%s) + $3 ))
over() { [ "$(date +%s)" -ge "$end" ]; }
until [ "$(date +%s)" -gt "$placed" ]; do
  if over; then fail KUBELET_NOT_RESTARTED "reason=the time of $manifest is still to come"; fi
  sleep 0.2
done
said=$(timeout "$3" systemctl restart "$unit" </dev/null 2>&1 9>&-) || fail KUBELET_NOT_RESTARTED "reason=$said"
until restarted; do
  if over; then fail KUBELET_NOT_RESTARTED "reason=$(state)"; fi
  sleep 0.5
done
`;

const probeText = String.raw`
hold "$dataDir" 30
if [ -z "$placed" ]; then say PATH_MISSING "path=$manifest"; elif restarted; then say HOLDS; else say KUBELET_NOT_RESTARTED "reason=$(state)"; fi
`;
