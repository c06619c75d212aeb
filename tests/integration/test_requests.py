"""What is sent: methods, fields, credentials, versions."""

import base64
import unittest

from harness import Case, Server, afetch

fast = True

OK = b"HTTP/1.1 200 OK\r\n\r\n"


class Requests(Case):
    def sent(self, *args, target="a.test"):
        """The request's lines, as a server got them."""
        with Server(OK) as server:
            run = afetch(target, server.route(), args)
            self.assertEqual(run.code, 0, run.err)
            self.assertEqual(len(server.requests()), 1)
            head, end, rest = server.requests()[0].partition(b"\r\n\r\n")
            self.assertEqual((end, rest), (b"\r\n\r\n", b""))
            return run, head.split(b"\r\n")

    def test_plain(self):
        _, lines = self.sent()
        self.assertEqual(lines[:2], [b"GET / HTTP/1.0", b"Host: a.test"])
        self.assertRegex(lines[2], rb"^User-Agent: afetch/[0-9.]+$")
        self.assertEqual(lines[3:], [b"Accept: */*"])

    def test_wishes(self):
        _, lines = self.sent("-X", "OPTIONS", "-A", "", "--http1.1",
            "-H", "X-One: 1", "-H", "X-Two;", "-H", "Accept:",
            "-H", "Host: b.test", target="a.test:81/c?d")
        self.assertEqual(lines, [b"OPTIONS /c?d HTTP/1.1", b"Host: b.test",
            b"Connection: close", b"X-One: 1", b"X-Two:"])

    def test_head(self):
        _, lines = self.sent("-I")
        self.assertEqual(lines[0], b"HEAD / HTTP/1.0")

    def test_user(self):
        run, lines = self.sent("-u", "me:se:cret", "--json", "-v")
        value = b"Basic " + base64.b64encode(b"me:se:cret")
        self.assertIn(b"Authorization: " + value, lines)
        for hidden in b"cret", value[6:]:
            self.assertNotIn(hidden, run.out + run.err)

    def test_row_70_options(self):
        """No option can begin a line of its own."""
        with Server(OK) as server:
            for option in "-X", "-A", "-H", "-u":
                for evil in "A: b\r\nX-Evil: 1", "A: b\nX", "A:b\rX", "\n":
                    run = afetch("a.test", server.route(), option, evil)
                    self.assertEqual((run.code, run.out), (2, b""), run.err)
                    self.assertEqual(run.err.count(b"\n"), 2)
                    self.assertNotIn(b"\r", run.err)
            self.assertEqual(server.requests(), [])


class Hints(Case):
    def test_newer_version_wanted(self):
        hosts = ["status-426.a.test", "status-505.a.test", "fine.test"]
        text, json_run = self.both_runs(hosts)
        self.assertEqual(text.code, 0)
        for host in hosts[:2]:
            self.assertIn(f"{host}: hint: the server does not support "
                "HTTP/1.0, try --http1.1\n".encode(), text.err)
            self.assertIn("--http1.1", json_run.record(host)["hint"])
        self.assertEqual(text.err.count(b": hint: "), 2)
        self.assertIsNone(json_run.record("fine.test")["hint"])
        text, json_run = self.both_runs(hosts, "--http1.1")
        self.assertNotIn(b": hint: ", text.err)
        self.assertIsNone(json_run.record(hosts[0])["hint"])
        text, _ = self.both_runs(hosts, "--silent")
        self.assertEqual(text.err, b"")

    def both_runs(self, hosts, *args):
        return [afetch(hosts, self.lab.options(), args, extra)
            for extra in ((), ("--json",))]


if __name__ == "__main__":
    unittest.main()
