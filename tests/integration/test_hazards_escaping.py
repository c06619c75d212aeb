"""Strangers' bytes on a terminal, in lines and in JSON."""

import base64
import os
import pty
import re
import shutil
import subprocess
import threading
import tty
import unittest

from harness import GOOD, Case, Server, afetch, decoded, escaped
from harness import target_list

fast = True

OK = b"HTTP/1.1 200 OK"

# No raw control but TAB and LF, and no C1 control, in UTF-8 or alone.
UNSAFE = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]")


def head_of(*lines):
    return b"".join(line + b"\r\n" for line in [*lines, b""])


def value_of(pair):
    """The bytes of a pair of a record's headers."""
    return base64.b64decode(pair[2], validate=True) if len(pair) == 3 else (
        pair[1].encode())


def run_on_terminal(*args, **how):
    """(what came to the terminal, the Run)"""
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    seen = []

    def read():
        try:
            while part := os.read(ours, 65536):
                seen.append(part)
        except OSError:  # EIO: nobody has it open any more
            pass

    reader = threading.Thread(target=read)
    reader.start()
    try:
        run = afetch(*args, stdout=theirs, **how)
    finally:
        os.close(theirs)
        reader.join()
        os.close(ours)
    return b"".join(seen), run


class Escaping(Case):
    def run_script(self, script, *args):
        with Server(script) as server:
            return self.both(script, server.route(*script), "-m", 2, args)

    def run_values(self, values):
        """A host for each value of a field A; checks text and JSON, and
        gives the runs."""
        script = {f"host{n}.test": head_of(OK, b"A: " + value, b"Z: z")
            for n, value in enumerate(values)}
        runs = self.run_script(script)
        for host, value in zip(script, values):
            self.assertEqual(runs[0].of(host),
                [OK, b"A: " + escaped(value), b"Z: z"])
            pairs = runs[1].record(host)["headers"]
            self.assertEqual([pair[0] for pair in pairs], ["A", "Z"])
            self.assertEqual(pairs[0][1], decoded(value))
            self.assertEqual(value_of(pairs[0]), value)
        self.assertIsNone(UNSAFE.search(runs[0].out))
        return runs

    def test_row_33_nul(self):
        runs = self.run_values([b"x\x00y", b"\x00", b"x\x00\x00", b"\x00x"])
        self.assertIn(rb"host0.test header > A: x\x00y", runs[0].lines)
        self.assertIn(rb'["A","x\u0000y"]', runs[1].out)

    def test_row_33_nul_elsewhere(self):
        runs = self.run_script({
            "reason.test": head_of(OK + b"\x00!", b"A: b"),
            "name.test": head_of(OK, b"A\x00: b"),
            "bare.test": head_of(OK, b"A\x00"),
        })
        self.check_lines(runs, "reason.test", [OK + rb"\x00!", b"A: b"])
        self.assertEqual(runs[1].record("reason.test")["reason"], "OK\x00!")
        self.check_lines(runs, "name.test", [OK, rb"A\x00: b"],
            [["A\x00", "b"]])
        self.check_lines(runs, "bare.test", [OK, rb"A\x00"],
            [["A\x00", None]])

    def check_lines(self, runs, host, lines, headers=None):
        self.assertEqual(runs[0].of(host), lines)
        if headers:
            self.assertEqual(runs[1].record(host)["headers"], headers)

    def test_row_34_bare_cr(self):
        runs = self.run_values([b"x\rB", b"x\rB: y", b"\rx", b"x\r", b"\r\r"])
        self.assertIn(rb"host0.test header > A: x\x0dB", runs[0].lines)
        for run in runs:
            self.assertNotIn(b"\r", run.out + run.err)

    CONTROL = [b"\x1b[31mred\x1b[0m", b"\x1b]0;title\x07", b"\x07", b"\x7f",
        b"\x08\x08\x08", b"\x9b31m", b"\xc2\x9b31m", b"\xc2\x85", b"\x84",
        b"\x0e\x0f", b"\x05", b"tab\there", b"\xc3\xa9", b"\xe9",
        b"\xe2\x82\xac", b"\xe2\x82", b"\xe0\x9b\x9b", b"\xc0\x9b",
        b"\xed\xa0\x80", b"\xf0\x9f\x98\x80", b"\xf4\x90\x80\x80",
        b"\xf0\x9f\x9b", b"\xa0", b"\xc2\xa0", b"\xc2", b"\xe2\x9b\xc2\x9b",
        b"\xff\xfe", rb"\x1b"]

    def test_row_35_terminal_controls(self):
        runs = self.run_values(self.CONTROL)
        for line in (rb"A: \x1b[31mred\x1b[0m", rb"A: \x9b31m",
                rb"A: \xc2\x9b31m", rb"A: \x7f", b"A: tab\there",
                b"A: \xc3\xa9", b"A: \xe9"):
            self.assertTrue(any(found.endswith(b"header > " + line)
                for found in runs[0].lines), line)

    def test_row_35_all_bytes(self):
        self.run_values([b"x%cy" % n for n in range(256) if n != 0x0a])

    def test_row_35_cells_on_a_terminal(self):
        """In a pipe they are the server's bytes, on a terminal they are not."""
        with Server(head_of(OK, b"Server: \x1b]0;x\x07,\x9b2J")) as server:
            for form in "--csv", "--tsv":
                args = ("a.test", form, "--show", "server", "-s", "--color",
                    "never", server.route())
                self.assertIn(b"\x1b]0;x\x07", afetch(*args).out)
                seen, _ = run_on_terminal(*args)
                self.assertIn(rb"\x1b]0;x\x07,\x9b2J", seen)
                self.assertIsNone(re.search(rb"[\x1b\x07\x9b]", seen))

    def test_row_35_on_a_terminal(self):
        """On a terminal as in a pipe; in messages as in lines."""
        script = {f"host{n}.test": head_of(OK, b"A: " + value, value + b": a")
            for n, value in enumerate(self.CONTROL)}
        script["banner.test"] = b"\x1b[2J\x9b\x07login:"
        with Server(script) as server:
            args = ("-i", "-", "--serial", "-m", 2, "--summary=none",
                server.route(), "--color=never", self.lab.options())
            stdin = target_list(script)
            pipe = afetch(*args, stdin=stdin)
            seen, run = run_on_terminal(*args, stdin=stdin)
        self.assertEqual(run.code, 1)
        # Its own colors stand around, not in, what was said.
        seen = re.sub(rb"\x1b\[[0-9;]*m", b"", seen)
        self.assertEqual(seen, pipe.out)
        self.assertGreater(len(pipe.lines), len(self.CONTROL))
        self.assertIsNone(UNSAFE.search(seen))
        self.assertEqual(run.err, pipe.err)
        self.assertEqual(run.err,
            b"banner.test: receive: not HTTP: "
            rb'"\x1b[2J\x9b\x07login:"' b"\n")

    def test_row_36_forged_prefix(self):
        forged = b"h2.test header > Forged: 1"
        breaks = [b"\r", b"\x0b", b"\x0c", b"\xe2\x80\xa8", b"\xe2\x80\xa9",
            b"\xc2\x85", b"\x85", b"\x1c", b"\x1d", b"\x1e", b"\x00"]
        script = {"h2.test": head_of(OK, b"Real: 2")}
        for n, cut in enumerate(breaks):
            script[f"h1.{n}.test"] = head_of(OK, b"A: x" + cut + forged)
        # A line end begins a new line: one of the same host.
        script["lf.test"] = head_of(OK, b"A: x\n" + forged)
        script["fold.test"] = head_of(OK, b"A: x\r\n " + forged)
        script["reason.test"] = head_of(OK + b"\r" + forged)
        script["banner.test"] = b"junk\r" + forged + b"\n" + forged + b"\n"
        runs = self.run_script(script)
        text = runs[0]
        self.assertEqual(text.of("h2.test"), [OK, b"Real: 2"])
        names = {host.encode() for host in [*script, *GOOD]}
        for line in text.lines:
            self.assertIn(line.partition(b" header > ")[0], names)
        for n, cut in enumerate(breaks):
            self.assertEqual(text.of(f"h1.{n}.test"),
                [OK, b"A: x" + escaped(cut) + forged])
        self.assertEqual(text.of("lf.test"), [OK, b"A: x", forged])
        self.assertEqual(text.of("fold.test"), [OK, b"A: x", b" " + forged])
        self.assertEqual(text.of("banner.test"), [])
        self.assertFalse([line for line in text.err.split(b"\n")
            if line.startswith(b"h2.test header")])
        # JSON is one line a record for readers with other ideas of lines.
        for line in runs[1].out.decode().splitlines():
            self.assertTrue(line.startswith('{"type":"'), line)
            self.assertTrue(line.endswith("}"), line)


class Json(Case):
    def run_script(self, script):
        with Server(script) as server:
            return self.both(script, server.route(*script), "-m", 2)

    def jq(self, run, program):
        """What jq makes of the records; None without jq."""
        if not shutil.which("jq"):
            return None
        return subprocess.run(["jq", "-ac", program], input=run.out,
            stdout=subprocess.PIPE, check=True).stdout.decode().splitlines()

    def test_row_37_invalid_utf8(self):
        everything = bytes(b for b in range(256) if b != 0x0a)
        values = {
            "all.test": everything,
            "utf8.test": "gr\u00fc\u00df \u20ac \U0001f600".encode(),
            "mixed.test": "\u00fc".encode() + b"\xfc",
            "overlong.test": b"\xc0\xaf",
            "surrogate.test": b"\xed\xa0\x80",
            "cut.test": b"\xe2\x82",
            "beyond.test": b"\xf4\x90\x80\x80",
            "fold.test": b"\xff\r\n \xfe",
            "between.test": b"\xc3\r\n \xa9",
        }
        runs = self.run_script({host: head_of(OK, b"A: " + value + b"!")
            for host, value in values.items()})
        for host, value in values.items():
            value = value.replace(b"\r\n ", b" ") + b"!"
            (pair,) = runs[1].record(host)["headers"]
            if host == "utf8.test":
                self.assertEqual(pair, ["A", value.decode()])
                continue
            self.assertEqual(pair, ["A", value.decode("latin1"),
                base64.b64encode(value).decode()], host)
        parsed = self.jq(runs[1], "select(.input) | .input")
        self.assertIn(parsed and len(parsed), (None, len(values) + len(GOOD)))

    def test_row_37_invalid_utf8_elsewhere(self):
        runs = self.run_script({
            "reason.test": head_of(OK + b"\xff\xe9"),
            "name.test": head_of(OK, b"N\xff\xc3\xa9: x"),
            "bare.test": head_of(OK, b"\xff\x80"),
            "banner.test": b"\xff\xfe\xa9",
        })
        self.assertEqual(runs[1].record("reason.test")["reason"],
            "OK\xff\xe9")
        self.assertEqual(runs[1].record("name.test")["headers"],
            [["N\xff\xc3\xa9", "x"]])
        self.assertEqual(runs[1].record("bare.test")["headers"],
            [["\xff\x80", None]])
        self.assertEqual(runs[1].errors()["banner.test"]["message"],
            r'not HTTP: "\xff\xfe\xa9"')

    SPECIAL = ['"', "\\", '\\"', "</script>", "\u2028", "\u2029", "\ufeff",
        "\\u0041", "\\", "\x7f", "\b\f\v\x1f", "\ud7ff\ue000\uffff",
        "\U0001f600", "'", "{}[],:", "<!--", "]]>", "&amp;", "%s%n"]

    def test_row_38_quotes_and_friends(self):
        """In value, name, reason and a line without a colon."""
        script, expected = {}, {}
        for n, special in enumerate(self.SPECIAL):
            raw = special.encode()
            name = raw.replace(b":", b"")
            script[f"host{n}.test"] = head_of(OK + b" " + raw,
                b"V: " + raw, b"x" + name + b": n", b"y" + name)
            expected[f"host{n}.test"] = ("OK " + special, [["V", special],
                ["x" + name.decode("latin1"), "n"],
                ["y" + name.decode("latin1"), None]])
        runs = self.run_script(script)
        for host, (reason, headers) in expected.items():
            record = runs[1].record(host)
            self.assertEqual(record["reason"], reason)
            self.assertEqual(record["headers"], headers)
        # Neither may end a line of JavaScript.
        self.assertNotIn("\u2028".encode(), runs[1].out)
        self.assertNotIn("\u2029".encode(), runs[1].out)
        parsed = self.jq(runs[1], "select(.headers) | .reason")
        if parsed:
            self.assertEqual(len(parsed), len(script) + len(GOOD))

    def test_row_38_in_the_target(self):
        targets = [f"x{special}y{place}" for special in self.SPECIAL
            for place in ("", ".test/", ".test:80")]
        targets += [f"x.test/{special}" for special in self.SPECIAL]
        targets = [target for target in targets
            if target == target.strip() and not re.search(r"\s", target)]
        with Server(head_of(OK)) as server:
            run = afetch("-i", "-", "--json", "-m", 2,
                server.route(), "--dns-servers", self.lab.dns,
                stdin=target_list(targets))
        self.assertEqual([r["input"] for r in
            sorted(run.records, key=lambda r: r["index"])], targets)
        for request in server.requests():
            self.assertEqual(request.count(b"\r\n\r\n"), 1)

    def test_row_39_duplicates(self):
        lines = [OK, b"Set-Cookie: a=1", b"A: x", b"Set-Cookie: b=2",
            b"set-cookie: c=3", b"Set-Cookie: a=1", b"SET-COOKIE:"]
        runs = self.run_script({"dup.test": head_of(*lines)})
        self.check(runs, "dup.test", lines, headers=[
            ["Set-Cookie", "a=1"], ["A", "x"], ["Set-Cookie", "b=2"],
            ["set-cookie", "c=3"], ["Set-Cookie", "a=1"],
            ["SET-COOKIE", ""]])

    def test_row_40_huge_value(self):
        values = {"plain.test": 60 * 1024 * b"x",
            "quotes.test": 60 * 1024 * b'"',
            "nul.test": 60 * 1024 * b"\x00",
            "raw.test": 60 * 1024 * b"\xff",
            "odd.test": (60 * 1024 + 1) * b"\xff"}
        runs = self.run_script({host: head_of(OK, b"A: " + value, b"Z: z")
            for host, value in values.items()})
        for host, value in values.items():
            headers = runs[1].record(host)["headers"]
            self.assertEqual(value_of(headers[0]), value)
            self.assertEqual(headers[0][1], decoded(value))
            self.assertEqual(headers[1:], [["Z", "z"]])
            self.assertEqual(runs[0].of(host),
                [OK, b"A: " + escaped_run(value), b"Z: z"])
        self.assertEqual(len(runs[1].lines), len(values) + len(GOOD) + 1)


def escaped_run(value):
    """The escaped form of one byte repeated."""
    return len(value) * escaped(value[:1])


if __name__ == "__main__":
    unittest.main()
