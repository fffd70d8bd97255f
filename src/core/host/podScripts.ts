import type { Action } from '../action.js';
import type { Probe, StaticPod } from '../probe.js';
import type { HostScript } from './host.js';
import { prelude } from './prelude.js';

type PodAction = Extract<Action, { readonly do: 'park' | 'putBack' }>;
type PodProbe = Extract<Probe, { readonly is: 'parked' | 'placed' }>;

/** Stops a static pod by moving its manifest away, or starts it by moving it back. */
export function podScript(action: PodAction): HostScript {
  const seconds = String(Math.ceil(action.withinMs / 1000));
  switch (action.do) {
    case 'park': return { text: prelude + podText + parkText, args: [...podArgs(action.pod), seconds] };
    case 'putBack': return { text: prelude + podText + putBackText, args: [...podArgs(action.pod), seconds, action.running ? 'running' : 'placed'] };
  }
}

/** The script that says `HOLDS`, or why not. */
export const podProbeScript = (probe: PodProbe): HostScript => ({
  text: prelude + podText + podProbeText,
  args: [...podArgs(probe.pod), probe.is === 'parked' ? 'parked' : probe.running ? 'running' : 'placed'],
});

const podArgs = ({ seen, name, manifest, parked, sha256, process }: StaticPod): readonly string[] =>
  [seen.dataDir, seen.memberDirs.join(' '), seen.sockets.join(' '), name, manifest, parked, sha256, process ?? ''];

const podText = String.raw`
dataDir=$1 dirs=$2 sockets=$3 pod=$4 manifest=$5 parked=$6 sum=$7 process=$8
shift 8
same() { [ -f "$1" ] && [ ! -L "$1" ] && [ "$(sha256sum <"$1" | cut -c1-64)" = "$sum" ]; }
there() { [ -e "$1" ] || [ -L "$1" ]; }

# Tasks that a container runtime still has for the pod, its sandbox among them: while there is one, the kubelet may start
# the pod once more. One runtime that knows nothing of it says nothing, since another may have started it.
tasks_of() {
  node=$(uname -n | tr '[:upper:]' '[:lower:]')
  command -v ctr >/dev/null 2>&1 && timeout 20 ctr -n k8s.io tasks ls 2>/dev/null | awk '$3 == "RUNNING" { print $1 }' >"$tasks" && [ -s "$tasks" ] &&
    timeout 20 ctr -n k8s.io containers ls -q 'labels."io.kubernetes.pod.namespace"=="kube-system",labels."io.kubernetes.container.name"=="'"$pod"'"' \
      'labels."io.kubernetes.pod.namespace"=="kube-system",labels."io.kubernetes.pod.name"=="'"$pod-$node"'"' 2>/dev/null | grep -Fx -f "$tasks"
  for docker in docker podman; do
    command -v "$docker" >/dev/null 2>&1 && timeout 20 "$docker" ps -q --filter label=io.kubernetes.pod.namespace=kube-system --filter "label=io.kubernetes.container.name=$pod" 2>/dev/null
  done
  command -v crictl >/dev/null 2>&1 && { timeout 20 crictl ps -q --label io.kubernetes.pod.namespace=kube-system --label "io.kubernetes.container.name=$pod" 2>/dev/null
    timeout 20 crictl pods -q --namespace kube-system --name "^$pod-$node\$" --state Ready 2>/dev/null; }
  true
}
listed() {
  tasks=$(mktemp) || exit 71
  found=$(tasks_of | tr '\n' ' ')
  rm -f -- "$tasks"
  [ -n "$found" ]
}
# Quietly: else grep tells of processes that ended meanwhile, and not of the one it found.
named() { [ -n "$process" ] && grep -qsFx -- "$process" /proc/[0-9]*/comm; }
gone() { stopped && ! named && ! listed; }
alive() { if [ -n "$process" ]; then named && listening; else running; fi; }
deadline() { end=$(( $(date +%s) + $1 )); }
over() { [ "$(date +%s)" -ge "$end" ]; }
lingers() { fail STILL_RUNNING "dataDir=$pod" "pids=$(printf '%s' "$pids $found" | tr -s ' ')"; }
`;

// The copy that the kubelet would run is moved, not copied: whatever becomes of this script, there is one of it. A manifest that
// is in its place again was put there by somebody else, who would do so once more.
const parkText = String.raw`
deadline "$1"
pids= found=
hold "$dataDir" 30
ran=no moved=no; if gone; then :; else ran=yes; fi
if there "$manifest"; then
  there "$parked" && fail MANIFEST_RETURNED "path=$manifest" "parked=$parked"
  same "$manifest" || fail MANIFEST_CHANGED "path=$manifest"
  [ -d "$(dirname -- "$parked")" ] || mkdir -p -m 700 -- "$(dirname -- "$parked")" || exit 71
  mv -T -- "$manifest" "$parked" || exit 71
  moved=yes
  sync -- "$(dirname -- "$manifest")" "$(dirname -- "$parked")" 2>/dev/null || sync
else
  same "$parked" || fail PATH_MISSING "path=$manifest"
fi
# What did not run may be between two starts of a pod that crashes: the kubelet looks at its directory every 20 seconds at least.
if [ "$moved$ran" = yesno ] && ! command -v crictl >/dev/null 2>&1 && ! command -v ctr >/dev/null 2>&1; then sleep 22; fi
until gone; do over && lingers; sleep 0.2; done
there "$manifest" && fail MANIFEST_RETURNED "path=$manifest" "parked=$parked"
exit 0
`;

// One rename, so that the kubelet never reads half of it. A kubelet that overlooked it gets a second look: some do not start a
// pod that was gone for a moment only.
const putBackText = String.raw`
within=$1 want=$2
deadline "$within"
pids= found=
hold "$dataDir" 30
put() { mv -T -- "$parked" "$manifest" && { sync -- "$(dirname -- "$manifest")" "$(dirname -- "$parked")" 2>/dev/null || sync; }; }
if there "$parked"; then
  there "$manifest" && fail MANIFEST_RETURNED "path=$manifest" "parked=$parked"
  same "$parked" || fail MANIFEST_CHANGED "path=$parked"
  put || exit 71
else
  same "$manifest" || fail PATH_MISSING "path=$parked"
fi
[ "$want" = running ] || exit 0
again=$(( $(date +%s) + within / 2 ))
until alive; do
  over && fail POD_NOT_BACK "pod=$pod" "path=$manifest" "seconds=$within"
  if [ "$(date +%s)" -ge "$again" ] && ! listed; then
    again=$end
    same "$manifest" && mv -T -- "$manifest" "$parked" && sleep 2 && put
  fi
  sleep 0.2
done
`;

const podProbeText = String.raw`
want=$1
pids= found=
hold "$dataDir" 30
case "$want" in
  parked)
    if there "$manifest"; then
      if there "$parked"; then say MANIFEST_RETURNED "path=$manifest" "parked=$parked"; else say PATH_EXISTS "path=$manifest"; fi
    elif ! same "$parked"; then say PATH_MISSING "path=$parked"
    elif gone; then say HOLDS
    else say STILL_RUNNING "dataDir=$pod" "pids=$(printf '%s' "$pids $found" | tr -s ' ')"; fi;;
  *)
    if there "$parked"; then say PATH_EXISTS "path=$parked"
    elif ! same "$manifest"; then say PATH_MISSING "path=$manifest"
    elif [ "$want" = placed ] || alive; then say HOLDS
    else say POD_NOT_BACK "pod=$pod" "path=$manifest" seconds=0; fi;;
esac
`;
