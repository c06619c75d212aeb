#!/usr/bin/env bash
# Squid 5.7 and Apache 2.4.71 as caches: a lifetime that is too large for them
# is none at all. For Squid max-age=2147483647 is 68 years and 2147483648
# nothing, since it keeps the lowest 32 bits of the number as a signed one.
# Apache takes those; to it a number of more than 63 bits is nothing. RFC 9111
# section 1.2.2: a cache must take a greater value for 2147483648, or for the
# greatest that it can hold.
#
# Thirty days in milliseconds, 2592000000, are asked for each time by Squid,
# and a year, 31536000000, is kept.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
finding squid=5.7-2+deb12u6 squid-common=5.7-2+deb12u6 \
    squid-langpack=20220130-1 apache2-bin=2.4.71-1~deb12u1

cat >origin.py <<'PY'
import http.server, itertools
count = itertools.count()
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = b"%d" % next(count)
        self.send_response(200)
        self.send_header("Cache-Control", "max-age=" + self.path[1:])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *_):
        pass
http.server.HTTPServer(("127.0.0.1", 8001), Handler).serve_forever()
PY
cat >squid.conf <<CONF
http_port 127.0.0.1:8002
http_access allow all
cache_mem 16 MB
access_log none
cache_log $PWD/squid.log
netdb_filename none
pid_filename none
icon_directory $PWD/usr/share/squid/icons
error_directory $PWD/usr/share/squid-langpack/templates
mime_table $PWD/usr/share/squid/mime.conf
unlinkd_program $PWD/usr/lib/squid/unlinkd
CONF
modules=$PWD/usr/lib/apache2/modules
cat >apache.conf <<CONF
ServerRoot $PWD
ServerName a.test
Listen 127.0.0.1:8003
PidFile $PWD/pid
ErrorLog $PWD/apache.log
LoadModule mpm_event_module $modules/mod_mpm_event.so
LoadModule authz_core_module $modules/mod_authz_core.so
LoadModule proxy_module $modules/mod_proxy.so
LoadModule proxy_http_module $modules/mod_proxy_http.so
LoadModule cache_module $modules/mod_cache.so
LoadModule cache_disk_module $modules/mod_cache_disk.so
CacheRoot $PWD/cache
CacheEnable disk /
ProxyPass / http://127.0.0.1:8001/
CONF
mkdir cache
chmod 777 . cache
timeout 60 python3 origin.py &
timeout 60 squid -N -f squid.conf >/dev/null 2>&1 &
timeout 60 apache2 -f "$PWD/apache.conf" -X >/dev/null 2>&1 &
for port in 8001 8002 8003; do
    until_open 127.0.0.1 $port
done
squid -v | head -n 1
apache2 -v | head -n 1

ask() {
    python3 - "$1" <<'PY'
import sys, urllib.request

def kept(base, proxies):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler(proxies))
    bodies = [opener.open(base + sys.argv[1]).read() for _ in range(2)]
    return "kept" if bodies[0] == bodies[1] else "asked again"

proxy = {"http": "http://127.0.0.1:8002"}
print("Squid", kept("http://127.0.0.1:8001/", proxy),
    "/ Apache", kept("http://127.0.0.1:8003/", {}))
PY
}
expect "max-age=2147483647" "Squid kept / Apache kept" "$(ask 2147483647)"
expect "max-age=2147483648" "Squid asked again / Apache kept" \
    "$(ask 2147483648)"
expect "max-age=2592000000" "Squid asked again / Apache kept" \
    "$(ask 2592000000)"
expect "max-age=31536000000" "Squid kept / Apache kept" "$(ask 31536000000)"
expect "max-age=99999999999999999999" \
    "Squid asked again / Apache asked again" "$(ask 99999999999999999999)"
