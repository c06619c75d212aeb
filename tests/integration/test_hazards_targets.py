"""Lines that are no good target: rows 70 and 71 of the hazards."""

import unittest

from harness import Case, afetch, target_list

import dns
import requests

fast = True


class Targets(Case):
    def setUp(self):
        self.lab.page("clear")

    def run_list(self, lines, *options):
        return afetch("--json", "-i", "-", self.lab.options(dns=True),
            options, stdin=target_list(lines))

    def check_refused(self, lines):
        """Each is an error with its line number; nothing is asked, nothing
        connected, and the good line among them is fetched."""
        middle = len(lines) // 2
        run = self.run_list([*lines[:middle], "good.test", *lines[middle:]])
        self.assertEqual(run.code, 1)
        self.assertEqual(set(dns.asked(self.lab)), {"good.test"})
        self.assertEqual(requests.sent(self.lab), [("/", "good.test")])
        self.assertEqual(self.lab.page("totals")["accepted"], 1)
        self.assertEqual(len(run.records), len(lines) + 1)
        for record in run.records:
            if record["index"] == middle:
                self.assertIsNone(record["error"])
                continue
            self.check_error(record, "BAD_TARGET", "input",
                f"-:{record['index'] + 1}: ")
            self.assertEqual((record["url"], record["host"],
                record["remote_ip"], record["attempts"]),
                (None, None, None, 0))
            self.assertEqual(
                set(record["timings_ms"].values()), {None}, record)
        return sorted(run.records, key=lambda r: r["index"])


class Injection(Targets):
    def test_row_70_control_bytes(self):
        self.check_refused(["good.test\rX-Evil: 1", "evil\x1b[2J.test",
            "good.test/a\rb", "good.test/\x1bc", "good.test/\x7f",
            "\x07.test", "good.test/a\x0bb", "good.test:80\r\r/",
            "good.test /x y", "good.test/x y", "good.test\tnonsense",
            b"good.test/\x00", b"go\x00od.test", "http://good.test/a b c"])

    def test_row_70_as_arguments(self):
        bad = ["good.test\r\nX-Evil: 1", "good.test/\nX-Evil: 1",
            "good.test/ HTTP/1.0\r\nX-Evil: 1\r\n\r\n", "", " ",
            "good.test/\x1b]0;x\x07"]
        run = afetch("--json", bad, "good.test", self.lab.options(dns=True))
        self.assertEqual(len(run.records), len(bad) + 1)
        for record in run.records[:-1]:
            self.check_error(record, "BAD_TARGET", "input", "argument ")
        self.assertEqual(requests.sent(self.lab), [("/", "good.test")])
        self.assertEqual(set(dns.asked(self.lab)), {"good.test"})

    def test_row_68_blank_in_an_argument(self):
        """Only a line of a list has a second column."""
        run = afetch("--json", "good.test 127.0.0.1", "good.test ::1",
            self.lab.options())
        self.assertEqual((run.code, len(run.records)), (1, 2))
        for record in run.records:
            self.check_error(record, "BAD_TARGET", "input", "blank in the")
        self.assertEqual(self.lab.page("totals")["requests"], 0)

    def test_row_70_nothing_raw_on_the_terminal(self):
        run = afetch("-i", "-", self.lab.options(), stdin=target_list(
            ["evil\x1b[2J.test", "x.test\rgood.test header > A: b"]))
        self.assertEqual(run.out, b"")
        for byte in (b"\x1b", b"\r"):
            self.assertNotIn(byte, run.err)
        self.assertIn(rb"evil\x1b[2J.test: input: ", run.err)
        self.assertIn(rb"x.test\x0dgood.test", run.err)

    def test_row_70_escapes_stay_escapes(self):
        paths = ["/%0d%0aX-Evil:%201", "/%00", "/a%20b", "/%zz", "/'\"<>`",
            "/?a=b&c=%0a", "/\\..\\x", "//evil.test/", "/../..", "/;a=1"]
        run = self.run_list(["good.test" + path for path in paths])
        self.assertEqual(run.code, 0)
        self.assertEqual(requests.sent(self.lab),
            sorted((path, "good.test") for path in paths))

    def test_row_70_one_request_each(self):
        run = self.run_list(["good.test/x#frag\rment", "good.test/x#y",
            "good.test?q", "http://good.test#z"])
        self.assertEqual(requests.sent(self.lab)[-3:],
            [("/", "good.test"), ("/?q", "good.test"), ("/x", "good.test")])
        self.assertEqual(self.lab.page("totals")["malformed"], 0)
        self.assertEqual(len(run.records), 4)


class Ports(Targets):
    def test_row_71_ports(self):
        self.check_refused([f"good.test:{port}" for port in
            ("0", "65536", "-1", "080", "", "80x", "8 0", "+80", "0x50",
                "99999999999999999999", "http", "80:80", "²")]
            + ["http://good.test:/", "[::1]:0", "[::1]:", "[::1]80",
                "127.0.0.1:65536"])

    def test_row_71_userinfo(self):
        records = self.check_refused(["me@good.test:80", "me:pw@good.test",
            "http://me:pw@good.test/", "me:pw@good.test:80/x@y",
            "http:/me:pw@good.test", "http:me:pw@good.test",
            "https://me:p@w@good.test"])
        shown = [record["input"] for record in records]
        self.assertEqual(shown[0], "***@good.test:80")
        self.assertEqual(shown[1], "***@good.test")
        self.assertEqual(shown[2], "http://***@good.test/")
        for text in shown:
            self.assertNotIn("pw", text)
            self.assertNotIn("me", text.replace("good.test", ""))

    def test_row_71_userinfo_is_nowhere(self):
        targets = ["me:secret@good.test", "http://me:secret@good.test/",
            "https://me:secret@good.test:8443/x",
            "http:/me:secret@good.test", "me:sec\nret@good.test",
            "://me:secret@good.test", "http:///me:secret@good.test"]
        for options in (["--json"], ["-v"], ["--summary", "hosts"]):
            run = afetch(targets, self.lab.options(), options)
            self.assertEqual(run.code, 1)
            for text in (run.out, run.err):
                self.assertNotRegex(text, rb"\bsec|ret@|\bme:")
        self.assertIn(b"***@good.test: input: ", run.err)
        self.assertEqual(self.lab.page("totals")["accepted"], 0)

    def test_row_71_highest_port(self):
        run = self.run_list(["good.test:65535", "good.test:1"])
        self.assertEqual(run.code, 0)
        self.assertEqual(requests.sent(self.lab),
            [("/", "good.test:1"), ("/", "good.test:65535")])


if __name__ == "__main__":
    unittest.main()
