#!/usr/bin/env bash
# Varnish 7.1 with a backend that is down answers a GET with 503, and a CONNECT
# with nothing: the connection is closed without a byte, since the built-in
# VCL pipes that method and a pipe that cannot be laid has no error response.
#
# To a client that takes it for a proxy this looks like a crash; RFC 9110
# section 9.3.6 would have a server that does not do CONNECT say 501 or 405.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
finding varnish=7.1.1-2+deb12u1

varnishd -V 2>&1 | head -n 1
timeout 60 varnishd -F -a 127.0.0.1:6081 -b 127.0.0.1:9 -n "$PWD/varnish" \
    -T none -p cc_command='exec gcc -fpic -shared -o %o %s' >log 2>&1 &
until_open 127.0.0.1 6081

ask() {
    python3 - "$1" <<'PY'
import socket, sys
s = socket.create_connection(("127.0.0.1", 6081), 10)
s.sendall(sys.argv[1].encode() + b" HTTP/1.1\r\nHost: a.test\r\n\r\n")
print(s.recv(65536).split(b"\r\n")[0].decode() or "closed without a byte")
PY
}
expect "GET" "HTTP/1.1 503 Backend fetch failed" "$(ask 'GET /')"
expect "CONNECT" "closed without a byte" "$(ask 'CONNECT a.test:443')"
