"""Every allocation and system call of the whole program fails in turn."""

import pathlib
import tempfile
import unittest

from faults import Mode, Points
from harness import SLOWER, Case

TARGETS = ["a.test", "lines-30.b.test", "close.c.test", "dns-nxdomain.d.test",
    "a-dead.e.test", "a-dead.aaaa.f.test", "tc.g.test", "cname-2.h.test",
    "127.0.0.1", "a..b", "B\u00fccher.test", "banner-ssh.i.test"]
FEW = ["a.test", "lines-30.b.test", "close.c.test", "dns-nxdomain.d.test"]
LIMITS = ["-m", "2", "--connect-timeout", "1"]


@unittest.skipIf(SLOWER != 1, "the shim and an instrument do not mix")
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

    def test_list_from_stdin(self):
        Points(Mode([self.way(), "--json", "-i", "-"], TARGETS,
            stdin=True)).check(self)

    def test_serial(self):
        self.check("--serial", "--json")

    def test_versus_serial(self):
        self.check("--versus-serial")

    def test_retry(self):
        self.check("--retry", "1", "--json", share=60, inputs=["a.test",
            "first-1.status-503.NUMBER.test", "first-1.reset.NUMBER.test"])

    def test_proxy(self):
        """The lab as a proxy: it answers for any host, and no CONNECT."""
        self.check("--json", "-x", f"http://me:pass@127.0.0.1:{self.lab.http}",
            inputs=["a.test", "close.b.test", "https://c.test"])

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


if __name__ == "__main__":
    unittest.main()
