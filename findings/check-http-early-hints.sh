#!/usr/bin/env bash
# check_http 2.3.3 (monitoring-plugins) judges the first status line there is.
# Of "103 Early Hints" and then "500" it says "HTTP OK", of 100 and 500 as well:
# anything under 300 is good to it. RFC 9110 section 15.2: a client must be
# able to parse 1xx responses before the final one, even if it expects none,
# and may ignore them. It asks with HTTP/1.1, so that a server may send them.
#
# A site that has early hints turned on is never again seen to be down.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
finding monitoring-plugins-basic=2.3.3-5+deb12u2

cat >server.py <<'PY'
import socket
final = b"HTTP/1.1 %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
early = {b"/hints": b"HTTP/1.1 103 Early Hints\r\n"
        b"Link: </a>; rel=preload\r\n\r\n",
    b"/continue": b"HTTP/1.1 100 Continue\r\n\r\n"}
server = socket.create_server(("127.0.0.1", 8000))
while True:
    connection, _ = server.accept()
    request = connection.recv(4096)
    if b"HTTP/1.1" in request:
        path = request.split()[1]
        connection.sendall(early.get(path, b"") + final % b"500 Broken")
    connection.close()
PY
timeout 60 python3 server.py &
until_open 127.0.0.1 8000

check_http=$PWD/usr/lib/nagios/plugins/check_http
"$check_http" -V || true
ask() {
    "$check_http" -H a.test -I 127.0.0.1 -p 8000 -t 10 -u "$1" |
        sed 's/ - .*//' || true
}
expect "500" "HTTP CRITICAL: HTTP/1.1 500 Broken" "$(ask /)"
expect "103, 500" "HTTP OK: HTTP/1.1 103 Early Hints" "$(ask /hints)"
expect "100, 500" "HTTP OK: HTTP/1.1 100 Continue" "$(ask /continue)"
