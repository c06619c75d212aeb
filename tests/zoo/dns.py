"""Name servers and resolvers: what each answers for a zone that has an
address of each family, an alias, and a name without addresses, and what
afetch says of that."""

import dataclasses
import socket
import struct

from zoo import cage

ASKED = {
    "A": "a.zoo.test",
    "AAAA": "six.zoo.test",
    "alias": "alias.zoo.test",
    "long alias": "one.zoo.test",
    "alias outside": "away.zoo.test",
    "NODATA": "text.zoo.test",
    "NXDOMAIN": "none.zoo.test",
    "not its zone": "www.elsewhere.example",
}
TYPES = {1: "A", 5: "CNAME", 28: "AAAA"}
CODES = {0: "NOERROR", 1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN",
    4: "NOTIMP", 5: "REFUSED", 9: "NOTAUTH"}
RECORDS = """
@       SOA ns hostmaster 1 3600 600 86400 60
@       NS ns
ns      A 127.0.0.2
a       A 127.0.0.7
six     AAAA ::1
alias   CNAME a
one     CNAME two
two     CNAME three
three   CNAME four
four    CNAME a
away    CNAME www.elsewhere.example.
text    TXT "no address"
"""
ZONE = "$ORIGIN zoo.test.\n$TTL 60\n" + "\n".join(
    name + " IN " + rest for name, _, rest in (
        line.partition(" ") for line in RECORDS.strip().splitlines()))
NSD = """
server:
    ip-address: {address}
    username: root
    chroot: ""
    zonesdir: /run/zoo
    database: ""
    pidfile: /run/zoo/nsd.pid
    xfrdfile: /run/zoo/xfrd.state
    zonelistfile: /run/zoo/zone.list
    server-count: 1
remote-control:
    control-enable: no
zone:
    name: zoo.test
    zonefile: zone
"""


@dataclasses.dataclass
class Dns(cage.Program):
    port: int = 53
    answers: bool = True  # with an address, once it is up


def dns(name, packages, run, conf="", *, files=None, **how):
    """A row: its configuration is in conf, the zone in zone."""
    return Dns(name, packages, run,
        {"zone": ZONE, "conf": conf, **(files or {})}, **how)


def forwarder(name, packages, run, conf="", *, files=None, **how):
    """A row whose program asks an nsd on 127.0.0.2."""
    return dns(name, packages + " nsd",
        "nsd -d -c upstream &\nsleep 0.5\n" + run, conf,
        files={"upstream": NSD.format(address="127.0.0.2"),
            **(files or {})}, **how)


PROGRAMS = [
    dns("nsd", "nsd", "own nsd -d -c conf", NSD.format(address="127.0.0.1"),
        quick=True),
    dns("bind9", "bind9", "own named -g -c $PWD/conf", """
        options {
            directory "/run/zoo";
            listen-on { 127.0.0.1; };
            listen-on-v6 { none; };
            pid-file none;
            session-keyfile none;
            recursion no;
        };
        controls {};
        zone "zoo.test" { type primary; file "zone"; };
        """),
    forwarder("bind9 recursive", "bind9", "own named -g -c $PWD/conf", """
        options {
            directory "/run/zoo";
            listen-on { 127.0.0.1; };
            listen-on-v6 { none; };
            pid-file none;
            session-keyfile none;
            dnssec-validation no;
            empty-zones-enable no;
            forward only;
            forwarders { 127.0.0.2; };
        };
        controls {};
        """),
    dns("knot", "knot", "exec knotd -c conf", """
        server:
            listen: 127.0.0.1@53
            rundir: /run/zoo
        database:
            storage: /run/zoo
        zone:
          - domain: zoo.test
            storage: /run/zoo
            file: zone
        """),
    forwarder("knot-resolver", "knot-resolver", "exec kresd -n -c conf", """
        net.listen("127.0.0.1", 53, { kind = "dns" })
        trust_anchors.remove(".")
        policy.add(policy.all(policy.STUB("127.0.0.2")))
        """),
    dns("pdns", "pdns-server pdns-backend-bind", "exec pdns_server "
        "--config-dir=. --config-name=", files={
            "pdns.conf": """
                launch=bind
                bind-config=/run/zoo/zones
                local-address=127.0.0.1
                socket-dir=/run/zoo
                """,
            "zones": 'zone "zoo.test" { type master; file "/run/zoo/zone"; };',
        }),
    forwarder("pdns-recursor", "pdns-recursor", "exec pdns_recursor "
        "--config-dir=.", files={"recursor.conf": """
            local-address=127.0.0.1
            forward-zones=.=127.0.0.2
            dont-query=
            dnssec=off
            socket-dir=/run/zoo
            """}),
    dns("gdnsd", "gdnsd", "exec gdnsd -c etc start", files={
        "etc/config": """
            options => {
                listen => 127.0.0.1
                run_dir => /run/zoo
                state_dir => /run/zoo
            }
            """,
        "etc/zones/zoo.test": ZONE}),
    dns("yadifa", "yadifa", "exec yadifad -c conf --nodaemon", """
        <main>
            listen 127.0.0.1
            datapath /run/zoo
            keyspath /run/zoo
            logpath /run/zoo
            xfrpath /run/zoo
            pidfile /run/zoo/pid
            uid root
            gid root
        </main>
        <zone>
            domain zoo.test
            type master
            file zone
        </zone>
        """),
    dns("rbldnsd", "rbldnsd", "exec rbldnsd -n -u nobody -b 127.0.0.1/53 "
        "zoo.test:generic:list", files={"list": """
            $SOA 60 ns.zoo.test hostmaster.zoo.test 1 60 60 60 60
            a A 127.0.0.7
            text TXT "no address"
            """}),
    dns("dnslib", "python3-dnslib", "exec /usr/bin/python3 -m "
        "dnslib.zoneresolver --zone zone --port 53 --address 127.0.0.1"),
    dns("twisted", "python3-twisted", "exec /usr/bin/python3 -m twisted dns "
        "--port 53 --interface 127.0.0.1 --pyzone list", files={"list": """
            zone = [
                SOA("zoo.test", mname="ns.zoo.test", rname="a.zoo.test",
                    serial=1, refresh=60, retry=60, expire=60, minimum=60),
                A("a.zoo.test", "127.0.0.7"),
                AAAA("six.zoo.test", "::1"),
                CNAME("alias.zoo.test", "a.zoo.test"),
                TXT("text.zoo.test", "nothing"),
            ]
            """}),
    dns("unbound", "unbound", "own unbound -d -c conf", """
        server:
            interface: 127.0.0.1
            username: ""
            chroot: ""
            directory: /run/zoo
            pidfile: ""
            use-syslog: no
            module-config: iterator
            local-zone: zoo.test. static
            local-data: "a.zoo.test. A 127.0.0.7"
            local-data: "six.zoo.test. AAAA ::1"
            local-data: "alias.zoo.test. CNAME a.zoo.test."
            local-data: "text.zoo.test. TXT nothing"
            local-zone: elsewhere.example. refuse
        remote-control:
            control-enable: no
        """, quick=True),
    forwarder("unbound forwarding", "unbound", "own unbound -d -c conf", """
        server:
            interface: 127.0.0.1
            username: ""
            chroot: ""
            directory: /run/zoo
            pidfile: ""
            use-syslog: no
            module-config: iterator
            do-not-query-localhost: no
            local-zone: test. nodefault
        forward-zone:
            name: "."
            forward-addr: 127.0.0.2
        remote-control:
            control-enable: no
        """),
    dns("dnsmasq", "dnsmasq-base", "own dnsmasq -k -C conf", """
        user=root
        pid-file=
        no-resolv
        no-hosts
        bind-interfaces
        listen-address=127.0.0.1
        local=/zoo.test/
        host-record=a.zoo.test,127.0.0.7
        host-record=six.zoo.test,::1
        cname=alias.zoo.test,a.zoo.test
        txt-record=text.zoo.test,nothing
        """, quick=True),
    forwarder("dnsmasq forwarding", "dnsmasq-base", "own dnsmasq -k -C conf",
        """
        user=root
        pid-file=
        no-resolv
        no-hosts
        bind-interfaces
        listen-address=127.0.0.1
        server=127.0.0.2
        """),
    forwarder("dnsdist", "dnsdist", "exec dnsdist --supervised -C conf", """
        setLocal("127.0.0.1:53")
        newServer({address="127.0.0.2", healthCheckMode="up"})
        """),
    forwarder("dnscache", "dnscache", """
        mkdir -p root/ip root/servers
        echo 127.0.0.2 >root/servers/@
        touch root/ip/127
        head -c 128 /dev/urandom >seed
        export ROOT=$PWD/root IP=127.0.0.1 IPSEND=0.0.0.0 CACHESIZE=100000
        export UID=0 GID=0
        exec dnscache <seed
        """),
    forwarder("smartdns", "smartdns", "exec smartdns -f -x -c conf", """
        bind 127.0.0.1:53
        server 127.0.0.2
        speed-check-mode none
        """),
    forwarder("dnss", "dnss openssl", """
        (dnss -enable_https_to_dns -insecure_http_server -logtostderr \\
            -https_server_addr 127.0.0.1:8443 -dns_upstream 127.0.0.2:53) &
        exec dnss -enable_dns_to_https -dns_listen_addr 127.0.0.1:53 \\
            -logtostderr -https_upstream http://127.0.0.1:8443/dns-query
        """),
    dns("stubby", "stubby", "cp conf stubby.yml\nexec stubby -C stubby.yml", """
        resolution_type: GETDNS_RESOLUTION_STUB
        dns_transport_list:
          - GETDNS_TRANSPORT_TLS
        listen_addresses:
          - 127.0.0.1
        timeout: 1000
        upstream_recursive_servers:
          - address_data: 127.0.0.2
        """, answers=False),
    # It asks nobody while loopback is all there is, but knows the hosts file.
    dns("systemd-resolved", "", """
        mkdir -p /run/systemd
        cat /etc/passwd extra >passwd
        mount --bind passwd /etc/passwd
        mount -t tmpfs zoo /etc/systemd
        cp conf /etc/systemd/resolved.conf
        # afetch has a hosts file of its own.
        exec unshare --mount sh -c "mount --bind hosts /etc/hosts
            exec $UNPACKED/systemd-resolved/lib/systemd/systemd-resolved"
        """, """
        [Resolve]
        DNS=127.0.0.2
        DNSStubListenerExtra=127.0.0.1
        """, unpacked="systemd-resolved", files={
            "extra": "systemd-resolve:x:0:0::/:/bin/false",
            "hosts": "127.0.0.7 a.zoo.test\n::1 six.zoo.test"}),
]


def question(name, kind):
    labels = b"".join(bytes([len(label)]) + label.encode()
        for label in name.split("."))
    return (b"\0\7\1\0\0\1\0\0\0\0\0\0" + labels
        + struct.pack("!BHH", 0, kind, 1))


def skip_name(data, at):
    while data[at] and data[at] < 192:
        at += data[at] + 1
    return at + (2 if data[at] else 1)


def records(data):
    """Types of the answer section, in order."""
    at = skip_name(data, 12) + 4
    for _ in range(struct.unpack_from("!H", data, 6)[0]):
        at = skip_name(data, at)
        kind, _, _, size = struct.unpack_from("!HHIH", data, at)
        at += 10 + size
        yield TYPES.get(kind, f"TYPE{kind}")


def answered(name, kind, seconds=5):
    """The code of the answer and the types of its records."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(seconds)
        try:
            sock.connect(("127.0.0.1", 53))
            sock.send(question(name, kind))
            data = sock.recv(4096)
        except TimeoutError:
            return "silence"
        except OSError as error:
            return type(error).__name__
    code = CODES.get(data[3] & 15, str(data[3] & 15))
    if len(data) == 12:
        return f"{code} alone"
    return " ".join([code, *records(data)])


def is_up(program):
    answer = answered("a.zoo.test", 1, 0.2)
    return (answer.startswith("NOERROR") or not program.answers
        and answer != "ConnectionRefusedError")


def visit(program):
    cage.start(program, lambda: is_up(program))
    for asked, name in ASKED.items():
        answers = "; ".join(f"{TYPES[kind]}: {answered(name, kind)}"
            for kind in (1, 28))
        record, words = cage.fetch(f"http://{name}:9/",
            "--dns-servers", "127.0.0.1")
        found = record["error"]["code"] == "REFUSED"  # by port 9
        yield asked, answers, (record["remote_ip"] if found
            else cage.said(record)), "" if found else words
