"""The real things: nginx and dnsmasq in a namespace of their own."""

import json
import os
import subprocess
import threading
import time
import unittest
from pathlib import Path

import namespace
from harness import AFETCH, SLOWER

NAMES = 10000
AT_ONCE = 256
RSS_KIB = 16 * 1024

# The token says that the answer is of this name and no other.
NGINX = r"""
    map $host $token { default none; ~^n(?<number>\d+)\.site\.test$ t$number; }
    server {
        listen 80 default_server backlog=1024;
        listen [::]:80 default_server;
        server_tokens off;
        default_type text/plain;
        location / {
            add_header X-Host $http_host always;
            add_header X-Token $token always;
            return 200 "page\n";
        }
    }
    """


def name_of(number):
    return f"n{number}.site.test"


def lines_of(number):
    """What afetch must print of the name, but for the date."""
    name = name_of(number)
    return [f"{name} header > {line}" for line in (
        "HTTP/1.1 200 OK", "Server: nginx", "Date: *",
        "Content-Type: text/plain", "Content-Length: 5",
        "Connection: close", f"X-Host: {name}", f"X-Token: t{number}")]


class Watch(threading.Thread):
    """Samples a process's open descriptors while it runs."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.proc = Path("/proc", str(pid))
        self.most_open = self.samples = 0
        self.over = threading.Event()

    def run(self):
        while not self.over.wait(0.002):
            try:
                count = len(os.listdir(self.proc / "fd"))
            except OSError:
                return
            self.most_open = max(self.most_open, count)
            self.samples += 1

    def peak_rss(self):
        """In KiB, of the process so far."""
        for line in (self.proc / "status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
        raise AssertionError("no VmHWM")


class RealServers(unittest.TestCase):
    lock = "netns"

    @classmethod
    def setUpClass(cls):
        if why := namespace.why_not():
            raise unittest.SkipTest(why)
        cls.space = namespace.Namespace("nameserver 127.0.0.1\n")
        cls.addClassCleanup(cls.space.close)
        cls.space.nginx(NGINX)
        # local: what is not said here, AAAA above all, has no record.
        cls.space.dnsmasq("--address=/site.test/127.0.0.1",
            "--local=/#/", "--cache-size=0", "--dns-forward-max=1000")
        cls.wait_until_up()

    @classmethod
    def wait_until_up(cls):
        command = [AFETCH, "-sq", "-m", "1", name_of(0)]
        end = time.monotonic() + 20
        while cls.space.popen(command, stdin=subprocess.DEVNULL).wait():
            if time.monotonic() > end:
                raise AssertionError("nginx or dnsmasq does not come up")
            time.sleep(0.1)


class OwnPeer(unittest.TestCase):
    """The only port that clients get is the one that is looked for."""

    def setUp(self):
        if why := namespace.why_not():
            self.skipTest(why)
        self.space = namespace.Namespace("")
        self.addCleanup(self.space.close)
        self.run_inside(["sh", "-c", "echo 40000 40000 >"
            "/proc/sys/net/ipv4/ip_local_port_range"])

    def run_inside(self, command):
        with self.space.popen(command, stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE) as child:
            return child.stdout.read()

    def test_row_20_closed_port_is_not_its_own_server(self):
        for target in ("127.0.0.1:40000", "https://[::1]:40000"):
            out = self.run_inside([AFETCH, "-s", "--json", target])
            record = json.loads(out.splitlines()[0])
            self.assertEqual(record["error"]["code"], "REFUSED", record)
            self.assertEqual(record["error"]["phase"], "connect", record)
            self.assertEqual(record["remote_port"], 40000)
            for phase in ("tls", "send", "wait", "receive"):
                self.assertIsNone(record["timings_ms"][phase], record)


class TenThousandNames(RealServers):
    timeout = 120

    def fetch(self, options, last):
        """Runs afetch on all names, and looks at it before it ends: its
        list, a pipe, stays open until `last(line)` was true for all."""
        child = self.space.popen(
            [AFETCH, "-j", AT_ONCE, *options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        watch = Watch(child.pid)
        lines, ended = [], 0

        def feed():
            for number in range(NAMES):
                child.stdin.write(name_of(number) + "\n")
            child.stdin.flush()

        feeder = threading.Thread(target=feed, daemon=True)
        feeder.start()
        for line in child.stdout:
            if not lines:
                watch.start()
            lines.append(line.rstrip("\n"))
            ended += last(lines[-1])
            if ended == NAMES:
                break
        if ended == NAMES:
            feeder.join()
            rss = watch.peak_rss()
            child.stdin.close()
        lines += child.stdout.read().splitlines()
        watch.over.set()
        self.assertEqual(ended, NAMES)
        self.assertEqual(child.wait(), 0)
        child.stdout.close()
        self.assertGreater(watch.samples, 20)
        self.assertGreater(watch.most_open, 20)
        self.assertLessEqual(watch.most_open, AT_ONCE + 20)
        if SLOWER == 1:
            self.assertLess(rss, RSS_KIB)
        return lines

    def test_text(self):
        lines = self.fetch(["-s"], lambda line: " > X-Token: " in line)
        shown = {}
        for line in lines:
            if " > Date: " in line:
                line = line.partition(" > Date: ")[0] + " > Date: *"
            shown.setdefault(line.partition(" ")[0], []).append(line)
        self.assertEqual(len(shown), NAMES)
        for number in range(NAMES):
            self.assertEqual(shown[name_of(number)], lines_of(number))

    def test_records(self):
        lines = self.fetch(["-s", "--json"],
            lambda line: line.startswith('{"type":"result",'))
        records = [json.loads(line) for line in lines]
        summary = records.pop()
        self.assertEqual(summary["type"], "summary")
        self.assertEqual([summary[key] for key in
            ("targets", "ok", "failed", "not_begun")], [NAMES, NAMES, 0, 0])
        self.assertEqual(sorted(r["index"] for r in records),
            list(range(NAMES)))
        for record in records:
            number = record["index"]
            fields = dict(record["headers"])
            self.assertEqual(
                (record["input"], record["status"], record["error"],
                    fields["X-Host"], fields["X-Token"]),
                (name_of(number), 200, None, name_of(number), f"t{number}"))
            self.assertIsNotNone(record["timings_ms"]["dns"])


class Local(RealServers):
    """What never leaves this machine: the hosts file, link-local scopes."""

    def records(self, *args):
        child = self.space.popen(
            [AFETCH, "--json", "-s", "-m", "2", *args],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        lines = child.communicate()[0].splitlines()
        found = [json.loads(line) for line in lines]
        return {r["input"]: r for r in found if r["type"] == "result"}

    def test_row_57_hosts_file(self):
        """Its names need no name server: there is none at 127.0.0.9, and
        the system's one does not know them."""
        hosts = self.space.etc / "hosts"
        hosts.write_text("127.0.0.1 localhost\n127.0.0.1 listed.test other\n")
        for servers in ([], ["--dns-servers", "127.0.0.9"]):
            records = self.records("listed.test", "OTHER", *servers)
            for record in records.values():
                self.assertEqual((record["status"], record["remote_ip"]),
                    (200, "127.0.0.1"))

    def test_search_list(self):
        """A name with a dot is asked as it is first, any other one last; it
        is the user's name that the server is told."""
        resolv_conf = self.space.etc / "resolv.conf"
        self.addCleanup(resolv_conf.write_text, resolv_conf.read_text())
        resolv_conf.write_text(
            "nameserver 127.0.0.1\nsearch nowhere.test site.test\n")
        found = self.records("n1", "a.n2", "n3.site.test")
        for name, token in ("n1", "none"), ("a.n2", "none"), (
                "n3.site.test", "t3"):
            self.assertEqual(found[name]["status"], 200, found[name])
            headers = dict(found[name]["headers"])
            self.assertEqual((headers["X-Host"], headers["X-Token"]),
                (name, token))
        resolv_conf.write_text(
            "nameserver 127.0.0.1\nsearch nowhere.test else.test\n")
        found = self.records("n1", "a.n2")
        for record in found.values():
            self.assertEqual(record["error"]["code"], "NXDOMAIN")

    def test_row_65_scope(self):
        self.space.ip("address", "add", "fe80::1/64", "dev", "lo", "nodad")
        targets = ["fe80::1%lo", "[fe80::1%25lo]", "http://[fe80::1%25lo]/x"]
        records = self.records(*targets)
        for target in targets:
            record = records[target]
            self.assertEqual((record["status"], record["remote_ip"],
                record["url"].partition("/x")[0].rstrip("/")),
                (200, "fe80::1", "http://[fe80::1]"), record["error"])
            self.assertEqual(
                dict(record["headers"])["X-Host"], "[fe80::1]")

    def set_ports(self, first, last):
        self.assertEqual(self.space.popen(["sh", "-c", f"echo {first} {last} "
            ">/proc/sys/net/ipv4/ip_local_port_range"]).wait(), 0)

    def test_row_53_no_local_port(self):
        """Five at once have a port to one server; the others say that they
        have none, and the run goes on."""
        self.set_ports(32768, 32772)
        self.addCleanup(self.set_ports, 32768, 60999)
        for n, option in enumerate(([], ["--interface", "127.0.0.1"])):
            targets = [f"http://127.0.0.{n + 2}/{k}" for k in range(200)]
            other = f"127.0.0.{n + 5}"  # its ports are others
            records = self.records(*targets, other, *option)
            self.assertEqual(len(records), 201)
            errors = [records[target]["error"] for target in targets]
            self.assertEqual({error and error["code"] for error in errors},
                {None, "NO_LOCAL_PORT"})
            self.assertGreaterEqual(errors.count(None), 5)
            error = next(filter(None, errors))
            self.assertEqual((error["phase"], error["message"]),
                ("connect", "no local port left (EADDRNOTAVAIL)"))
            self.assertEqual(records[other]["status"], 200)


if __name__ == "__main__":
    unittest.main()
