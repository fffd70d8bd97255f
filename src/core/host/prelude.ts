/**
 * The functions that every script of ours begins with. POSIX `sh` with GNU coreutils, util-linux and /proc: what a
 * Linux host that runs etcd has.
 */
export const prelude = String.raw`set -u
umask 077
LC_ALL=C; export LC_ALL

# The outcome, for the editor: a code, then key=value, separated by tabs; a value cannot begin another line.
say() { printf '@%s' "$1"; shift; for pair in "$@"; do printf '\t%s' "$(plain "$pair")"; done; printf '\n'; }
plain() { printf '%s' "$1" | tr '\000-\037\177' ' '; }
fail() { say "$@"; exit 70; }
# The end of a file as one line without control characters.
tail_of() { tail -c 600 -- "$1" 2>/dev/null | tr -c '[:print:]' ' ' | tr -s ' '; }

# Runs a command whose word {container}, if it has one, becomes a name that no earlier container left behind.
contained() {
  left=$#
  while [ "$left" -gt 0 ]; do
    word=$1; shift
    [ "$word" = '{container}' ] && word="etcd-recovery-$$-$(date +%s%N)"
    set -- "$@" "$word"
    left=$((left - 1))
  done
  "$@"
}

# Whether what was opened is the very file of that name: whoever owns the directory may have put a link there meanwhile.
is_file() { [ "$(stat -L -c %d:%i "/proc/self/fd/$1")" = "$(stat -c %d:%i -- "$2")" ]; }

# One step at a time works on a data directory; a step whose editor has died holds on until it has ended.
hold() {
  command -v flock >/dev/null 2>&1 || fail FLOCK_MISSING
  [ -d "$1" ] || return 0
  [ -L "$1/.recovery-step.lock" ] && fail PATH_EXISTS "path=$1/.recovery-step.lock"
  exec 9>>"$1/.recovery-step.lock"
  is_file 9 "$1/.recovery-step.lock" || fail PATH_EXISTS "path=$1/.recovery-step.lock"
  flock -w "$2" 9 || fail STEP_BUSY "dataDir=$1"
}

# Processes that hold a member's database or WAL open, or locked (a lock shows its inode to everybody).
# The list of processes is made first: find itself holds what it compares with.
holders() { { openers; on_deleted; lockers READ WRITE; } | each_once; }
openers() {
  open_files=$(echo /proc/[0-9]*/fd)
  for dir in $dirs; do
    db="$dataDir/$dir/snap/db"
    [ -e "$db" ] && find -L $open_files -maxdepth 1 -samefile "$db" 2>/dev/null | cut -d/ -f3
  done
}
# Processes whose database or WAL was removed under them: they go on with what has no name any more, and have to be waited
# for all the same. The kernel shows such a file with the path it had. Values go through the environment, where awk takes
# no backslash for its own; a path with a newline could pretend to be two.
on_deleted() {
  find /proc/[0-9]*/fd -maxdepth 1 -lname '/* (deleted)' ! -lname '*
*' -printf '%h %l\n' 2>/dev/null |
    place=$(readlink -f -- "$dataDir") dirs=$dirs awk '
    BEGIN { n = split(ENVIRON["dirs"], each, " ") }
    { path = substr($0, index($0, " ") + 1)
      for (i = 1; i <= n; i++) {
        start = ENVIRON["place"] "/" each[i] "/"
        if (index(path, start) == 1 && substr(path, length(start) + 1) ~ /^(snap\/db|wal\/[^\/]*\.wal) \(deleted\)$/) { split($0, part, "/"); print part[3] }
      } }'
}
# Processes whose lock on the database or WAL is of one of these kinds. The locks of Go's etcd on its WAL belong to an open
# file and name no process; one counts when nobody is known and its device is the same as well.
lockers() {
  for dir in $dirs; do
    for file in "$dataDir/$dir/snap/db" "$dataDir/$dir"/wal/*.wal; do
      [ -e "$file" ] || continue
      awk -v inode="$(stat -c %i -- "$file")" -v device="$(device_of "$file")" -v kinds="$*" '
        $2 != "->" && index(kinds, $4) { n = split($6, at, ":"); if (at[n] == inode) { if ($5 + 0 > 0) print $5; else if ((at[1] ":" at[2]) == device) print "unknown" } }' /proc/locks |
        while read -r pid; do holds_it "$pid" "$file" && printf '%s\n' "$pid"; done
    done
  done
}
each_once() { sort -u | awk '$0 == "unknown" { some = 1; next } { print; known = 1 } END { if (some && !known) print "unknown" }' | tr '\n' ' '; }
device_of() {
  device=$(stat -c %d -- "$1")
  printf '%02x:%02x' $(( device >> 8 & 4095 )) $(( device & 255 | device >> 12 & 1048320 ))
}
# Inodes repeat on other file systems: a process whose files can be looked at must have this one open.
holds_it() {
  ls "/proc/$1/fd" >/dev/null 2>&1 || return 0
  [ -n "$(find -L "/proc/$1/fd" -maxdepth 1 -samefile "$2" 2>/dev/null)" ]
}

# Why etcd is not stopped: what holds its data, or else its ports that are taken, and by what as far as that can be seen.
# Its first argument says it: say or fail.
still() {
  if [ -n "$pids" ]; then "$1" STILL_RUNNING "dataDir=$dataDir" "pids=$pids"; else "$1" PORT_TAKEN "ports=$(ports)" "process=$(listening_process)"; fi
}
ports() { for port in $(listeners port | sort -u); do printf '%d\n' "0x$port"; done | sort -n | tr '\n' ' ' | sed 's/ $//; s/ /, /g'; }
listening_process() {
  for inode in $(listeners); do
    find /proc/[0-9]*/fd -maxdepth 1 -lname "socket:\[$inode\]" 2>/dev/null | cut -d/ -f3
  done | sort -un | while read -r pid; do printf '%s (%s)\n' "$pid" "$(cat "/proc/$pid/comm" 2>/dev/null)"; done | tr '\n' ',' | sed 's/,$//; s/,/, /g'
}
# Inodes of what listens on the sockets, one a line; with "port", their ports in hexadecimal.
listeners() {
  cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk -v want="$sockets" -v what="$*" '
    BEGIN { n = split(want, each, " ") }
    $4 == "0A" { split($2, local, ":"); for (i = 1; i <= n; i++) { split(each[i], w, ":"); if (w[2] == local[2] && (w[1] == "*" || w[1] == local[1])) { print what == "port" ? local[2] : $10; next } } }'
}
listening() { [ -n "$(listeners)" ]; }

# Stopped is when nobody holds anything in any place of the data. To run takes more: etcd locks what it writes to, and only
# in its own place; a backup or a person that reads the data, or what was put aside of it, is no etcd.
stopped() { pids=$(holders); [ -z "$pids" ] && ! listening; }
running() { [ -n "$(dirs=member; lockers WRITE)" ]; }
`;
