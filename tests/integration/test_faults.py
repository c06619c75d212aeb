"""Every allocation and system call of the whole program fails in turn."""

import pathlib
import tempfile
import unittest

from faults import ASKED, Mode, Points
from harness import SLOWER, Case, Server, afetch
from proxies import HttpProxy, SocksProxy
from test_dns_limits import REFUSED, SERVFAIL, Server as NameServer

TARGETS = ["a.test", "lines-30.b.test", "close.c.test", "dns-nxdomain.d.test",
    "a-dead.e.test", "a-dead.aaaa.f.test", "tc.g.test", "cname-2.h.test",
    "127.0.0.1", "a..b", "B\u00fccher.test", "banner-ssh.i.test"]
FEW = ["a.test", "lines-30.b.test", "close.c.test", "dns-nxdomain.d.test"]
LIMITS = ["-m", "2", "--connect-timeout", "1"]
# All of the program's own allocations take minutes: for who asks.
OWN = None if ASKED else 60


@unittest.skipIf(SLOWER != 1 and not ASKED,
    "the shim and a sanitizer or valgrind do not mix")
class Faults(Case):
    labels = ("faults",)
    timeout = 7200  # of all points; a share takes seconds
    lab_args = ("--aaaa",)

    @classmethod
    def setUpClass(cls):
        cls.files = tempfile.TemporaryDirectory(prefix="afetch-faults.")
        cls.addClassCleanup(cls.files.cleanup)
        cls.ca = str(pathlib.Path(cls.files.name) / "ca.pem")
        cls.lab_args = (*cls.lab_args, "--ca-file", cls.ca)
        super().setUpClass()

    def way(self):
        return [*LIMITS, "--dns-servers", self.lab.dns,
            "--connect-to", f":80::{self.lab.http}",
            "--connect-to", f":443::{self.lab.https}"]

    def check(self, *args, inputs=FEW, **how):
        Points(Mode([self.way(), args], inputs), **how).check(self)

    def test_text(self):
        self.check(inputs=TARGETS)

    def test_json(self):
        self.check("--json", inputs=TARGETS)

    def test_https(self):
        self.check("--json", "--cacert", self.ca,
            inputs=["https://a.test", "https://cert-expired.b.test"])

    def test_redirects(self):
        self.check("--json", "-L", "--cacert", self.ca,
            inputs=["redirect-2.a.test", "tohttps.b.test"])

    def test_expectations(self):
        """What could not be judged does not hold."""
        self.check("--json", "--expect", "x-none", "--expect",
            "server =~ 'lab' and count(server) == 1", "--expect",
            "not x-none when status < 400")

    def test_reports_of_checks(self):
        junit = pathlib.Path(self.files.name) / "run.xml"
        for form in ["--tap"], ["--annotate", "github"]:
            self.check(*form, "--expect", "server", "--junit", junit,
                share=40, told=False)

    def test_records_checked(self):
        records = pathlib.Path(self.files.name) / "run.jsonl"
        records.write_bytes(afetch("--json", "-L", "--all-addresses",
            self.way(), "redirect-2.a.test", "close.c.test", "a.test").out)
        Points(Mode(["--check", "--json", "--expect", "server"],
            [str(records)]), told=False).check(self)

    def test_resume(self):
        """And summed up; jansson does not tell that it has no memory."""
        records = pathlib.Path(self.files.name) / "resume.jsonl"
        whole = afetch("--json", self.way(), "a.test", "close.c.test").out
        records.write_bytes(whole.splitlines(keepends=True)[0])
        args = ["--json", "--resume", str(records), "--only-failed"]
        self.own(*args, told=False, inputs=FEW)
        for function in "open", "fstat", "stat", "close":
            self.check(*args, told=False, inputs=FEW, only=function, share=40)
        rest = afetch(args, self.way(), "a.test", "close.c.test").out
        records.write_bytes(records.read_bytes() + rest)
        Points(Mode(["--summarize"], [str(records)]), told=False, share=OWN,
            only="own").check(self)

    def test_plan(self):
        self.check("--plan", "--expect", "hsts", share=40, told=False)

    def test_certs(self):
        """What OpenSSL cannot print for want of memory is no chain."""
        self.check("-w", "%{num_certs}%{certs}", "--cacert", self.ca,
            told=False, inputs=["https://a.test", "https://cert-wrong.b.test"])

    def test_list_from_stdin(self):
        Points(Mode([self.way(), "--json", "-i", "-"], TARGETS,
            stdin=True)).check(self)

    def test_threads(self):
        """A thread that cannot go on ends the run, too."""
        for form in ["--json"], []:
            self.check("--threads", 3, form, inputs=TARGETS)
        for function in ("epoll_wait", "epoll_create1", "epoll_ctl", "eventfd",
                "pthread_create"):
            self.check("--threads", 3, "--json", inputs=TARGETS, only=function)

    def test_own_memory_threads(self):
        """A line or a target for which there is none ends the run or is told."""
        for form in ["--json"], []:
            self.own("--threads", 3, form,
                inputs=[f"n{n}.NUMBER.test" for n in range(9)])

    def test_threads_limited(self):
        self.check("--threads", 3, "--json", "--per-address", 1,
            inputs=["a.test", "b.test", "c.test", "ttfb-20.d.test"])

    def test_serial(self):
        self.check("--serial", "--json")

    def test_versus_serial(self):
        self.check("--versus-serial")

    def test_baseline(self):
        records = pathlib.Path(self.files.name) / "before.jsonl"
        records.write_bytes(afetch("--json", self.way(), *FEW[:3]).out)
        # jansson 2.14 itself ends so without memory.
        self.check("--baseline", records, "--json", only="own",
            inputs=FEW[:3])

    def test_odd_one_out(self):
        self.check("--odd-one-out", "--json")

    def test_learn(self):
        self.check("--odd-one-out", "--learn", "--json", only="own",
            inputs=FEW[:3])

    def test_rounds(self):
        self.check("--count", "2", "--interval", "0.01", "--changes", "--json",
            share=60, told=False)

    def test_until(self):
        """What could not be fetched, or held, for want of something is told
        at the end."""
        self.check("--until", "--fail", "--interval", "0.01", "--deadline", "2",
            "--json", share=60, inputs=["a.test",
            "first-1.status-503.NUMBER.test"])

    def test_retry(self):
        self.check("--retry", "1", "--json", share=60, inputs=["a.test",
            "first-1.status-503.NUMBER.test", "first-1.reset.NUMBER.test"])

    def test_proxy(self):
        """The lab as a proxy: it answers for any host, and no CONNECT."""
        self.check("--json", "-x", f"http://me:pass@127.0.0.1:{self.lab.http}",
            inputs=["a.test", "close.b.test", "https://c.test"])

    def test_names_of_the_system(self):
        """resolv.conf is read, though nothing is asked of its servers."""
        way = [*LIMITS, "--connect-to", f"::127.0.0.1:{self.lab.http}"]
        Points(Mode(way, FEW)).check(self)

    def test_row_88_refusals(self):
        """Questions that wait for places, and are asked again."""
        for rcode in REFUSED, SERVFAIL:
            with NameServer(places=2, rcode=rcode) as server:
                way = [*LIMITS, "--dns-servers", server.address,
                    "--connect-to", f":::{self.lab.http}"]
                Points(Mode([way, "--json"],
                    [f"n{n}.test" for n in range(9)])).check(self)
                self.assertGreater(server.refused, 0)

    def test_row_88_a_second_server(self):
        """One that refuses everything, and the next one that does not."""
        with NameServer(places=0) as server, NameServer(places=9) as second:
            way = [*LIMITS, "--dns-servers",
                f"{server.address},{second.address}",
                "--connect-to", f":::{self.lab.http}"]
            Points(Mode([way, "--json"], FEW)).check(self)
            self.assertGreater(server.refused, 0)

    def test_limits(self):
        self.check("--json", "--per-address", "1", "--rate", "1000",
            "-H", "X-A: b", "-u", "a:b", "--deadline", "20")

    def test_output_file(self):
        self.check("-q", "-o", "out", inputs=["close.c.test"])

    def test_row_49_memory(self):
        self.check("--json", share=None, only="malloc", most=500)

    def test_row_49_sockets(self):
        self.check("--json", share=None, only="socket", most=500,
            inputs=TARGETS)

    def test_few_system_calls(self):
        """What a run calls a few times is missed by a share."""
        for function in "mmap", "madvise", "socket":
            self.check("--json", "--interface", "127.0.0.1", share=None,
                only=function, inputs=FEW)

    def own(self, *args, **how):
        """Each allocation but OpenSSL's and jansson's."""
        self.check(*args, share=OWN, only="own", **how)

    def test_own_memory_many(self):
        """More than the first stacks are for."""
        self.own("--json", inputs=[f"n{n}.test" for n in range(18)])

    def test_own_memory_redirects(self):
        self.own("--json", "-L", "--cacert", self.ca,
            inputs=["redirect-2.a.test", "tohttps.b.test"])

    def test_own_memory_addresses(self):
        """The two of the name do not answer the same."""
        self.own("--json", "--all-addresses",
            inputs=["first-1.status-503.NUMBER.test"])

    def test_own_memory_versus_serial(self):
        Points(Mode([self.way(), "--versus-serial"], FEW,
            stdin=True), share=OWN, only="own").check(self)

    def test_own_memory_request(self):
        login = pathlib.Path(self.files.name) / "login"
        login.write_text("me:pass\n")
        self.own("--per-address", "1", "-H", "X-A: b", "-u", f"@{login}",
            "--interface", "127.0.0.1", inputs=[*FEW[:2], "localhost"])

    def test_own_memory_proxies(self):
        ports = {self.lab.https: self.lab.https}
        with HttpProxy(ports) as http, SocksProxy(ports) as socks:
            for proxy in http, socks:
                self.own("--json", "-k", "-x", proxy.url,
                    inputs=["https://a.test"])

    def test_own_memory_row_102_of_a_proxy_itself(self):
        """What is no proxy, is another one's kind, or speaks for itself."""
        page = b"X-Squid-Error: ERR_DNS_FAIL 0\r\n\r\n"
        for reply, targets in (
                (b"HTTP/1.1 503 X\r\n" + page,
                    ["https://a.test", "http://a.test"]),
                (b"HTTP/1.1 200 X\r\nContent-Length: 2\r\n\r\n<\n",
                    ["https://a.test"]),
                (b"\5\xff\n", ["https://a.test", "http://a.test"])):
            with Server(reply) as server:
                for target in targets:
                    self.own("--json", "-k", "-x",
                        f"http://127.0.0.1:{server.port}", inputs=[target])

    def test_summarize(self):
        """The records of a shard."""
        file = pathlib.Path(self.files.name) / "records"
        file.write_bytes(Points(Mode([self.way(), "--json", "--shard", "1/1"],
            ["a.test", "lines-30.b.test"])).run().out)
        mode = Mode(["--summarize", "--summary=hosts", "-o", "out", file], [])
        for function in "own", "mmap", "open", "poll":
            Points(mode, share=OWN, only=function).check(self)


if __name__ == "__main__":
    unittest.main()
