#!/usr/bin/env bash
# Varnish 7.1 and h2o 2.2.5 answer 416 Range Not Satisfiable where they do not
# read the Range field: of another unit, "lines=0-1", Varnish of two ranges that
# are both there, "bytes=0-1, 3-4", h2o of BYTES in capitals. RFC 9110 section
# 14.2: a server may ignore the field, an origin server must where it does not
# know the unit, and 416 is for ranges that cannot be had (15.5.17); the names
# of units are case-insensitive (14.1).
#
# The server behind Varnish answers 200 to the same requests: the status of a
# page depends on whether the cache has it.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
finding varnish=7.1.1-2+deb12u1 h2o=2.2.5+dfsg2-7

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
mkdir files
printf 0123456789 >files/page
cat >h2o.conf <<CONF
user: root
listen: { host: 127.0.0.1, port: 8003 }
hosts: { default: { paths: { "/": { file.dir: $PWD/files } } } }
CONF
timeout 60 python3 origin.py &
timeout 60 varnishd -F -a 127.0.0.1:8002 -b 127.0.0.1:8001 -n "$PWD/varnish" \
    -T none -p cc_command='exec gcc -fpic -shared -o %o %s' >log 2>&1 &
timeout 60 h2o -c h2o.conf >h2o.log 2>&1 &
for port in 8001 8002 8003; do
    until_open 127.0.0.1 $port
done
varnishd -V 2>&1 | sed -n 1p
h2o --version | sed -n 1p

ask() {
    python3 - "$1" <<'PY'
import http.client, sys

def status(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/page", headers={"Range": sys.argv[1]})
    answer = connection.getresponse()
    answer.read()
    return answer.status

print("Varnish", status(8002), "of", status(8001), "/ h2o", status(8003))
PY
}
expect "bytes=0-1" "Varnish 206 of 200 / h2o 206" "$(ask "bytes=0-1")"
expect "lines=0-1" "Varnish 416 of 200 / h2o 416" "$(ask "lines=0-1")"
expect "bytes=0-1, 3-4" "Varnish 416 of 200 / h2o 206" \
    "$(ask "bytes=0-1, 3-4")"
expect "BYTES=0-1" "Varnish 206 of 200 / h2o 416" "$(ask "BYTES=0-1")"
