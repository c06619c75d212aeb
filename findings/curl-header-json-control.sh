#!/usr/bin/env bash
# curl 7.88.1: -w '%{header_json}' writes a control character in a field's
# value as "u001b", without the backslash: the JSON is valid and the value is
# another one. RFC 8259 section 7: \u001b.
#
# Who compares header values from there with those of another reader finds
# letters that no server has sent.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
finding curl=7.88.1-10+deb12u15 libcurl4=7.88.1-10+deb12u15

curl --version | head -n 1
cat >server.py <<'PY'
import http.server
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("X-Odd", "a\x1fb")
        self.send_header("Content-Length", "0")
        self.end_headers()
    def log_message(self, *_):
        pass
http.server.HTTPServer(("127.0.0.1", 8000), Handler).serve_forever()
PY
timeout 60 python3 server.py &
until_open 127.0.0.1 8000

seen=$(curl -s -m 10 -o /dev/null -w '%{header_json}' http://127.0.0.1:8000/ |
    python3 -c 'import json, sys; print(json.load(sys.stdin)["x-odd"])')
expect "the value a, 0x1f, b is read as" "['au001fb']" "$seen"
