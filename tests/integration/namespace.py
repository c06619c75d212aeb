"""A network namespace with real servers in it, for whoever is root."""

import functools
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

PROGRAMS = ("ip", "nginx", "dnsmasq")
# Debian keeps daemons where an ordinary PATH does not lead.
PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"


def why_not(*more):
    """Why no namespace with these programs, too, can be had here, or None."""
    if os.geteuid() != 0:
        return "a network namespace takes root"
    missing = [p for p in (*PROGRAMS, *more) if not shutil.which(p, path=PATH)]
    if missing:
        return "not installed: " + ", ".join(missing)
    return why_none()


@functools.cache
def why_none():
    """What ip(8) says where it cannot make a namespace and run a program in
    it (a container may not, and a chroot has no mount point for it), or None."""
    name = f"afetch-try-{os.getpid()}"
    try:
        for words in ("add", name), ("exec", name, "true"):
            done = subprocess.run(["ip", "netns", *words], env={"PATH": PATH},
                stdin=subprocess.DEVNULL, capture_output=True, text=True,
                check=False)
            if done.returncode:
                return ("no network namespace can be had here: " +
                    " ".join(done.stderr.split()))
    finally:
        subprocess.run(["ip", "netns", "delete", name], env={"PATH": PATH},
            capture_output=True, check=False)
    return None


class Namespace:
    """Loopback only, its own resolv.conf; close() leaves nothing behind."""

    def __init__(self, resolv_conf):
        self.name = f"afetch-{os.getpid()}-{time.monotonic_ns()}"
        self.children = []
        self.etc = Path("/etc/netns") / self.name
        self.directory = Path(tempfile.mkdtemp(prefix="afetch-netns-"))
        try:
            self._ip("netns", "add", self.name)
            self.ip("link", "set", "lo", "up")
            self.etc.mkdir(parents=True)
            (self.etc / "resolv.conf").write_text(resolv_conf)
            (self.etc / "hosts").write_text("127.0.0.1 localhost\n")
        except BaseException:
            self.close()
            raise

    @staticmethod
    def _ip(*words):
        subprocess.run(["ip", *words], check=True, env={"PATH": PATH})

    def ip(self, *words):
        """ip(8) inside."""
        self._ip("-n", self.name, *words)

    def popen(self, command, **how):
        """The command inside; its pid is the command's own."""
        how.setdefault("env", {**os.environ, "PATH": PATH})
        return subprocess.Popen(
            ["ip", "netns", "exec", self.name, *map(str, command)], **how)

    def serve(self, command, **how):
        """A server in the foreground, killed by close(); its process."""
        child = self.popen(command, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, **how)
        self.children.append(child)
        return child

    def nginx(self, http):
        conf = self.directory / "nginx.conf"
        conf.write_text(f"""
            daemon off;
            master_process off;
            user root;
            pid {self.directory}/nginx.pid;
            error_log stderr crit;
            worker_rlimit_nofile 4096;
            events {{ worker_connections 2048; }}
            http {{ access_log off; {http} }}
            """)
        # Not -e: nginx before 1.19.5 does not know it.
        self.serve(["nginx", "-p", self.directory, "-c", conf])

    def certify(self):
        """A CA (ca.pem) and the certificate (site.pem, site.key) of
        *.site.test and 127.0.0.1 in the directory."""
        def openssl(*words):
            subprocess.run(["openssl", *words], check=True,
                cwd=self.directory, capture_output=True)
        curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-nodes", "-days", "30")
        openssl("req", "-x509", *curve, "-keyout", "ca.key", "-out",
            "ca.pem", "-subj", "/CN=Site CA")
        openssl("req", "-x509", *curve, "-keyout", "site.key", "-out",
            "site.pem", "-subj", "/CN=site/O=Site", "-CA", "ca.pem",
            "-CAkey", "ca.key", "-addext",
            "subjectAltName=DNS:*.site.test,IP:127.0.0.1",
            "-addext", "basicConstraints=critical,CA:FALSE")

    def dnsmasq(self, *options):
        return self.serve(["dnsmasq", "--keep-in-foreground", "--no-resolv",
            "--no-hosts", "--conf-file=/dev/null", "--user=root",
            "--pid-file=", f"--log-facility={self.directory}/dnsmasq.log",
            "--bind-interfaces", "--listen-address=127.0.0.1", *options])

    def unbound(self, address, server):
        """These lines are of its server: clause."""
        conf = self.directory / "unbound.conf"
        conf.write_text(f"""
            server:
                interface: {address}
                port: 53
                username: ""
                chroot: ""
                directory: "{self.directory}"
                pidfile: ""
                logfile: "{self.directory}/unbound.log"
                module-config: "iterator"
                num-threads: 1
                {server}
            remote-control:
                control-enable: no
            """)
        # A copy: AppArmor forbids the original to read files from here.
        program = self.directory / "unbound"
        shutil.copy(shutil.which("unbound", path=PATH), program)
        return self.serve([program, "-d", "-c", conf])

    def close(self):
        for child in self.children:
            child.terminate()
        for child in self.children:
            child.wait()
        if Path("/run/netns", self.name).exists():
            self._ip("netns", "delete", self.name)
        shutil.rmtree(self.etc, ignore_errors=True)
        shutil.rmtree(self.directory, ignore_errors=True)
