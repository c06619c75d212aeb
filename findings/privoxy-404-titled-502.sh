#!/usr/bin/env bash
# Privoxy 3.0.34: for a host whose name does not resolve the status line says
# "404 No such domain", and the page under it is titled "502 - Bad Gateway".
# RFC 9110 section 15.5.5 has 404 for what an origin server does not find; a
# gateway that cannot reach one has 502 (15.6.3).
#
# Who counts statuses behind such a proxy takes a name that is gone for a
# server that answers, with a page that is missing.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
finding privoxy=3.0.34-1

mkdir empty
cat >config <<CONF
listen-address 127.0.0.1:8118
confdir $PWD/empty
templdir $PWD/etc/privoxy/templates
CONF
privoxy --version
timeout 60 privoxy --no-daemon config 2>/dev/null &
until_open 127.0.0.1 8118

seen=$(python3 - <<'PY'
import re, socket
s = socket.create_connection(("127.0.0.1", 8118), 20)
s.sendall(b"GET http://nowhere.invalid/ HTTP/1.1\r\nHost: nowhere.invalid\r\n"
    b"Connection: close\r\n\r\n")
answer = b""
while more := s.recv(65536):
    answer += more
print(answer.split(b" ", 1)[1].split(b"\r\n")[0].decode(), "/",
    re.search(rb"<title>(.*?) \(", answer)[1].decode())
PY
)
expect "status line / title" "404 No such domain / 502 - Bad Gateway" "$seen"
