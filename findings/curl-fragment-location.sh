#!/usr/bin/env bash
# curl 7.88.1: a redirect whose Location is a fragment alone, "#there", asked
# at /a/page?q, is followed to /a/#there. RFC 3986 section 5.2.2: a reference
# without path keeps the base's path and query: it is the same page, and only
# the fragment is new.
#
# A server that redirects to "#there" (a page that opens a section of itself)
# gets a request for another resource.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
finding curl=7.88.1-10+deb12u15 libcurl4=7.88.1-10+deb12u15

curl --version | head -n 1
cat >server.py <<'PY'
import http.server
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(302 if self.path == "/a/page?q" else 200)
        self.send_header("Location", "#there")
        self.send_header("Content-Length", "0")
        self.end_headers()
    def log_message(self, *_):
        pass
http.server.HTTPServer(("127.0.0.1", 8000), Handler).serve_forever()
PY
timeout 60 python3 server.py &
until_open 127.0.0.1 8000

seen=$(curl -s -L --max-redirs 2 -m 10 -o /dev/null -w '%{url_effective}' \
    'http://127.0.0.1:8000/a/page?q')
expect "followed to" "http://127.0.0.1:8000/a/#there" "$seen"
