#!/usr/bin/env bash
# Varnish 7.1 answers 416 Range Not Satisfiable where it does not read the Range
# field: of another unit, "lines=0-1", and of two ranges that are both there,
# "bytes=0-1, 3-4", too. The representation was kept and is whole. RFC 9110
# section 14.2: a server may ignore the field, an origin server must where it
# does not know the unit, and 416 is for ranges that cannot be had (15.5.17).
#
# The server behind it answers 200 to the same requests: the status of a page
# depends on whether the cache has it.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
finding varnish=7.1.1-2+deb12u1

cat >origin.py <<'PY'
import http.server
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Cache-Control", "max-age=60")
        self.send_header("Content-Length", "10")
        self.end_headers()
        self.wfile.write(b"0123456789")
    def log_message(self, *_):
        pass
http.server.HTTPServer(("127.0.0.1", 8001), Handler).serve_forever()
PY
timeout 60 python3 origin.py &
timeout 60 varnishd -F -a 127.0.0.1:8000 -b 127.0.0.1:8001 -n "$PWD/varnish" \
    -T none -p cc_command='exec gcc -fpic -shared -o %o %s' >log 2>&1 &
until_open 127.0.0.1 8001
until_open 127.0.0.1 8000
varnishd -V 2>&1 | head -n 1

ask() {
    python3 - "$1" <<'PY'
import http.client, sys

def status(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/", headers={"Range": sys.argv[1]})
    answer = connection.getresponse()
    answer.read()
    return answer.status

print("cache", status(8000), "/ origin", status(8001))
PY
}
expect "bytes=0-1" "cache 206 / origin 200" "$(ask "bytes=0-1")"
expect "bytes=0-1, 3-4" "cache 416 / origin 200" "$(ask "bytes=0-1, 3-4")"
expect "bytes=0-1," "cache 416 / origin 200" "$(ask "bytes=0-1,")"
expect "lines=0-1" "cache 416 / origin 200" "$(ask "lines=0-1")"
expect "bytes=0-99999999999999999999" "cache 416 / origin 200" \
    "$(ask "bytes=0-99999999999999999999")"
