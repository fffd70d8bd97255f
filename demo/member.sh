#!/bin/sh
# Starts or stops one etcd member of the demo: member.sh start|stop NAME
# Beside this script lie, for each member, NAME.args (etcd and its arguments, one a line), NAME.log and NAME.pid.
set -eu
cd "$(dirname "$0")"
verb=${1-} name=${2-}
[ -r "$name.args" ] || { echo "there is no member \"$name\" in $PWD" >&2; exit 2; }

# Whether the process that was started still runs: not ended and waiting for its parent, and not another of the same number.
runs() {
  pid=$(cat "$name.pid" 2>/dev/null) || return 1
  case $(ps -o stat= -p "$pid" 2>/dev/null) in '' | Z*) return 1 ;; esac
  case $(ps -o args= -p "$pid") in *"--name=$name "*) return 0 ;; esac
  return 1
}

case $verb in
start)
  if runs; then exit 0; fi
  set --
  while IFS= read -r argument; do set -- "$@" "$argument"; done <"$name.args"
  # A session of its own: it outlives the terminal and the editor.
  if command -v setsid >/dev/null; then set -- setsid "$@"; else set -- nohup "$@"; fi
  "$@" </dev/null >>"$name.log" 2>&1 &
  echo $! >"$name.pid"
  ;;
stop)
  if runs; then
    kill "$pid"
    left=300
    while runs; do
      left=$((left - 1))
      [ "$left" -gt 0 ] || { echo "$name did not stop within 30 seconds" >&2; exit 1; }
      sleep 0.1
    done
  fi
  rm -f "$name.pid"
  ;;
*)
  echo "usage: member.sh start|stop NAME" >&2
  exit 2
  ;;
esac
