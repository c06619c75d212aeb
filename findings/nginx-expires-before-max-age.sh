#!/usr/bin/env bash
# nginx 1.22.1 as a cache: whether "Expires: 0" and "Cache-Control: max-age=60"
# together mean a minute or nothing depends on which line comes first. RFC 9111
# section 5.3 has Expires ignored where there is max-age, and the order of lines
# with different names says nothing (RFC 9110 section 5.3).
#
# Another directive that ends in these letters, x-max-age=60, is taken for
# max-age, though an unknown one is to be ignored (RFC 9111 section 5.2.3).
#
# Two hosts that send the same fields are cached here and not cached there.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
finding nginx=1.22.1-9+deb12u11

cat >origin.py <<'PY'
import http.server
age, past = ("Cache-Control", "max-age=60"), ("Expires", "0")
fields = {"/age": [age], "/age-first": [age, past],
    "/expires-first": [past, age],
    "/other": [("Cache-Control", "x-max-age=60")], "/none": []}
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        for name, value in fields.get(self.path, []):
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()
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
        listen 127.0.0.1:8000;
        location / {
            proxy_pass http://127.0.0.1:8001;
            proxy_cache zone;
            add_header X-Cache \$upstream_cache_status;
        }
    }
}
CONF
nginx -v
timeout 60 python3 origin.py &
timeout 60 nginx -p "$PWD" -c nginx.conf 2>/dev/null &
until_open 127.0.0.1 8001
until_open 127.0.0.1 8000

ask() {
    python3 - "$1" <<'PY'
import sys, urllib.request
for _ in range(2):
    answer = urllib.request.urlopen("http://127.0.0.1:8000" + sys.argv[1])
    answer.read()
print(answer.headers["X-Cache"])
PY
}
expect "asked again, neither" MISS "$(ask /none)"
expect "max-age=60" HIT "$(ask /age)"
expect "max-age=60, then Expires" HIT "$(ask /age-first)"
expect "Expires, then max-age=60" MISS "$(ask /expires-first)"
expect "x-max-age=60" HIT "$(ask /other)"
