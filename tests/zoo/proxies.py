"""Proxies, and what is taken for one: what each answers when it is asked for
a server that is there, one that is not, and a name that does not exist, and
what afetch says of that."""

import dataclasses
import re
import socket
import struct

from zoo import cage, web

TARGETS = {
    "http": "http://site.test/",
    "https": "https://site.test/",
    "http, refused": "http://site.test:9/",
    "https, refused": "https://site.test:9/",
    "http, no name": "http://none.test/",
    "https, no name": "https://none.test/",
}
NGINX = """
daemon off; user root; pid site.pid;
error_log stderr crit;
events {}
http {
    access_log off;
    server {
        listen 80; listen 443 ssl;
        ssl_certificate site.pem; ssl_certificate_key site.key;
        return 200 "page";
    }
}
"""
SITE = """
nginx -p "$PWD" -c site.conf &
dnsmasq -k -C dnsmasq.conf &
"""
DNSMASQ = """
user=root
pid-file=
no-resolv
bind-interfaces
listen-address=127.0.0.1
local=/#/
"""
SOCKS_REPLIES = ("succeeded", "failed", "not allowed", "network unreachable",
    "host unreachable", "connection refused", "TTL expired",
    "command not supported", "address type not supported")


@dataclasses.dataclass
class Proxy(cage.Program):
    scheme: str = "http"
    targets: dict = dataclasses.field(default_factory=lambda: TARGETS)
    through: tuple = ()  # a command in front of afetch, which knows no proxy


def proxy(name, packages, run, port, scheme="http", *, files=None, **how):
    """A row.  A web server and a name server are beside it."""
    return Proxy(name, packages + " nginx dnsmasq-base", SITE + run,
        {"site.conf": NGINX, "dnsmasq.conf": DNSMASQ, **(files or {})},
        port=port, needs=(80, 443, 53), scheme=scheme, **how)


def hasty(*row, **how):
    """A row of what says yes before it has connected: what comes of that
    depends on who is faster."""
    return proxy(*row, **how, targets={asked: target
        for asked, target in TARGETS.items() if asked != "https, refused"})


def wrapper(name, packages, conf, *through):
    """A row of what leads the connections of programs to a SOCKS proxy.  The
    site is not on 127.0.0.0/8, which the two leave alone."""
    return proxy(name, packages + " microsocks", """
        ip address add 192.0.2.1/32 dev lo
        echo 192.0.2.1 site.test >/etc/hosts
        exec microsocks -i 127.0.0.1
        """, 1080, "socks5h", files={"conf": conf}, through=through)


def brief(*row, **how):
    """A row of what connects to nothing at all."""
    return proxy(*row, **how, targets={asked: target
        for asked, target in TARGETS.items() if asked in ("http", "https")})


PROGRAMS = [
    proxy("squid", "squid", "own squid -N -f conf", 3128, files={"conf": """
        http_port 3128
        http_access allow all
        pid_filename none
        cache_log /dev/null
        access_log none
        """}),
    proxy("tinyproxy", "tinyproxy-bin", "exec tinyproxy -d -c conf", 8888,
        quick=True, files={"conf": "Port 8888\nTimeout 30\n"}),
    proxy("privoxy", "privoxy", "own privoxy --no-daemon conf", 8118,
        quick=True, files={"conf": "listen-address 127.0.0.1:8118\n"
            "confdir /etc/privoxy\ntempldir /etc/privoxy/templates\n"}),
    proxy("ziproxy", "ziproxy", "ziproxy -d -c conf\nexec sleep 120", 8080,
        files={"conf": """
        Port = 8080
        Address = "127.0.0.1"
        AllowMethodCONNECT = true
        """}),
    proxy("apache2", "apache2-bin", 'own apache2 -X -d "$PWD" -f conf', 8080,
        files={"conf": """
        ServerName proxy.test
        PidFile pid
        ErrorLog /dev/stderr
        LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
        LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
        LoadModule proxy_module /usr/lib/apache2/modules/mod_proxy.so
        LoadModule proxy_http_module /usr/lib/apache2/modules/mod_proxy_http.so
        LoadModule proxy_connect_module /usr/lib/apache2/modules/mod_proxy_connect.so
        User nobody
        Group nogroup
        Listen 8080
        ProxyRequests On
        AllowCONNECT 443 9
        """}),
    hasty("trafficserver", "trafficserver", """
        mkdir -p /run/trafficserver etc
        chown trafficserver /run/trafficserver
        cp -r /etc/trafficserver/* etc
        cat records >>etc/records.config
        mount --bind etc /etc/trafficserver
        exec traffic_server
        """, 8080, files={"records": """
            CONFIG proxy.config.url_remap.remap_required INT 0
            CONFIG proxy.config.reverse_proxy.enabled INT 0
            CONFIG proxy.config.http.connect_ports STRING 443 9
            """}),
    proxy("mitmproxy", "mitmproxy", "exec mitmdump -p 8080 -q "
        "--set confdir=$PWD/mitm", 8080),
    proxy("apt-cacher-ng", "apt-cacher-ng", "exec apt-cacher-ng ForeGround=1 "
        "CacheDir=$PWD/cache LogDir=$PWD Port=3142 -c /etc/apt-cacher-ng",
        3142),
    proxy("ncat http", "ncat", "exec ncat -l 8080 --keep-open --proxy-type "
        "http", 8080),
    proxy("microsocks", "microsocks", "exec microsocks -i 127.0.0.1", 1080,
        "socks5h", quick=True),
    proxy("dante", "dante-server", "exec danted -f conf", 1080, "socks5h",
        files={"conf": """
            logoutput: stderr
            internal: 127.0.0.1 port = 1080
            external: lo
            clientmethod: none
            socksmethod: none
            user.privileged: root
            user.unprivileged: root
            client pass { from: 0.0.0.0/0 to: 0.0.0.0/0 }
            socks pass { from: 0.0.0.0/0 to: 0.0.0.0/0 }
            """}),
    proxy("ssh -D", "openssh-client openssh-server", """
        mkdir -p /run/sshd -m 755
        ssh-keygen -q -t ed25519 -N '' -f host
        ssh-keygen -q -t ed25519 -N '' -f key
        $(command -v sshd) -f /dev/null -h $PWD/host -o StrictModes=no \\
            -o AuthorizedKeysFile=$PWD/key.pub -o UsePAM=no
        exec ssh -N -D 127.0.0.1:1080 -i key -o ConnectionAttempts=20 \\
            -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \\
            root@127.0.0.1
        """, 1080, "socks5h", quick=True),
    brief("tor", "tor", "exec tor -f conf --DataDirectory $PWD/tor", 9050,
        "socks5h", files={"conf": "SocksPort 9050\nSocksTimeout 2\n"}),
    proxy("shadowsocks", "shadowsocks-libev", """
        ss-server -s 127.0.0.1 -p 8388 -k secret -m aes-256-gcm &
        exec ss-local -s 127.0.0.1 -p 8388 -l 1080 -k secret -m aes-256-gcm
        """, 1080, "socks5h"),
    wrapper("proxychains", "proxychains4", """
        strict_chain
        proxy_dns
        [ProxyList]
        socks5 127.0.0.1 1080
        """, "proxychains4", "-q", "-f", "conf"),
    wrapper("torsocks", "torsocks", "TorPort 1080",
        "env", "TORSOCKS_CONF_FILE=conf", "torsocks"),
    # Pointed at by mistake: a proxy of the other kind, and a web server.
    brief("microsocks as http", "microsocks", "exec microsocks -i 127.0.0.1",
        1080),
    brief("tinyproxy as socks5", "tinyproxy-bin", "exec tinyproxy -d -c conf",
        8888, "socks5h", files={"conf": "Port 8888\nTimeout 30\n"}),
    brief("tor as http", "tor", "exec tor -f conf --DataDirectory $PWD/tor",
        9050, files={"conf": "SocksPort 9050\n"}),
    brief("nginx as http", "nginx", "sleep 60", 80),
    brief("http.server as http", "python3", "exec /usr/bin/python3 -m "
        "http.server 8080", 8080),
]


def answered_http(port, target):
    """To the request that begins afetch's way through the proxy; without
    HTTP's version, which no proxy's client looks at."""
    scheme, _, rest = target.partition("://")
    host = rest.rstrip("/")
    if scheme == "https":
        host = host if ":" in host else host + ":443"
        request = f"CONNECT {host} HTTP/1.1\r\nHost: {host}\r\n\r\n"
    else:
        request = (f"GET {target} HTTP/1.0\r\nHost: {host}\r\n"
            "Connection: close\r\n\r\n")
    with socket.create_connection(("127.0.0.1", port), 3) as sock:
        sock.sendall(request.encode())
        return re.sub("^HTTP/1.[01] ", "", web.shown(web.read_head(sock)))


def answered_socks(port, target):
    """The reply's code in words."""
    scheme, _, rest = target.partition("://")
    host, _, number = rest.rstrip("/").partition(":")
    number = int(number or {"http": 80, "https": 443}[scheme])
    with socket.create_connection(("127.0.0.1", port), 3) as sock:
        sock.sendall(b"\5\1\0")
        if (methods := sock.recv(2)) != b"\5\0":
            return f"{methods!r}"[2:-1] or "nothing"
        sock.sendall(b"\5\1\0\3" + bytes([len(host)]) + host.encode()
            + struct.pack("!H", number))
        reply = sock.recv(4)
    if len(reply) < 2:
        return "nothing"
    # Old ones of microsocks answer 9, which nobody assigned.
    return dict(enumerate(SOCKS_REPLIES)).get(reply[1], "failed")


def visit(program):
    cage.start(program)
    ask = answered_http if program.scheme == "http" else answered_socks
    for asked, target in program.targets.items():
        try:
            answer = ask(program.port, target)
        except OSError as error:
            answer = type(error).__name__
        if program.through:
            record, words = cage.fetch(target, through=program.through)
        else:
            record, words = cage.fetch(target, "-x",
                f"{program.scheme}://127.0.0.1:{program.port}")
        yield asked, answer, cage.said(record), words
