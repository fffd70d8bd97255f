/** Asks the API server of this host for `/readyz`, its certificate checked by name. To be run after the prelude. */
export const readyText = String.raw`
host=$1 port=$2 ca=$3 name=$4
case "$name" in *:*) at="[$name]";; *) at=$name;; esac
[ -r "$ca" ] || { say NOT_ASKED "host=$host" "reason=the file $ca cannot be read here"; exit 0; }
# Whoever may not ask is answered all the same, by one that serves.
serves() { case "$status" in 200|401|403) return 0;; esac; return 1; }
if command -v curl >/dev/null 2>&1; then
  answer=$(curl -sS -o /dev/null -w '%{http_code}' --noproxy '*' --max-time 10 --cacert "$ca" --connect-to "$at:$port:127.0.0.1:$port" "https://$at:$port/readyz" 2>&1)
  status=$(printf '%s' "$answer" | tail -c 3)
  serves || answer="HTTP $answer"
elif command -v openssl >/dev/null 2>&1; then
  check=-verify_hostname
  case "$name" in *:*) check=-verify_ip;; *[!0-9.]*) ;; *) check=-verify_ip;; esac
  answer=$(printf 'GET /readyz HTTP/1.0\r\nHost: %s\r\n\r\n' "$at" |
    timeout 15 openssl s_client -quiet -connect "127.0.0.1:$port" -CAfile "$ca" -verify_return_error "$check" "$name" 2>/dev/null | tr -d '\r' | head -n 1)
  status=$(printf '%s' "$answer" | cut -d ' ' -f 2)
elif command -v wget >/dev/null 2>&1; then
  answer=$(wget -q -S -O /dev/null --no-proxy --tries=1 --timeout=10 --ca-certificate="$ca" "https://$at:$port/readyz" 2>&1)
  status=$(printf '%s\n' "$answer" | awk '$1 ~ /^HTTP\// { print $2; exit }')
else
  say NOT_ASKED "host=$host" 'reason=there is no curl, no openssl and no wget on this host'
  exit 0
fi
if serves; then say HOLDS; else say API_SERVER_NOT_READY "host=$host" "reason=$(printf '%s' "$answer" | tr -c '[:print:]' ' ' | tail -c 300)"; fi
`;
