"""Web servers, and what is none but listens: what each answers to the
requests that afetch sends, and what afetch says of that."""

import dataclasses
import re
import socket
import ssl

from zoo import cage

REQUESTS = {  # asked: options, method, version, TLS
    "GET": ([], "GET", "1.0", False),
    "GET 1.1": (["--http1.1"], "GET", "1.1", False),
    "HEAD": (["-I"], "HEAD", "1.0", False),
    "https": ([], "GET", "1.0", True),
}
WSGI = """\
def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"page\\n"]
"""
ASGI = """\
async def app(scope, receive, send):
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200,
            "headers": [(b"content-type", b"text/plain")]})
        await send({"type": "http.response.body", "body": b"page\\n"})
"""
RACK = """\
use Rack::Head
run lambda { |_| [200, {"content-type" => "text/plain"}, ["page\\n"]] }
"""
PSGI = """\
sub { [200, ["Content-Type" => "text/plain"], ["page\\n"]] }
"""


@dataclasses.dataclass
class Web(cage.Program):
    tls: int | None = None  # the port of https


def web(name, packages, run, *, files=None, **how):
    """A row, with a page for those that serve files."""
    return Web(name, packages, run,
        {"www/index.html": "page\n", **(files or {})}, **how)


def python(name, packages, code, **how):
    return web(name, packages, "exec /usr/bin/python3 main.py",
        files={"main.py": code, "wsgi.py": WSGI, "asgi.py": ASGI}, **how)


def behind(name, packages, run, **how):
    """A row whose program leads on to a server on port 8081."""
    return web(name, packages + " python3",
        "/usr/bin/python3 -m http.server -d www 8081 &\n" + run,
        needs=(8081,), **how)


PROGRAMS = [
    web("nginx", "nginx", 'exec nginx -p "$PWD" -c nginx.conf', tls=443,
        quick=True, files={"nginx.conf": """
            daemon off; user root; pid nginx.pid;
            error_log stderr crit;
            events {}
            http {
                access_log off;
                server {
                    listen 80; listen 443 ssl; root www;
                    ssl_certificate site.pem; ssl_certificate_key site.key;
                }
            }
            """}),
    web("apache2", "apache2-bin", 'exec apache2 -X -d "$PWD" -f conf',
        tls=443, quick=True, files={"conf": """
            ServerName site.test
            PidFile pid
            ErrorLog /dev/stderr
            DocumentRoot www
            LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
            LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
            LoadModule dir_module /usr/lib/apache2/modules/mod_dir.so
            LoadModule ssl_module /usr/lib/apache2/modules/mod_ssl.so
            User nobody
            Group nogroup
            Listen 80
            Listen 443
            <VirtualHost *:443>
                SSLEngine on
                SSLCertificateFile site.pem
                SSLCertificateKeyFile site.key
            </VirtualHost>
            """}),
    web("lighttpd", "lighttpd lighttpd-mod-openssl", "exec lighttpd -D -f conf", tls=443,
        quick=True, files={"conf": """
            server.document-root = "/run/zoo/www"
            server.modules = ( "mod_openssl" )
            index-file.names = ( "index.html" )
            server.port = 80
            $SERVER["socket"] == ":443" {
                ssl.engine = "enable"
                ssl.pemfile = "/run/zoo/both.pem"
            }
            """}),
    web("haproxy", "haproxy", "exec haproxy -f conf", tls=443, quick=True,
        files={"conf": """
            defaults
                mode http
                timeout client 5s
                timeout server 5s
                timeout connect 5s
            frontend web
                bind :80
                bind :443 ssl crt both.pem
                http-request return status 200 content-type text/plain string page
            """}),
    web("varnish", "varnish", "exec varnishd -F -a :80 -f $PWD/conf -n work",
        files={"conf": """
            vcl 4.1;
            backend default none;
            sub vcl_recv { return (synth(200)); }
            """}),
    web("h2o", "h2o", "exec h2o -m worker -c conf", tls=443,
        files={"conf": """
user: root
hosts:
  default:
    listen: {port: 80}
    listen:
      port: 443
      ssl: {certificate-file: site.pem, key-file: site.key}
    paths: {"/": {file.dir: www}}
"""}),
    web("caddy", "caddy", "exec caddy run --adapter caddyfile --config conf",
        tls=443, files={"conf": """
            {
                auto_https off
                admin off
            }
            :80 {
                root * www
                file_server
            }
            https://site.test {
                tls site.pem site.key
                root * www
                file_server
            }
            """}),
    web("trafficserver", "trafficserver", """
        mkdir -p /run/trafficserver
        chown trafficserver /run/trafficserver
        exec traffic_server
        """, port=8080),
    web("squid", "squid", "exec squid -N -f conf", port=3128,
        files={"conf": """
            http_port 3128
            http_access allow all
            pid_filename none
            cache_log /dev/null
            access_log none
            """}),
    behind("hitch", "hitch", "exec hitch --backend=[127.0.0.1]:8081 "
        "--frontend=[127.0.0.1]:443 --user=_hitch both.pem", port=443,
        tls=443),
    behind("nghttpx", "nghttp2-proxy", "exec nghttpx --conf=/dev/null "
        "-f'127.0.0.1,80;no-tls' -f127.0.0.1,443 -b127.0.0.1,8081 "
        "site.key site.pem", tls=443),
    behind("stunnel", "stunnel4", "exec stunnel4 conf", port=443, tls=443,
        files={"conf": """
            foreground = yes
            pid =
            [web]
            accept = 127.0.0.1:443
            connect = 127.0.0.1:8081
            cert = /run/zoo/both.pem
            """}),
    behind("sslh", "sslh", "exec sslh -f -u nobody -p 127.0.0.1:80 "
        "--http 127.0.0.1:8081"),
    web("tomcat10", "tomcat10 default-jre-headless", """
        export CATALINA_HOME=/usr/share/tomcat10 CATALINA_BASE=$PWD/base
        mkdir -p base/logs base/temp base/work base/webapps
        cp -r www base/webapps/ROOT
        cp -r /etc/tomcat10 base/conf
        exec /usr/share/tomcat10/bin/catalina.sh run
        """, port=8080),
    web("jetty9", "jetty9 default-jre-headless", """
        mkdir -p base/webapps
        cp -r www base/webapps/ROOT
        cd base
        start="java -Djetty.home=/usr/share/jetty9
            -jar /usr/share/jetty9/start.jar"
        $start --add-to-start=http,deploy
        exec $start
        """, port=8080),
    web("java", "default-jdk-headless", "exec java Main.java",
        files={"Main.java": """
import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;

class Main {
    public static void main(String[] arguments) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(80), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }
}
"""}),
    web("gunicorn", "gunicorn", "exec gunicorn -b :80 wsgi:app", quick=True,
        files={"wsgi.py": WSGI}),
    web("uwsgi", "uwsgi-core uwsgi-plugin-python3", "exec uwsgi --plugins http,python3 --http :80 "
        "--wsgi-file wsgi.py --callable app", files={"wsgi.py": WSGI}),
    web("hypercorn", "python3-hypercorn", "exec /usr/bin/python3 -m hypercorn "
        "-b :443 --insecure-bind :80 --certfile site.pem --keyfile site.key "
        "asgi:app", tls=443, files={"asgi.py": ASGI}),
    web("daphne", "python3-daphne", "exec /usr/bin/python3 -m daphne "
        "-b 127.0.0.1 -p 80 asgi:app", files={"asgi.py": ASGI}),
    web("uvicorn", "uvicorn", "exec uvicorn --port 80 asgi:app",
        files={"asgi.py": ASGI}),
    web("twisted", "python3-twisted", "exec /usr/bin/python3 -m twisted web "
        "--listen tcp:80 --path www"),
    web("http.server", "python3", "exec /usr/bin/python3 -m http.server "
        "-d www 80", quick=True),
    python("wsgiref", "python3", """
from wsgiref.simple_server import make_server
from wsgi import app
make_server("", 80, app).serve_forever()
"""),
    python("waitress", "python3-waitress", """
from waitress import serve
from wsgi import app
serve(app, port=80)
"""),
    python("cherrypy", "python3-cherrypy3", """
import cherrypy
from wsgi import app
cherrypy.tree.graft(app, "/")
cherrypy.config.update({"server.socket_port": 80})
cherrypy.engine.start()
cherrypy.engine.block()
"""),
    python("tornado", "python3-tornado", """
import tornado.ioloop, tornado.web
tornado.web.Application([("/(.*)", tornado.web.StaticFileHandler,
    {"path": "www", "default_filename": "index.html"})]).listen(80)
tornado.ioloop.IOLoop.current().start()
"""),
    python("aiohttp", "python3-aiohttp", """
from aiohttp import web
async def page(_):
    return web.Response(text="page")
app = web.Application()
app.add_routes([web.get("/", page)])
web.run_app(app, port=80)
"""),
    python("werkzeug", "python3-werkzeug", """
from werkzeug.serving import run_simple
from wsgi import app
run_simple("127.0.0.1", 80, app)
"""),
    python("eventlet", "python3-eventlet", """
import eventlet, eventlet.wsgi
from wsgi import app
eventlet.wsgi.server(eventlet.listen(("127.0.0.1", 80)), app)
"""),
    python("gevent", "python3-gevent", """
from gevent.pywsgi import WSGIServer
from wsgi import app
WSGIServer(("127.0.0.1", 80), app).serve_forever()
"""),
    web("puma", "puma", "exec puma -b tcp://127.0.0.1:80 config.ru",
        files={"config.ru": RACK}),
    web("thin", "thin", "exec thin -p 80 -R config.ru start",
        files={"config.ru": RACK}),
    web("unicorn", "unicorn", "exec unicorn -l 80 config.ru",
        files={"config.ru": RACK}),
    web("webrick", "ruby-webrick", "exec ruby main.rb", files={"main.rb": """
require "webrick"
WEBrick::HTTPServer.new(Port: 80, DocumentRoot: "www").start
"""}),
    web("starman", "starman", "exec starman --listen :80 app.psgi",
        files={"app.psgi": PSGI}),
    web("twiggy", "twiggy", "exec twiggy --listen :80 app.psgi",
        files={"app.psgi": PSGI}),
    web("mojolicious", "libmojolicious-perl", "exec perl -Mojo -e '"
        'a("/" => {text => "page"})->start\' daemon -l http://*:80'),
    web("HTTP::Daemon", "libhttp-daemon-perl", "exec perl main.pl",
        quick=True, files={"main.pl": """
use HTTP::Daemon;
my $daemon = HTTP::Daemon->new(LocalPort => 80, ReuseAddr => 1) or die;
while (my $client = $daemon->accept) {
    while (my $request = $client->get_request) {
        $client->send_file_response("www/index.html");
    }
    $client->close;
}
"""}),
    web("HTTP::Server::Simple", "libhttp-server-simple-perl",
        "exec perl -MHTTP::Server::Simple "
        "-e 'HTTP::Server::Simple->new(80)->run'"),
    web("node", "nodejs", "exec node main.js", tls=443, files={"main.js": """
const fs = require("fs");
const page = (_, answer) => answer.end("page");
require("http").createServer(page).listen(80);
require("https").createServer({cert: fs.readFileSync("site.pem"),
    key: fs.readFileSync("site.key")}, page).listen(443);
"""}),
    web("node http2", "nodejs", "exec node main.js", files={"main.js": """
require("http2").createServer((_, answer) => answer.end("page")).listen(80);
"""}),
    web("Go", "golang-go", "exec go run main.go", files={"main.go": """
package main

import "net/http"

func main() {
	http.Handle("/", http.FileServer(http.Dir("www")))
	go http.ListenAndServeTLS(":443", "site.pem", "site.key", nil)
	http.ListenAndServe(":80", nil)
}
"""}, tls=443),
    web("php", "php-cli", "exec php -S 127.0.0.1:80 -t www"),
    web("yaws", "yaws", "yaws --daemon --conf conf\nexec sleep 60", files={"conf": """
logdir = /run/zoo
<server site.test>
    port = 80
    listen = 127.0.0.1
    docroot = /run/zoo/www
</server>
"""}),
    web("erlang inets", "erlang-inets", "exec erl -noshell -eval '"
        'inets:start(), inets:start(httpd, [{port, 80}, {server_name, "zoo"},'
        '{server_root, "/run/zoo"}, {document_root, "/run/zoo/www"},'
        "{bind_address, {127,0,0,1}}]).'"),
    web("racket", "racket", "exec racket -l web-server/servlet-env -l racket/base "
        "-l web-server/http -e '(serve/servlet (lambda (r) (response/xexpr "
        '"page")) #:port 80 #:command-line? #t #:servlet-regexp #rx"")\''),
    web("micro-httpd", "micro-httpd socat", "exec socat "
        "TCP-LISTEN:80,reuseaddr,fork "
        "SYSTEM:'micro-httpd /run/zoo/www || true'"),
    web("mini-httpd", "mini-httpd", "exec mini_httpd -D -p 80 -d www -u root",
        quick=True),
    web("mini-httpd TLS", "mini-httpd", "exec mini_httpd -D -S -E both.pem "
        "-p 443 -d www -u root", port=443, tls=443),
    web("webfs", "webfs", "exec webfsd -F -p 80 -r www -f index.html",
        quick=True),
    web("busybox", "busybox", "exec busybox httpd -f -p 80 -h www"),
    web("weborf", "weborf", "exec weborf -p 80 -b $PWD/www -I index.html"),
    web("civetweb", "civetweb", "exec civetweb -document_root $PWD/www "
        "-listening_ports 80"),
    web("s_server", "openssl", "exec openssl s_server -quiet -www "
        "-accept 443 -cert site.pem -key site.key", port=443, tls=443,
        quick=True),
    web("gnutls-serv", "gnutls-bin", "exec gnutls-serv --http -p 443 "
        "--x509certfile site.pem --x509keyfile site.key", port=443, tls=443),
    web("cups", "cups-daemon", "exec cupsd -f -c $PWD/conf", port=631,
        files={"conf": """
Listen 127.0.0.1:631
<Location />
    Order allow,deny
    Allow all
</Location>
"""}),
    web("icecast2", "icecast2", "exec icecast2 -c conf", port=8000,
        files={"conf": """
<icecast>
  <listen-socket><port>8000</port></listen-socket>
  <paths><basedir>/usr/share/icecast2</basedir>
    <webroot>/usr/share/icecast2/web</webroot>
    <adminroot>/usr/share/icecast2/admin</adminroot>
    <logdir>/run/zoo</logdir></paths>
  <authentication><source-password>a</source-password>
    <admin-user>a</admin-user><admin-password>a</admin-password>
  </authentication>
  <security><changeowner><user>nobody</user><group>nogroup</group>
  </changeowner></security>
</icecast>
"""}),
    web("etcd", "etcd-server", "exec etcd --data-dir data", port=2379),
    web("docker-registry", "docker-registry", "exec docker-registry serve "
        "conf", port=5000, files={"conf": """
version: 0.1
storage: {filesystem: {rootdirectory: /run/zoo/registry}}
http: {addr: "127.0.0.1:5000"}
"""}),
    web("minidlna", "minidlna", "exec minidlnad -S -f conf -P $PWD/pid", port=8200,
        files={"conf": """
media_dir=/run/zoo/www
db_dir=/run/zoo
log_dir=/run/zoo
port=8200
network_interface=lo
"""}),
    web("transmission", "transmission-daemon", "exec transmission-daemon -f "
        "-g config", port=9091),
    web("aria2", "aria2", "exec aria2c --enable-rpc", port=6800),
    web("prometheus", "prometheus", "exec prometheus --config.file=conf "
        "--storage.tsdb.path=data", port=9090, files={"conf": ""}),
    web("node-exporter", "prometheus-node-exporter",
        "exec prometheus-node-exporter", port=9100),
    web("alertmanager", "prometheus-alertmanager",
        "exec prometheus-alertmanager --config.file=conf --storage.path=data "
        "--cluster.listen-address=", port=9093, files={"conf": """
route: {receiver: none}
receivers: [{name: none}]
"""}),
    web("pushgateway", "prometheus-pushgateway",
        "exec prometheus-pushgateway", port=9091),
    web("influxdb", "influxdb", "exec influxd", port=8086),
    web("rclone", "rclone", "exec rclone serve http --addr 127.0.0.1:80 www"),
    web("syncthing", "syncthing", "exec syncthing serve --home=$PWD/config "
        "--no-browser --gui-address=127.0.0.1:8384", port=8384),
    web("monit", "monit", "chmod 700 conf\nexec monit -I -c conf",
        port=2812, files={"conf": """
set daemon 60
set httpd port 2812 allow localhost
"""}),
    web("fossil", "fossil", """
        export USER=zoo
        fossil init zoo.fossil
        exec fossil server --port 80 zoo.fossil
        """),
    web("mercurial", "mercurial", "hg init repository\n"
        "exec hg serve -R repository -p 80"),
    web("radicale", "radicale", "exec radicale --server-hosts 127.0.0.1:5232 "
        "--storage-filesystem-folder $PWD/data --config ''", port=5232),
    web("websockify", "websockify", "exec websockify --web www 80 "
        "127.0.0.1:81"),
    web("webdis", "webdis redis-server", "redis-server --save '' &\n"
        "exec webdis conf", port=7379, files={"conf": """
{"redis_host": "127.0.0.1", "redis_port": 6379, "http_host": "127.0.0.1",
 "http_port": 7379, "threads": 1, "daemonize": false, "logfile": "log2"}
"""}),
    web("shellinabox", "shellinabox", "exec shellinaboxd -t -p 4200 "
        "-s /:nobody:nogroup:/:/bin/true", port=4200),
    web("darkstat", "darkstat", "exec darkstat -i lo --no-daemon -p 667 "
        "--chroot $PWD --user root", port=667),
    web("apt-cacher-ng", "apt-cacher-ng", "exec apt-cacher-ng ForeGround=1 "
        "CacheDir=$PWD/cache LogDir=$PWD Port=3142 -c /etc/apt-cacher-ng", port=3142),
    # These are no web servers, but people point at them by mistake.
    web("redis", "redis-server", "exec redis-server --save ''", port=6379),
    web("memcached", "memcached", "exec memcached -u root", port=11211),
    web("sshd", "openssh-server", """
        mkdir -p /run/sshd
        ssh-keygen -q -t ed25519 -N '' -f host
        exec $(command -v sshd) -D -f /dev/null -p 22 -h $PWD/host
        """, port=22),
    web("mosquitto", "mosquitto", "exec mosquitto -p 1883", port=1883),
    web("mpd", "mpd", "exec mpd --no-daemon conf", port=6600,
        files={"conf": """
music_directory "/run/zoo/www"
bind_to_address "127.0.0.1"
"""}),
    web("nbdkit", "nbdkit", "exec nbdkit -f memory 1M", port=10809),
]


def answered(port, method, version, tls):
    """The status line and the product of Server, as a plain socket sees
    them; bytes that are no HTTP, in short."""
    try:
        # A Java server that has just begun takes its time.
        sock = socket.create_connection(("127.0.0.1", port), 40)
        if tls:
            context = ssl.create_default_context()
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            sock = context.wrap_socket(sock, server_hostname="site.test")
        with sock:
            sock.sendall(f"{method} / HTTP/{version}\r\nHost: site.test\r\n"
                "User-Agent: zoo\r\nAccept: */*\r\nConnection: close\r\n"
                "\r\n".encode())
            head = read_head(sock)
    except ssl.SSLError as error:
        return f"TLS: {error.reason}"
    except OSError as error:
        return f"{type(error).__name__}"
    return shown(head)


def read_head(sock):
    head = b""
    while b"\r\n\r\n" not in head and b"\n\n" not in head and len(head) < 1 << 16:
        try:
            part = sock.recv(4096)
        except ConnectionResetError:
            return head + b"(reset)"
        if not part:
            break
        head += part
    return head


def shown(head):
    if not head:
        return "nothing"
    lines = [line.strip() for line in head.decode("latin1").splitlines()]
    servers = [product(line.partition(":")[2]) for line in lines
        if line.lower().startswith("server:")]
    return "; ".join([ascii(lines[0])[1:-1], *servers])


def product(server):
    """The first one, without its version, which changes."""
    return re.match(r"[^/(]*?(?=[/(]|[ -]v?[0-9]|$)", server.strip())[0]


def visit(program):
    cage.start(program)
    for asked, (options, method, version, tls) in REQUESTS.items():
        port = program.tls if tls else program.port
        if port is None:
            continue
        scheme = "https" if tls else "http"
        answer = answered(port, method, version, tls)
        record, words = cage.fetch(f"{scheme}://site.test:{port}/", *options)
        yield asked, answer, cage.said(record), words
