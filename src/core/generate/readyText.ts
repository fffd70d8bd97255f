/** Asks the API server of this host for `/readyz`, its certificate checked by name. To be run after the prelude. */
export const readyText = String.raw`
host=$1 port=$2 ca=$3 name=$4
case "$name" in *:*) at="[$name]";; *) at=$name;; esac
[ -r "$ca" ] || { say NOT_ASKED "host=$host" "reason=the file $ca cannot be read here"; exit 0; }
if command -v curl >/dev/null 2>&1; then
  answer=$(curl -sS --noproxy '*' --max-time 10 --cacert "$ca" --connect-to "$at:$port:127.0.0.1:$port" "https://$at:$port/readyz" 2>&1)
  [ "$answer" = ok ] || answer=$(curl -sS --noproxy '*' --max-time 10 --cacert "$ca" "https://$at:$port/readyz" 2>&1)
elif command -v openssl >/dev/null 2>&1; then
  check=-verify_hostname
  case "$name" in *:*) check=-verify_ip;; *[!0-9.]*) ;; *) check=-verify_ip;; esac
  answer=$(printf 'GET /readyz HTTP/1.0\r\nHost: %s\r\n\r\n' "$at" |
    timeout 15 openssl s_client -quiet -connect "127.0.0.1:$port" -CAfile "$ca" -verify_return_error "$check" "$name" 2>/dev/null | tr -d '\r' | tail -n 1)
elif command -v wget >/dev/null 2>&1; then
  answer=$(wget -q -O - --no-proxy --tries=1 --timeout=10 --ca-certificate="$ca" "https://$at:$port/readyz" 2>&1)
else
  say NOT_ASKED "host=$host" 'reason=there is no curl, no openssl and no wget on this host'
  exit 0
fi
if [ "$answer" = ok ]; then say HOLDS; else say API_SERVER_NOT_READY "host=$host" "reason=$(printf '%s' "$answer" | tr -c '[:print:]' ' ' | tail -c 300)"; fi
`;
