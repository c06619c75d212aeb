"""A network namespace, and servers in it: where the measured programs find
names (127.0.0.1, port 53) and hosts (ports 80 and 443)."""

import contextlib
import ctypes
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("AFETCH_BUILD", TOP / "build"))
DOMAIN = "bench.test"
SECOND_PORT, SECOND_DNS = 8080, 5353  # of a server beside the first one
# Debian keeps daemons where an ordinary PATH does not lead.
os.environ["PATH"] += ":/usr/sbin:/sbin"
# No proxy of the machine's leads into the namespace.
for _name in "http_proxy", "https_proxy", "all_proxy":
    os.environ.pop(_name, None)
    os.environ.pop(_name.upper(), None)

CLONE_NEWNS = 0x00020000
CLONE_NEWNET = 0x40000000
SYS_PIDFD_GETFD = 438
SO_RCVBUFFORCE = 33
LIBC = ctypes.CDLL(None, use_errno=True)

# With two processors or more, clients have the last one to themselves.
CPUS = sorted(os.sched_getaffinity(0))


PINNED = [True]


def pin_server():
    os.sched_setaffinity(0, PINNED[0] and CPUS[:-1] or CPUS)


def pin_client():
    os.sched_setaffinity(0, CPUS[-1:] if PINNED[0] else CPUS)


@contextlib.contextmanager
def unpinned():
    """Clients and servers share all processors."""
    PINNED[0] = False
    try:
        yield
    finally:
        PINNED[0] = True


# --- the namespace ---

ETC = {
    "resolv.conf": "nameserver 127.0.0.1\n",
    "hosts": "127.0.0.1 localhost\n",
    "nsswitch.conf": "hosts: files dns\n",
}


def enter(tmp):
    """Anonymous ones, of network and mounts: nothing is left of them when
    the run has ended."""
    if LIBC.unshare(CLONE_NEWNET | CLONE_NEWNS):
        sys.exit("bench: no network namespace: "
                 + os.strerror(ctypes.get_errno()) + " (it takes root)")
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    # getaddrinfo with AI_ADDRCONFIG wants an address beside 127.0.0.1.
    subprocess.run(["ip", "addr", "add", "192.0.2.1/32", "dev", "lo"],
                   check=True)
    for name, value in [("ipv4/ip_local_port_range", "1024 65535"),
                        ("ipv4/ip_local_reserved_ports", f"{SECOND_DNS},{SECOND_PORT}"),
                        ("core/somaxconn", "65535")]:
        pathlib.Path("/proc/sys/net", name).write_text(value)
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)
    for name, text in ETC.items():
        ours = tmp / name
        ours.write_text(text)
        theirs = pathlib.Path("/etc", name).resolve()
        if theirs.exists():
            subprocess.run(["mount", "--bind", ours, theirs], check=True)


# --- servers ---


def is_listening(port, kind):
    with socket.socket(socket.AF_INET, kind) as probe:
        try:
            if kind == socket.SOCK_STREAM:
                probe.connect(("127.0.0.1", port))
                return True
            probe.bind(("127.0.0.1", port))
            return False
        except OSError:
            return kind == socket.SOCK_DGRAM  # bound by somebody


def wait_for_port(port, server, kind=socket.SOCK_STREAM):
    for _ in range(200):
        if server.poll() is not None:
            sys.exit(f"bench: {server.args[0]} ended at once")
        if is_listening(port, kind):
            return
        time.sleep(0.05)
    sys.exit(f"bench: {server.args[0]} does not listen on port {port}")


def wait_for_answer(name):
    """dnsmasq opens its port before it has read a million names."""
    labels = b"".join(bytes([len(label)]) + label.encode()
                      for label in name.split("."))
    question = b"\0\1\1\0\0\1\0\0\0\0\0\0" + labels + b"\0\0\1\0\1"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.settimeout(1)
        probe.connect(("127.0.0.1", 53))
        for _ in range(600):
            try:
                probe.send(question)
                if probe.recv(512)[7]:  # answers
                    return
            except OSError:
                pass  # not yet
    sys.exit("bench: dnsmasq does not answer")


@contextlib.contextmanager
def server(argv, **options):
    """In the foreground, ended by its process id."""
    process = subprocess.Popen(
        [str(a) for a in argv], preexec_fn=pin_server, **options)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def enlarge_receive_buffer(pid):
    """dnsmasq leaves its UDP socket at the system's default, which some
    hundred questions at once overflow."""
    pidfd = os.pidfd_open(pid)
    for entry in pathlib.Path(f"/proc/{pid}/fd").iterdir():
        try:
            if not os.readlink(entry).startswith("socket:"):
                continue
        except FileNotFoundError:  # it closed one meanwhile
            continue
        fd = LIBC.syscall(SYS_PIDFD_GETFD, pidfd, int(entry.name), 0)
        with socket.socket(fileno=fd) as taken:
            if taken.type == socket.SOCK_DGRAM:
                taken.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 8 << 20)
    os.close(pidfd)


NGINX = """
daemon off; pid {tmp}/nginx.pid; error_log stderr crit; worker_processes 1;
user root;
events {{ worker_connections 19000; }}
http {{
    access_log off;
    client_body_temp_path {tmp}/nginx-body; proxy_temp_path {tmp}/nginx-proxy;
    fastcgi_temp_path {tmp}/nginx-fcgi; uwsgi_temp_path {tmp}/nginx-uwsgi;
    scgi_temp_path {tmp}/nginx-scgi;
    ssl_protocols {protocols};
    ssl_certificate {certificate}; ssl_certificate_key {key};
    server {{
        listen 80 backlog=65535;
        listen 443 ssl backlog=65535;
        location / {{
            default_type text/html;
            add_header Cache-Control max-age=60;
            add_header Strict-Transport-Security max-age=31536000;
            add_header X-Host $host;
            return 200 "<!doctype html><title>$host</title>\\n";
        }}
    }}
}}
"""


def trust(authorities, own):
    """For afetch and its peers, which all read SSL_CERT_FILE; Node has a
    variable of its own."""
    for name in ("SSL_CERT_FILE", "CURL_CA_BUNDLE"):
        os.environ[name] = str(authorities)
    os.environ["NODE_EXTRA_CA_CERTS"] = str(own)


def make_certificate(tmp):
    """(certificate, key): its own authority, which alone is trusted."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-nodes", "-days", "2",
         "-pkeyopt", "ec_paramgen_curve:prime256v1", "-subj", "/CN=bench",
         "-addext", f"subjectAltName=DNS:*.{DOMAIN}",
         "-keyout", tmp / "key.pem", "-out", tmp / "cert.pem"],
        check=True, stderr=subprocess.DEVNULL)
    trust(tmp / "cert.pem", tmp / "cert.pem")
    return tmp / "cert.pem", tmp / "key.pem"


SYSTEM_STORE = pathlib.Path("/etc/ssl/certs/ca-certificates.crt")
AUTHORITIES = 140  # of the system's, trusted beside the bench's own


def system_authorities():
    end = "-----END CERTIFICATE-----\n"
    text = SYSTEM_STORE.read_text() if SYSTEM_STORE.exists() else ""
    return [one + end for one in text.split(end)[:AUTHORITIES] if one.strip()]


def make_chains(tmp, kind, hosts):
    """A folder with NAME.pem for each host, one.pem for all, and key.pem; see
    programs/chains.c."""
    folder = tmp / kind
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir()
    subprocess.run([BUILD / "bench-chains", kind, DOMAIN, folder], text=True,
                   input="".join(f"{host}\n" for host in hosts), check=True)
    root = folder / "root.pem"
    store = folder / "store.pem"
    store.write_text("".join([*system_authorities(), root.read_text()]))
    trust(store, root)
    return folder


def names(count, stem="h"):
    return [f"{stem}{i}.{DOMAIN}" for i in range(count)]


def address_of(i):
    """Each name has an address of its own, as in life; so no port between
    two addresses is used again soon."""
    return f"127.{1 + (i >> 16)}.{i >> 8 & 255}.{i & 255}"


@contextlib.contextmanager
def nginx_and_dnsmasq(tmp, hosts, others=(), protocols="TLSv1.2 TLSv1.3",
                      certificate=None):
    """The hosts have addresses of their own, the others 127.0.0.1.
    certificate: its file, which may have nginx's variables, and its key's."""
    certificate, key = certificate or make_certificate(tmp)
    (tmp / "nginx.conf").write_text(
        NGINX.format(tmp=tmp, protocols=protocols, certificate=certificate,
                     key=key))
    with open(tmp / "dnsmasq.hosts", "w") as table:
        table.writelines(
            f"{address_of(i)} {host}\n" for i, host in enumerate(hosts))
        table.writelines(f"127.0.0.1 {host}\n" for host in others)
    # A name of the hosts file has an empty AAAA answer, not REFUSED.
    dnsmasq = ["dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null",
               "--no-resolv", "--no-hosts", "--user=root", "--pid-file=",
               f"--addn-hosts={tmp}/dnsmasq.hosts", "--bind-interfaces",
               "--listen-address=127.0.0.1", "--local-ttl=60"]
    # Not -e: nginx before 1.19.5 does not know it.
    nginx = ["nginx", "-c", tmp / "nginx.conf", "-p", tmp]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with server(nginx, **quiet) as web, server(dnsmasq, **quiet) as dns:
        wait_for_port(80, web)
        wait_for_port(53, dns, socket.SOCK_DGRAM)
        enlarge_receive_buffer(dns.pid)
        wait_for_answer(hosts[-1])
        yield


@contextlib.contextmanager
def lab(words, http=80, dns=53):
    """The lab answers for every name as the words say."""
    argv = [BUILD / "afetch-lab", "--default", words, "--names", "1",
            "--dns", dns, "--http", http]
    with server(argv, stdout=subprocess.PIPE, text=True) as process:
        if not process.stdout.readline():
            sys.exit("bench: the lab does not start")
        yield


def missing():
    """Programs without which there is no world."""
    return [p for p in ("ip", "mount", "nginx", "dnsmasq", "openssl")
            if not shutil.which(p)]
