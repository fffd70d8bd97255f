/**
 * What carries out steps in a generated host script, by the runner's rules: skip what is in place, act, look whether it is,
 * stop at the first failure. Each text runs in a session of its own, so that it comes to its end when the connection does not.
 */
export const runtimeText = String.raw`
set -u
umask 077
LC_ALL=C; export LC_ALL
PATH="$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"; export PATH
for name in $(env | sed -n 's/^\(ETCDCTL_[A-Za-z0-9_]*\)=.*/\1/p'); do unset "$name"; done
cd /
unchecked=0 why=

# Runs a text of this file, named first, with its arguments.
run_text() {
  which=$1; shift
  text=$("text_$which")
  setsid -w /bin/sh -c "$text" "$which" "$@" </dev/null 8>&-
}
answered() {
  answer=$(run_text "$@"); code=$?
  why=$(printf '%s\n' "$answer" | grep '^@' | tail -n 1)
  [ -n "$why" ] || why=$(printf '@HOST_SCRIPT_FAILED\tcode=%s\treason=' "$code")
  return "$code"
}
# Asks: 0 it holds, 1 it does not, 2 nobody can tell, 3 it cannot be asked from here.
ask() {
  answered "$@" || return 2
  case "$why" in @HOLDS*) return 0;; @NOT_ASKED*) return 3;; @HOST_SCRIPT_FAILED*) return 2;; esac
  return 1
}
act_by() { answered "$@"; }
unless() { "$1"; case $? in 0) return 1;; 1) return 0;; esac; return 2; }

# Asks until it holds; what differs does not become equal by waiting.
wait_for() {
  end=$(( $(date +%s) + $1 ))
  while :; do
    probe; code=$?
    [ "$code" -eq 1 ] || return "$code"
    case "$why" in @FILE_DIFFERS*|@HASHKV_DIFFERS*|@IDENTITY_DIFFERS*) return 1;; esac
    [ "$(date +%s)" -lt "$end" ] || return 1
    sleep 0.5
  done
}

tell() { printf 'step %s: %s\n' "$number" "$1"; }
broken() {
  printf 'step %s: failed %s\n' "$number" "$(printf '%s' "$why" | cut -c2-)"
  printf 'STOPPED at %s (%s): %s\n' "$id" "$title" "$(sentence "$(printf '%s' "$why" | cut -f1 | cut -c2-)")"
  printf '%s\n' "$why" | cut -s -f2- | tr '\t' '\n' | sed 's/^/    /'
  exit 70
}
missed() {
  unchecked=1
  tell unchecked
  printf 'NOT CHECKED: %s (%s): %s\n' "$title" "$id" "$(printf '%s' "$why" | cut -s -f2- | tr '\t' ' ')"
}

# NUMBER ID TITLE, then once (skipped where its probe holds), always, or wait and for how many seconds.
perform() {
  number=$1 id=$2 title=$3 how=$4
  [ "$mode" = look ] || printf 'step %s (%s): %s\n' "$number" "$id" "$title"
  needed; code=$?
  [ "$code" -lt 2 ] || broken
  if [ "$code" -eq 1 ]; then tell found; return; fi
  if [ "$how" = wait ]; then
    [ "$mode" = look ] && return
    wait_for "$5"; code=$?
    case "$code" in 0) tell 'done';; 3) missed;; *) broken;; esac
    return
  fi
  if [ "$how" = once ]; then
    probe; code=$?
    if [ "$code" -eq 0 ]; then tell found; return; fi
    [ "$code" -eq 1 ] || broken
  fi
  [ "$mode" = look ] && return
  act || broken
  probe || broken
  tell 'done'
}

# Holds every data directory's lock of the whole run, so that no editor and no other script works on it meanwhile.
locked() {
  if [ $# -eq 0 ]; then
    steps
    [ "$unchecked" -eq 0 ] || exit 75
    exit 0
  fi
  if [ ! -d "$1" ]; then shift; locked "$@"; return; fi
  number=0 id=lock title="Lock $1"
  if ! command -v flock >/dev/null 2>&1; then why=@FLOCK_MISSING; broken; fi
  if [ -L "$1/.recovery.lock" ]; then why=$(printf '@PATH_EXISTS\tpath=%s' "$1/.recovery.lock"); broken; fi
  (
    if ! flock -n 8; then why=$(printf '@LOCKED_BY_OTHER\tdataDir=%s\towner=%s' "$1" "$(head -c 200 -- "$1/.recovery.lock" | tr -c '[:print:]' ' ')"); broken; fi
    if [ "$(stat -L -c %d:%i /proc/self/fd/8)" != "$(stat -c %d:%i -- "$1/.recovery.lock")" ]; then why=$(printf '@PATH_EXISTS\tpath=%s' "$1/.recovery.lock"); broken; fi
    printf 'generated scripts (process %s)' "$$" >/proc/self/fd/8
    shift
    locked "$@"
  ) 8>>"$1/.recovery.lock"
}
`;
