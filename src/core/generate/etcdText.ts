/**
 * Asks a member what the editor asks it, with what the host has: etcdctl, etcd's own image, or curl at its HTTP gateway.
 * Ids and revisions are compared as decimal text, since a shell's numbers end at 63 bits. To be run after the prelude.
 */
export const etcdText = String.raw`
what=$1 member=$2 endpoint=$3 ca=$4 cert=$5 key=$6 serverName=$7 one=$8 two=$9
shift 9
silence=$1 ctl=$2
shift 2
# A number of an answer as its digits; etcd's gateway puts them into quotes.
number() {
  printf '%s\n' "$answer" | awk -v key="$1" '{
    at = index($0, "\"" key "\":"); if (!at) next
    rest = substr($0, at + length(key) + 3); sub(/^ *"?/, "", rest)
    if (match(rest, /^-?[0-9]+/)) { print substr(rest, 1, RLENGTH); exit } }'
}
hex() { printf '%x' "$1" 2>/dev/null || printf '%s' "$1"; }
line() { printf '%s' "$answer" | tr -c '[:print:]' ' ' | tail -c 300; }
clean() { contained env -i PATH="$PATH" LC_ALL=C ETCDCTL_API=3 /bin/sh -c 'exec "$@"' asked "$@" 2>&1; }
unasked() { say NOT_ASKED "member=$member" "reason=$1"; exit 0; }
# Nothing answers, or not in time; who answers with an error is somebody.
silent() {
  case "$answer" in *x509*|*certificate*|*handshake*|*tls:*|*TLS*|*SSL*) return 1;; esac
  case "$answer" in *refused*|*"deadline exceeded"*|*navailable*|*"imed out"*|*"Failed to connect"*|*"Could not resolve"*|*"Couldn't connect"*|*"no route"*|*"eset by peer"*|*"mpty reply"*|'') return 0;; esac
  return 1
}
unreachable() { say ETCD_UNREACHABLE "endpoint=$endpoint" "reason=$(line)"; exit 0; }

for file in "$ca" "$cert" "$key"; do
  [ -z "$file" ] || [ -r "$file" ] || unasked "the TLS file $file cannot be read on this machine"
done
way=etcdctl
if [ -n "$serverName" ]; then way=curl
elif [ -x "$ctl" ]; then set -- "$ctl"
elif command -v etcdctl >/dev/null 2>&1; then set -- etcdctl
elif [ $# -gt 0 ]; then set -- "$@" etcdctl
else way=curl
fi
url=$endpoint
if [ "$way" = curl ]; then
  command -v curl >/dev/null 2>&1 || unasked 'there is no etcdctl on this host, and no curl'
  set -- curl -sS --noproxy '*' --max-time 10 -X POST
  if [ -n "$serverName" ]; then
    at=$(printf '%s' "$endpoint" | sed 's#^[a-z]*://##')
    port=$(printf '%s' "$at" | sed 's/.*://')
    url="https://$serverName:$port"
    set -- "$@" --connect-to "$serverName:$port:$at"
  fi
else
  set -- "$@" --endpoints "$endpoint" --command-timeout=5s --dial-timeout=4s
fi
[ -z "$ca" ] || set -- "$@" --cacert "$ca"
[ -z "$cert" ] || set -- "$@" --cert "$cert" --key "$key"

case "$what" in
  identity)
    if [ "$way" = curl ]; then answer=$(clean "$@" -d '{}' "$url/v3/maintenance/status"); else answer=$(clean "$@" endpoint status -w json); fi
    cluster=$(number cluster_id) id=$(number member_id)
    if [ -z "$cluster" ] || [ -z "$id" ]; then
      if [ "$silence" = orSilent ] && silent; then say HOLDS; exit 0; fi
      unreachable
    fi
    if [ "$cluster" = "$one" ] && [ "$id" = "$two" ]; then say HOLDS; exit 0; fi
    say IDENTITY_DIFFERS "member=$member" "clusterId=$(hex "$cluster")" "memberId=$(hex "$id")" "expectedCluster=$(hex "$one")" "expectedMember=$(hex "$two")";;
  hashKv)
    revision=$one
    for at in "$one" 0; do
      if [ "$way" = curl ]; then body=$(printf '{"revision":"%s"}' "$at"); answer=$(clean "$@" -d "$body" "$url/v3/maintenance/hashkv"); else answer=$(clean "$@" endpoint hashkv --rev "$at" -w json); fi
      case "$answer" in 'Not Found'*) unasked 'the gateway of this etcd has no HashKV, and there is no etcdctl on this host';; esac
      hash=$(number hash)
      # etcd 3.4 does not hash at the very revision of the last compaction, which is where a raised restore stands.
      [ -z "$hash" ] || break
      case "$answer" in *compacted*) ;; *) break;; esac
    done
    [ -n "$hash" ] || unreachable
    [ "$at" = "$one" ] || revision=$(number revision)
    [ "$revision" = "$one" ] || unasked "clients have written since, and this etcd only hashes its current revision: compare the members by hand with etcdctl endpoint hashkv --rev $revision"
    if [ "$hash" = "$two" ]; then say HOLDS; else say HASHKV_DIFFERS "member=$member" "revision=$revision" "hash=$hash" "expected=$two"; fi;;
  healthy)
    # A linearizable read: it is answered by a member that has a leader and is up to date.
    if [ "$way" = curl ]; then answer=$(clean "$@" -d '{"key":"aGVhbHRo"}' "$url/v3/kv/range"); else answer=$(clean "$@" get health -w json --consistency=l); fi
    if [ -n "$(number cluster_id)" ]; then say HOLDS; else unreachable; fi;;
esac
`;
