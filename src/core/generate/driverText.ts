/**
 * What drives the host scripts in order: from any machine with ssh, one stage after the other, the hosts of a stage side by side.
 * The journal beside it is the editor's own, and the only state: either can go on where the other stopped.
 */
export const driverText = String.raw`
log="$here/log"
own="$here/restore-$run.journal"
batch="$log/next-lines"
confirmed=no missing=no

told() { printf '%s\n' "$*"; }
# Before this attempt changed anything, and when it may have.
refuse() { printf '%s\n' "$*" >&2; exit 64; }
halt() { printf '%s\n' "$*" >&2; exit 70; }
now() { date -u +%Y-%m-%dT%H:%M:%S.000Z; }
sum_of() {
  if command -v sha256sum >/dev/null 2>&1; then sha256sum <"$1"; elif command -v shasum >/dev/null 2>&1; then shasum -a 256 <"$1"; else openssl dgst -sha256 -r <"$1"; fi | cut -c1-64
}

# Runs what comes on standard input as a script on a host. SSH and SUDO are command lines: they are split on purpose.
on_host() {
  if [ "$(host_name "$1")" = local ]; then /bin/sh -s -- "$2"; else $SSH -- "$(host_name "$1")" "exec $SUDO /bin/sh -s -- $2"; fi
}
show() { while IFS= read -r line; do printf '[%s] %s\n' "$1" "$line"; done; }
# A script on several hosts side by side: FILE MODE HOSTS. What each printed and its exit code stay in the folder log.
each_host() {
  for host in $3; do
    rm -f -- "$log/$1.$host.rc" "$log/$1.$host.out"
    ( { on_host "$host" "$2" <"$here/hosts/$(host_dir "$host")/$1"; printf '%s\n' "$?" >"$log/$1.$host.rc"; } 2>&1 | tee -- "$log/$1.$host.out" | if [ "$2" = look ]; then cat >/dev/null; else show "$(host_dir "$host")"; fi ) &
  done
  wait
}
code_of() { if [ -s "$log/$1.$2.rc" ]; then cat -- "$log/$1.$2.rc"; else echo 255; fi; }
# Whether all went well; says what did not.
all_well() {
  well=0
  for host in $2; do
    case "$(code_of "$1" "$host")" in
      0|75) ;;
      255) well=1; told "The connection to $(host_dir "$host") was lost or never made. What was begun there comes to its end by itself. Mend the connection, then run this again.";;
      *) well=1; told "Stopped on $(host_dir "$host"): its own words are above, and in log/$1.$host.out.";;
    esac
  done
  return "$well"
}
reach_all() {
  reached=0
  for host in $hosts; do
    echo 'exit 0' | on_host "$host" run >/dev/null || { reached=1; told "The host $(host_dir "$host") cannot be reached, or $SUDO does not work there."; }
  done
  [ "$reached" -eq 0 ] || refuse 'Nothing was changed by this attempt. Mend that, then run this again.'
}

# ---- the journal
whole_lines() {
  if [ -n "$(tail -c 1 -- "$1")" ]; then sed '$d' "$1"; else cat -- "$1"; fi |
    awk 'index($0, "{\"n\":" NR - 1 ",\"event\":\"") == 1 && /}$/ { print; next } { exit }'
}
is_ours() { head -n 1 -- "$1" | grep -q '^{"n":0,"event":"opened",' && head -n 1 -- "$1" | grep -qF "$(printf '"digest":"%s","plan":' "$digest")"; }
lines_in() { wc -l <"$1" | tr -d ' '; }
on_journals() { { cat -- "$here/hosts/$(host_dir "$1")/journal.sh"; cat; } | on_host "$1" run; }
# The copy that got furthest wins, as it does in the editor.
gather() {
  : >"$log/best"
  for host in $member_hosts; do
    for copy in $(copies_of "$host"); do
      echo "here get $copy" | on_journals "$host" >"$log/copy" || refuse "The journal on $(host_dir "$host") could not be read. Nothing was changed by this attempt."
      better "$log/copy"
    done
  done
  [ ! -f "$own" ] || better "$own"
}
better() {
  [ -s "$1" ] || return 0
  whole_lines "$1" >"$log/candidate"
  [ -s "$log/candidate" ] || return 0
  is_ours "$log/candidate" || refuse "There is a journal of the run $run with another plan in it. Nothing was changed by this attempt."
  [ "$(lines_in "$log/candidate")" -le "$(lines_in "$log/best")" ] || cp -- "$log/candidate" "$log/best"
}
send() {
  lines=$(lines_in "$2")
  for host in $member_hosts; do
    rm -f -- "$log/journal.$host.rc"
    ( { printf "here %s %s <<'#end'\n" "$1" "$lines"; cat -- "$2"; printf '#end\n'; } | on_journals "$host" >/dev/null; printf '%s\n' "$?" >"$log/journal.$host.rc" ) &
  done
  wait
  for host in $member_hosts; do
    [ "$(code_of journal "$host")" = 0 ] || halt "The journal on $(host_dir "$host") could not be written, so nothing further is done. Mend that, then run this again."
  done
}
by() { printf '%s@%s' "$(id -un 2>/dev/null)" "$(uname -n)" | tr -cd 'A-Za-z0-9._@-'; }
opening() { printf '{"n":0,"event":"opened","at":"%s","by":"%s","digest":"%s","plan":' "$(now)" "$(by)" "$digest"; cat -- "$here/plan.json"; printf '}\n'; }
open_journal() {
  gather
  [ -s "$log/best" ] || opening >"$log/best"
  send put "$log/best"
  cp -- "$log/best" "$own.part" && mv -- "$own.part" "$own" || halt "$own could not be written."
  : >"$batch"
}
# A line more: EVENT, then what follows its time.
note() { printf '{"n":%s,"event":"%s","at":"%s"%s}\n' "$(( $(lines_in "$own") + $(lines_in "$batch") ))" "$1" "$(now)" "$2" >>"$batch"; }
of_step() { printf ',"step":%s' "$(step_id "$1")"; }
found='"found":true'
flush() {
  [ -s "$batch" ] || return 0
  send append "$batch"
  cat -- "$batch" >>"$own" || halt "$own could not be written."
  : >"$batch"
}
going_back() { grep -q '^{"n":[0-9]*,"event":"takingBack",' "$own"; }
is_over() { tail -n 1 -- "$own" | grep -q '^{"n":[0-9]*,"event":"finished",'; }
# What last happened to a step of the plan that is being carried out.
event_of() {
  id=$(step_id "$1") awk -F '"' '$6 == "takingBack" { last = ""; next } $6 != "opened" && index($0, ",\"step\":" ENVIRON["id"]) { last = $6 } END { print last }' "$own"
}
all_done() { for step in $1; do [ "$(event_of "$step")" = 'done' ] || return 1; done; }

# ---- stages
confirm() {
  [ "$confirmed" = no ] || return 0
  reach_all
  about
  printf 'Type the name of the cluster to go on: '
  IFS= read -r typed || typed=
  [ "$typed" = "$cluster" ] || refuse 'That is not its name. Nothing was stopped.'
  confirmed=yes
}
# What the hosts said of a step, for the journal; a step of several hosts is done when it is on all of them.
judge() {
  said=$(for host in $stage_hosts; do sed -n "s/^step $1: //p" "$log/$file.$host.out"; done)
  failed=$(printf '%s\n' "$said" | sed -n 's/^failed //p' | head -n 1)
  if [ -n "$failed" ]; then
    note failed "$(printf '%s\n' "$failed" | awk '
      function text(value) { gsub(/["\\]/, "\047", value); return "\"" value "\"" }
      { n = split($0, part, "\t"); printf ",\"step\":%s,\"code\":%s,\"args\":{", ENVIRON["id"], text(part[1])
        for (i = 2; i <= n; i++) { at = index(part[i], "="); printf "%s%s:%s", (i > 2 ? "," : ""), text(substr(part[i], 1, at - 1)), text(substr(part[i], at + 1)) }
        printf "}" }')"
    return
  fi
  case "$said" in *unchecked*) missing=yes; return;; esac
  [ "$(printf '%s\n' "$said" | grep -c .)" -ge "$(parts_of "$1")" ] || return 0
  case "$said" in *'done'*) note 'done' "$(of_step "$1")";; found*) [ "$(event_of "$1")" = 'done' ] || note 'done' "$(of_step "$1"),$found";; esac
}
# FILE TITLE KIND HOSTS STEPS. What only looks or prepares is not repeated once it is done; what stops or starts is, since it may
# have faded meanwhile: the scripts themselves find what is in place.
stage() {
  file=$1 kind=$3 stage_hosts=$4 steps=$5
  if [ "$kind" != moves ] && all_done "$steps"; then told "== $2: done already"; return 0; fi
  [ "$kind" != moves ] || confirm
  told "== $2"
  for step in $steps; do [ "$(event_of "$step")" = 'done' ] || note started "$(of_step "$step")"; done
  flush
  if [ "$kind" = upload ] && ! upload_all; then halt 'A file could not be copied. Nothing was stopped for it. Mend the cause, then run this again.'; fi
  each_host "$file" run "$stage_hosts"
  for step in $steps; do id=$(step_id "$step"); export id; judge "$step"; done
  all_well "$file" "$stage_hosts" || { flush; exit 70; }
}
# STEP HOST FILE WORDS: copies the snapshot, or a tool, where it is not there already.
upload() {
  if grep -q "^step $1: found" "$log/$file.$2.out"; then return 0; fi
  told "copying $3 to $(host_dir "$2")"
  if [ "$(host_name "$2")" = local ]; then /bin/sh -c "exec $receive $4" <"$3"; else $SSH -- "$(host_name "$2")" "exec $SUDO $receive $4" <"$3"; fi
}
finish() {
  if [ "$missing" = yes ]; then
    # What was to hold before the swap is not to be asked after it, neither by these scripts nor by the editor.
    for step in $early; do [ "$(event_of "$step")" = 'done' ] || note 'done' "$(of_step "$step"),$found"; done
    flush
    told "Everything was done, but some checks could not be made: look for NOT CHECKED above. The run stays open for them."
    exit 75
  fi
  note finished ''
  flush
  told "$1"
}
begin() {
  mkdir -p -- "$log" || refuse "$log could not be made."
  [ "$(sum_of "$here/plan.json")" = "$digest" ] || refuse 'plan.json is not the plan that these scripts were made from. Nothing was changed.'
  reach_all
  each_host "$1" run "$member_hosts"
  all_well "$1" "$member_hosts" || refuse 'Nothing was stopped.'
  open_journal
}
`;
