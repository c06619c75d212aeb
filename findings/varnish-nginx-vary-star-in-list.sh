#!/usr/bin/env bash
# Varnish 7.1 and nginx 1.22.1 as caches: "Vary: *" is not kept by either, and
# "Vary: Accept, *" is kept and served again. Both look for a value that is the
# star and nothing else; Varnish does so with two lines, Accept and *, as well.
# RFC 9111 section 4.1: a stored response whose Vary has a member "*" always
# fails to match.
#
# A Vary that a framework and a proxy in front of it have both added to is such
# a list.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
finding varnish=7.1.1-2+deb12u1 nginx=1.22.1-9+deb12u11

cat >origin.py <<'PY'
import http.server, itertools, urllib.parse
count = itertools.count()
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = b"%d" % next(count)
        self.send_response(200)
        self.send_header("Cache-Control", "max-age=60")
        for line in urllib.parse.unquote(self.path[1:]).split(";"):
            self.send_header("Vary", line)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *_):
        pass
http.server.HTTPServer(("127.0.0.1", 8001), Handler).serve_forever()
PY
cat >nginx.conf <<CONF
daemon off;
user root;
pid $PWD/pid;
error_log $PWD/error.log;
events {}
http {
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    proxy_cache_path $PWD/cache keys_zone=zone:1m;
    server {
        listen 127.0.0.1:8003;
        location / {
            proxy_pass http://127.0.0.1:8001;
            proxy_cache zone;
        }
    }
}
CONF
timeout 60 python3 origin.py &
timeout 60 varnishd -F -a 127.0.0.1:8002 -b 127.0.0.1:8001 -n "$PWD/varnish" \
    -T none -p cc_command='exec gcc -fpic -shared -o %o %s' >log 2>&1 &
timeout 60 nginx -p "$PWD" -c nginx.conf 2>/dev/null &
for port in 8001 8002 8003; do
    until_open 127.0.0.1 $port
done
varnishd -V 2>&1 | head -n 1
nginx -v 2>&1

ask() {
    python3 - "$1" <<'PY'
import sys, urllib.parse, urllib.request

def kept(port):
    url = f"http://127.0.0.1:{port}/" + urllib.parse.quote(sys.argv[1], safe="")
    bodies = [urllib.request.urlopen(url).read() for _ in range(2)]
    return "served again" if bodies[0] == bodies[1] else "asked anew"

print("Varnish", kept(8002), "/ nginx", kept(8003))
PY
}
expect "Vary: Accept" "Varnish served again / nginx served again" \
    "$(ask "Accept")"
expect "Vary: *" "Varnish asked anew / nginx asked anew" "$(ask "*")"
expect "Vary: Accept, *" "Varnish served again / nginx served again" \
    "$(ask "Accept, *")"
expect "Vary: Accept and Vary: *" "Varnish served again / nginx asked anew" \
    "$(ask "Accept;*")"
