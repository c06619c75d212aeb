#!/usr/bin/env bash
# curl 7.88.1: with -L, -w '%{content_type}' and '%{num_headers}' of a final
# response that has no fields are those of the redirect before it: text/html
# for a 204 that never said so. The manual has "the Content-Type of the
# requested document" and "headers in the most recent server response
# (restarted at each redirect)".
#
# A check of the type behind a redirect passes though the page has none.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
finding curl=7.88.1-10+deb12u15 libcurl4=7.88.1-10+deb12u15

curl --version | head -n 1
cat >server.py <<'PY'
import socket
server = socket.create_server(("127.0.0.1", 8000))
answers = [b"HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Type: text/html\r\n"
    b"Content-Length: 0\r\nConnection: close\r\n\r\n",
    b"HTTP/1.1 204 No Content\r\n\r\n"]
while True:
    connection, _ = server.accept()
    request = connection.recv(4096)
    if request:
        connection.sendall(answers[request.startswith(b"GET /b")])
    connection.close()
PY
timeout 60 python3 server.py &
until_open 127.0.0.1 8000

seen=$(curl -s -L -m 10 -o /dev/null \
    -w '%{http_code} %{content_type} %{num_headers}' http://127.0.0.1:8000/)
expect "status, type, number of fields" "204 text/html 4" "$seen"
