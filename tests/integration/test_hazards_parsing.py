"""Heads as RFC 9112 has them, nearly has them, and has not."""

import socket
import unittest

from harness import Case, Server, in_quotes

fast = True

fast = True

OK = b"HTTP/1.1 200 OK"


def head_of(*lines, end=b"\r\n"):
    return b"".join(line + end for line in [*lines, b""])


def quoted(data):
    """How a message quotes the first line of an answer."""
    return f'not HTTP: "{in_quotes(data[:60])}"'


class Parsing(Case):
    def run_script(self, script, *args):
        with Server(script) as server:
            return self.both(script, server.route(*script), "-m", 2, args)

    def run_table(self, rows):
        """Rows (answer, lines shown, headers or None, …) become hosts;
        yields each with the runs."""
        script = {f"row{n}.test": row[0] for n, row in enumerate(rows)}
        runs = self.run_script(script)
        for host, row in zip(script, rows):
            with self.subTest(row[0][:60]):
                self.check(runs, host, row[1], headers=row[2])

    def test_row_24_banners(self):
        first = [
            b"SSH-2.0-x",
            b"220 smtp",
            b"<html><title>0.9</title></html>",
            b"* OK [CAPABILITY IMAP4rev1] ready",
            b"ICY 200 OK",
            b"http/1.1 200 OK",
            b"HTTP 200 OK",
            b"HTTP/1.1",
            b"RTSP/1.0 200 OK",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
            b"\x1b]0;owned\x07\x9b2J",
            b"'\"\\",
            59 * b"x",
            60 * b"x",
            61 * b"x" + b"HIDDEN",
            30 * b"\x00" + 40 * b"y",
        ]
        script = {}
        for n, line in enumerate(first):
            script[f"crlf{n}.test"] = line + b"\r\nSecond: line\r\n\r\n"
            script[f"lf{n}.test"] = line + b"\n"
            script[f"eof{n}.test"] = line
            script[f"early{n}.test"] = unasked(line + b"\r\n")
        del script["eof7.test"]  # HTTP/1.1 and no more is cut off
        hosts = list(script)
        script["crcrlf.test"] = b"HTTP/x\r\r\n"
        runs = self.run_script(script)
        for host in hosts:
            line = first[int(host.strip("crlfearyot.s"))]
            self.check(runs, host, [], "NOT_HTTP")
            self.assertEqual(runs[1].errors()[host]["message"], quoted(line))
        self.check(runs, "crcrlf.test", [], "NOT_HTTP", quoted(b"HTTP/x\r"))
        for run in runs:
            self.assertNotIn(b"Second", run.out + run.err)
            self.assertNotIn(b"HIDDEN", run.out + run.err)
            self.assertRegex(run.err, rb"\A[\n -~]*\Z")
        self.assertNotIn(b"SSH", runs[0].out)

    def test_row_24_banner_of_who_waits(self):
        """A banner without a line end, the connection open: told soon."""
        def act(peer):
            peer.send(b"login: ")
            peer.hold()

        with Server(act) as server:
            runs = self.both(["host.test"], server.route("host.test"),
                "-m", 9)
        self.check(runs, "host.test", [], "NOT_HTTP", 'not HTTP: "login: "')
        total = runs[1].record("host.test")["timings_ms"]["total"]
        self.assertLess(total, 5000)

    def test_row_25_tls_server_on_a_plain_port(self):
        alert = b"\x15\x03\x01\x00\x02\x02\x46"
        with Server({"alert.test": alert}) as server:
            runs = self.both(["alert.test", "tls.test"],
                server.route("alert.test"), "-m", 2, "--connect-to",
                f"tls.test::127.0.0.1:{self.lab.https}")
        self.check(runs, "alert.test", [], "NOT_HTTP", quoted(alert))
        self.assertEqual(runs[0].of("tls.test"), [])
        self.assertIn(runs[1].errors()["tls.test"]["code"],
            ("NOT_HTTP", "EMPTY_REPLY", "RESET"))
        for run in runs:
            self.assertRegex(run.out + run.err, rb"\A[\n -~]*\Z")

    def test_row_26_interim_then_final(self):
        lines = [OK, b"A: b"]
        final = head_of(*lines)
        early = head_of(b"HTTP/1.1 103 Early Hints", b"Link: </a>; rel=x")
        script = {
            "early.test": early + final,
            "five.test": 5 * head_of(b"HTTP/1.1 100 Continue") + final,
            "mixed.test": head_of(b"HTTP/1.1 100") + early
                + head_of(b"HTTP/1.1 199 \x1b[2J") + final,
        }
        runs = self.run_script(script)
        for host in script:
            self.check(runs, host, lines)
            self.assertEqual(runs[1].record(host)["header_bytes"],
                len(final))
        for run in runs:
            self.assertNotIn(b"10", b"".join(run.of(host)[0]
                for host in script if run is runs[0]))
            self.assertNotIn(b"Early", run.err)
        self.assertNotIn(b"Early", runs[0].out)
        self.assertEqual(runs[1].record("mixed.test")["interim"], [
            {"status": 100, "reason": "", "headers": []},
            {"status": 103, "reason": "Early Hints",
                "headers": [["Link", "</a>; rel=x"]]},
            {"status": 199, "reason": "\x1b[2J", "headers": []}])

    def test_row_26_verbose_shows_interim(self):
        early = head_of(b"HTTP/1.1 103 Early", b"Link: \x1b</a>")
        runs = self.run_script(
            {"early.test": early + head_of(OK, b"A: b")}, "-v")
        self.check(runs, "early.test", [OK, b"A: b"])
        shown = [line for line in runs[0].err.split(b"\n")
            if line.startswith(b"early.test interim > ")]
        self.assertEqual(shown, [b"early.test interim > HTTP/1.1 103 Early",
            rb"early.test interim > Link: \x1b</a>"])

    def test_row_26_interim_and_no_final(self):
        interim = head_of(b"HTTP/1.1 103 Early", b"Link: </a>")
        script = {
            "end.test": interim,
            "cut.test": interim + b"HTTP/1.1 20",
            "head.test": interim + OK + b"\r\nA: b\r\n",
            "junk.test": interim + b"junk\r\n",
        }
        runs = self.run_script(script)
        self.check(runs, "end.test", [], "TRUNCATED")
        self.check(runs, "cut.test", [], "TRUNCATED")
        self.check(runs, "head.test", [OK, b"A: b"], "TRUNCATED")
        self.check(runs, "junk.test", [], "NOT_HTTP", quoted(b"junk"))
        for host, size in (("end.test", 0), ("cut.test", 0),
                ("head.test", len(OK + b"\r\nA: b\r\n"))):
            self.assertEqual(runs[1].record(host)["header_bytes"], size, host)

    def test_row_27_switching_protocols(self):
        lines = [b"HTTP/1.1 101 Switching Protocols", b"Upgrade: x"]

        def act(peer):
            peer.request()
            peer.send(head_of(*lines))
            peer.hold()

        runs = self.run_script({"hold.test": act,
            "bytes.test": head_of(*lines) + b"\x00\x01HTTP/1.1 200 OK\r\n"})
        self.check(runs, "hold.test", lines)
        self.check(runs, "bytes.test", lines)

    def test_row_28_status_lines(self):
        good = [b"HTTP/1.1 999 Odd", b"HTTP/1.0 200 OK", b"HTTP/1.1 200",
            b"HTTP/1.1 204 ", b"HTTP/1.1 600 x  y", b"HTTP/9.9 200 OK",
            b"HTTP/1.1 404 \xe2\x82\xac", b"HTTP/1.1 200 200 OK"]
        bad = [b"HTTP/1.1 000 Zero", b"HTTP/1.1 099 X", b"HTTP/1.1 99 X",
            b"HTTP/1.1 1000 X", b"HTTP/1.1 -1 X", b"HTTP/1.1 +20 X",
            b"HTTP/1.1 20X X", b"HTTP/1.1 20", b"HTTP/1.1 ", b"HTTP/1.1",
            b"HTTP/1.1  200 OK", b"HTTP/1.1\t200 OK", b"HTTP/11 200 OK",
            b"HTTP/1.10 200 OK", b"HTTP/2 200", b"HTTP/1. 200 OK",
            b"HTTP/1.1 200OK", b"HTTP/1.1 200\tOK", b"HTTP/ 200 OK",
            b"HTTP/1.1 2\xb2\xb2 OK", b"HTTP/1.1 0x1 X", b"HTTP/1.1 200\x00"]
        script = {f"{kind}{n}.test": head_of(line, b"A: b")
            for kind, lines in (("good", good), ("bad", bad))
            for n, line in enumerate(lines)}
        with Server(script) as server:
            runs = self.both(script, server.route(*script), "-m", 2,
                good=["a.fine.test"])
        for n, line in enumerate(good):
            with self.subTest(line):
                record = runs[1].record(f"good{n}.test")
                self.assertIsNone(record["error"])
                self.assertEqual(record["status"], int(line[9:12]))
                self.assertEqual(record["reason"], line[13:].decode())
                self.assertEqual(record["http_version"],
                    line[5:8].decode())
                self.assertEqual(runs[0].of(f"good{n}.test"),
                    [line, b"A: b"])
        for n, line in enumerate(bad):
            with self.subTest(line):
                self.check(runs, f"bad{n}.test", [], "NOT_HTTP",
                    quoted(line))

    def test_row_29_two_responses_in_one_read(self):
        second = head_of(b"HTTP/1.1 500 Second", b"X: second")
        script = {
            "two.test": head_of(OK, b"A: b") + second,
            "lf.test": head_of(OK, b"A: b", end=b"\n") + second,
            "none.test": head_of(OK) + second,
        }
        runs = self.run_script(script)
        self.check(runs, "two.test", [OK, b"A: b"])
        self.check(runs, "lf.test", [OK, b"A: b"])
        self.check(runs, "none.test", [OK])
        for run in runs:
            self.assertNotIn(b"econd", run.out)
        self.assertEqual(runs[1].record("two.test")["header_bytes"],
            len(head_of(OK, b"A: b")))

    def test_row_30_line_ends(self):
        lines = [OK, b"A: b", b"C: d", b"E: f"]
        script = {
            "crlf.test": head_of(*lines),
            "lf.test": head_of(*lines, end=b"\n"),
            "mixed.test": OK + b"\nA: b\r\nC: d\nE: f\r\n\n",
            "mixed2.test": OK + b"\r\nA: b\nC: d\r\nE: f\n\r\n",
        }
        runs = self.run_script(script)
        for host in script:
            self.check(runs, host, lines)
        for run in runs:
            self.assertNotIn(b"\r", run.out)

    def test_row_31_folds(self):
        first, second, last = b"A: one", b"  two", b"Z: z"
        self.run_table([
            (head_of(OK, first, second, last), [OK, first, second, last],
                [["A", "one two"], ["Z", "z"]]),
            (head_of(OK, b"A: one", b"\ttwo\t", b" \t three", last),
                [OK, b"A: one", b"\ttwo\t", b" \t three", last],
                [["A", "one two three"], ["Z", "z"]]),
            # What looks like a field in a fold is none.
            (head_of(OK, first, b" B: x", last), [OK, first, b" B: x", last],
                [["A", "one B: x"], ["Z", "z"]]),
            # A fold that is blank does not end the head.
            (head_of(OK, first, b" ", last), [OK, first, b" ", last],
                [["A", "one"], ["Z", "z"]]),
            (head_of(OK, b"A:", b" two", last), [OK, b"A:", b" two", last],
                [["A", "two"], ["Z", "z"]]),
            (head_of(OK, b"A: one  ", b"  two  "),
                [OK, b"A: one  ", b"  two  "], [["A", "one two"]]),
            # Before the first field there is nothing to fold into.
            (head_of(OK, b" x: y", last), [OK, b" x: y", last],
                [[" x: y", None], ["Z", "z"]]),
            (head_of(OK, b"\tx", b" y", last), [OK, b"\tx", b" y", last],
                [["\tx", None], [" y", None], ["Z", "z"]]),
        ])

    def test_row_32_odd_field_lines(self):
        self.run_table([
            (head_of(OK, b"no colon", b"A: b"), [OK, b"no colon", b"A: b"],
                [["no colon", None], ["A", "b"]]),
            (head_of(OK, b": value"), [OK, b": value"], [["", "value"]]),
            (head_of(OK, b":"), [OK, b":"], [["", ""]]),
            (head_of(OK, b"Name : v"), [OK, b"Name : v"], [["Name ", "v"]]),
            (head_of(OK, b"Na me: v"), [OK, b"Na me: v"], [["Na me", "v"]]),
            (head_of(OK, b"A:b"), [OK, b"A:b"], [["A", "b"]]),
            (head_of(OK, b"A: b: c:"), [OK, b"A: b: c:"], [["A", "b: c:"]]),
            (head_of(OK, b"A: \t b\t "), [OK, b"A: \t b\t "],
                [["A", "b"]]),
            (head_of(OK, b"A:"), [OK, b"A:"], [["A", ""]]),
            (head_of(OK, b"A: \t "), [OK, b"A: \t "], [["A", ""]]),
            (head_of(OK, b"HTTP/1.1 500 X"), [OK, b"HTTP/1.1 500 X"],
                [["HTTP/1.1 500 X", None]]),
            (head_of(OK, b"N\xe9: \xe9\xa9"), [OK, b"N\xe9: \xe9\xa9"],
                [["N\xe9", "\xe9\xa9", "6ak="]]),
            (head_of(OK, b"\xc3\xa9: x"), [OK, b"\xc3\xa9: x"],
                [["\xc3\xa9", "x"]]),
            (head_of(OK, b"\xc3\xa9"), [OK, b"\xc3\xa9"],
                [["\xc3\xa9", None]]),
        ])


def unasked(data):
    """Speaks first, and reads the request after that."""
    def act(peer):
        peer.send(data)
        peer.request()
        peer.sock.shutdown(socket.SHUT_WR)
        peer.hold()
    return act


if __name__ == "__main__":
    unittest.main()
