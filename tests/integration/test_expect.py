"""What is promised of --expect, --fail and --rules."""

import tempfile
import unittest
from pathlib import Path

from harness import Case, Server, afetch

fast = True


def head(*lines, status="200 OK"):
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode()


def told(run):
    """stderr's lines about checks."""
    return [line for line in run.err.decode().splitlines()
        if ": expected " in line or ": warning: " in line]


class Expect(Case):
    def run_lab(self, *args, **kwargs):
        return afetch(*args, "--summary", "none", self.lab.options(dns=True), **kwargs)

    def test_exit_codes(self):
        dead = "dns-nxdomain.x.test"
        for code, args in (
                (0, ["site.test", "--expect", "status == 200"]),
                (4, ["site.test", "--expect", "status == 201"]),
                (4, ["site.test", "--expect", "status == 201",
                    "--expect", "server"]),
                (1, [dead, "--expect", "not server"]),
                (1, ["site.test", dead, "--expect", "status == 201"]),
                (0, [dead, "--expect", "error == NXDOMAIN"]),
                (1, [dead, "--expect", "error == TIMEOUT"]),
                (4, ["site.test", "--expect", "error == NXDOMAIN"]),
                (1, [dead, "--expect", "error == NXDOMAIN",
                    "--expect", "absent(server)"]),
                (0, ["site.test", "--expect", "x when status == 404"]),
                (1, [dead, "--expect", "x when status == 404"]),
                (0, ["site.test", "-f"]),
                (4, ["status-404.site.test", "--fail"]),
                (1, ["a..b", "-f"])):
            run = self.run_lab(args)
            self.assertEqual(run.code, code, (args, run.err))

    def test_lines(self):
        answer = head("Strict-Transport-Security: max-age=300",
            "X-Odd: \x1b[2Ja\x7f")
        with Server({"site.test": answer}) as server:
            run = afetch("site.test", "-q", "--summary", "none", server.route(),
                "--expect", "hsts.max-age >= 15768000",
                "--expect", "x-odd == 'a b'",
                "--expect", "not (status == 200 or x-odd)",
                "--expect", "header('x-none')")
        self.assertEqual(run.code, 4)
        lines = told(run)
        self.assertEqual(lines[1:], [
            "site.test: expected x-odd == 'a b': is \\x1b[2Ja\\x7f",
            "site.test: expected not (status == 200 or x-odd): status is 200",
            "site.test: expected header('x-none'): is none"])
        self.assertTrue(lines[0].startswith(
            "site.test: expected hsts.max-age >= 15768000: is "), lines[0])

    def test_silent(self):
        run = self.run_lab("site.test", "-q", "-s", "--expect", "x-none")
        self.assertEqual((run.code, run.err), (4, b""))

    def test_records(self):
        run = self.run_lab("--json", "site.test", "dns-nxdomain.x.test",
            "--expect", "status == 201", "--expect", "server",
            "--expect", "x when status == 404")
        first, second, third = run.record("site.test")["checks"]
        self.assertEqual(first, {"id": None, "expr": "status == 201",
            "outcome": "failed", "actual": "200", "why": "is 200"})
        self.assertEqual(second, {"id": None, "expr": "server",
            "outcome": "ok", "actual": "afetch-lab", "why": None})
        self.assertEqual(
            (third["outcome"], third["actual"]), ("skipped", None))
        self.assertEqual([check["outcome"] for check in
            run.record("dns-nxdomain.x.test")["checks"]], ["no answer"] * 3)
        self.assertEqual(run.summary["checks"], {"ok": 1, "failed": 1,
            "no_answer": 3, "skipped": 1, "warned": 0})
        self.assertIn(b"1 failed", afetch("site.test", "-q", "--expect", "x",
            self.lab.options(dns=True)).err)
        plain = self.run_lab("--json", "site.test")
        self.assertIsNone(plain.record("site.test")["checks"])
        self.assertIsNone(plain.summary["checks"])

    def test_the_summary(self):
        run = afetch("-q", "site.test", "dns-nxdomain.x.test", "--expect",
            "status", "--expect", "x-none", self.lab.options(dns=True))
        self.assertIn(b"\nchecks: 1 ok, 1 failed, no answer: 2\n", run.err)

    def test_an_expected_failure_is_none(self):
        run = afetch("--json", "dns-nxdomain.x.test", "--expect",
            "error == NXDOMAIN", self.lab.options(dns=True))
        self.assertEqual(run.code, 0)
        self.assertNotIn(b"no such name", run.err)
        self.assertEqual(run.records[0]["error"]["code"], "NXDOMAIN")
        self.assertEqual(
            [run.summary[key] for key in ("ok", "failed", "errors")],
            [1, 0, {}])

    def test_no_answer_of_an_expected_failure(self):
        """Exit code 1 has its line, though the target has not failed."""
        run = self.run_lab("dns-nxdomain.x.test", "--expect",
            "error == NXDOMAIN", "--expect", "not server")
        self.assertEqual(run.code, 1)
        self.assertEqual(told(run), [
            "dns-nxdomain.x.test: expected not server: no such name"])

    def test_a_guard_that_is_never_met(self):
        run = self.run_lab("site.test", "b.test", "-q",
            "--expect", "x when status == 404", "--expect", "status")
        self.assertEqual(run.err,
            b"afetch: no target was judged by: x when status == 404\n")
        self.assertEqual(run.code, 0)

    def test_hops(self):
        moved = head("Location: https://site.test/", status="301 Moved")
        other = head("Location: http://b.test/x", status="302 Found")
        with Server({"site.test": other, "b.test": head("X: 1")}) as server:
            args = ["-q", "-L", "site.test", server.route()]
            good = afetch(args, "--expect", "first: location.host == b.test",
                "--expect", "first: location.path == /x",
                "--expect", "any: x == 1", "--expect", "hops == 2",
                "--expect", "last: url =~ '/x$'")
            self.assertEqual(good.code, 0, good.err)
            bad = afetch(args, "--expect", "every: status == 200")
        self.assertEqual(told(bad), ["site.test: expected every: status == 200: "
            "is 302 (hop 1)"])
        with Server({"site.test": moved}) as server:
            run = afetch("-q", "site.test", server.route(),
                "--expect", "location.scheme == https",
                "--expect", "location.host == host")
            self.assertEqual(run.code, 0, run.err)

    def test_interim(self):
        answer = head("Link: </x>", status="103 Early Hints") + head("A: b")
        with Server(answer) as server:
            args = ["-q", "site.test", "--http1.1", server.route()]
            run = afetch(args, "--expect", "interim: status == 103",
                "--expect", "interim: link", "--expect", "not link")
            self.assertEqual(run.code, 0, run.err)
            run = afetch(args, "--expect", "interim: a")
            self.assertEqual(run.code, 4)

    def test_all_addresses(self):
        hosts = {"site.test": head("X: 1")}
        with Server(hosts, address="") as server:
            port = server.port
            args = ["-q", "--all-addresses", "--resolve",
                f"site.test:{port}:127.0.0.1,127.0.0.9", f"site.test:{port}"]
            good = afetch(args, "--json", "--expect", "x == 1")
            bad = afetch(args, "--expect", "x == 2")
        self.assertEqual(good.code, 0, good.err)
        record = good.records[0]
        self.assertEqual([record["checks"][0]["outcome"],
            *(one["checks"][0]["outcome"] for one in record["addresses"])],
            ["ok"] * 3)
        self.assertEqual(bad.code, 4)
        self.assertEqual(told(bad), [
            f"site.test:{port}[{ip}]: expected x == 2: is 1"
            for ip in ("127.0.0.1", "127.0.0.9")])

    def test_wrong_expressions(self):
        for text, at, message in (
                ("status = 200", 7, 'expected "==" or "=~"'),
                ("status == ", 10, "expected a value"),
                ("hsts.max-agee > 3", 0,
                    'unknown name "hsts.max-agee"; did you mean '
                    '"hsts.max-age"?'),
                ("count(via) and cont(x)", 15,
                    'unknown function "cont"; did you mean "count"?'),
                ("'\x1b'", 0, "expected a selector")):
            run = self.run_lab("site.test", "--expect", text)
            self.assertEqual(run.code, 2)
            shown = text.replace("\x1b", "\\x1b")
            self.assertEqual(run.err.decode().splitlines(), [
                f"afetch: option --expect: {message}", f"  {shown}",
                "  " + " " * at + "^"])

    def test_summed_up(self):
        """A run's counts and exit code, from its records."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "run.jsonl")
            rules = Path(folder, "rules")
            rules.write_text("warn\nx-none\nstatus == 200\n"
                "server when status == 404\n")
            for code, hosts in ((0, ["site.test"]),
                    (4, ["site.test", "status-404.site.test"]),
                    (1, ["site.test", "dns-nxdomain.x.test"])):
                run = afetch("--json", "-s", "--rules", rules, hosts,
                    self.lab.options(dns=True))
                file.write_bytes(run.out)
                again = afetch("--summarize", "--json", file)
                self.assertEqual((run.code, again.code), (code, code))
                self.assertEqual(
                    again.summary["checks"], run.summary["checks"])
            dead = afetch("--json", "-s", "--expect", "error == NXDOMAIN",
                "dns-nxdomain.x.test", self.lab.options(dns=True))
            file.write_bytes(dead.out)
            self.assertEqual(afetch("--summarize", file).code, 0)

    def test_not_with_summarize(self):
        run = afetch("--summarize", "x.jsonl", "--expect", "status")
        self.assertEqual(run.code, 2)
        self.assertIn(b"cannot be used with --summarize", run.err)


class Rules(Case):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = Path(folder.name, "rules")

    def run_rules(self, text, *args):
        self.file.write_text(text)
        return afetch("-q", "--summary", "none", "--rules", self.file,
            self.lab.options(dns=True), args)

    def test_a_file(self):
        run = self.run_rules("# what should hold\n"
            "S-1: status == 200 -- it is up\n"
            "on *.b.test\nS-2: server == nobody\non *\n"
            "warn\nx-none\n", "status-404.site.test", "www.b.test")
        self.assertEqual(run.code, 4)
        self.assertEqual(sorted(told(run)), [
            "status-404.site.test: expected status == 200: is 404 "
            "(S-1: it is up)",
            "status-404.site.test: warning: expected x-none: is none",
            "www.b.test: expected server == nobody: is afetch-lab (S-2)",
            "www.b.test: warning: expected x-none: is none"])

    def test_warnings_alone(self):
        run = self.run_rules("warn\nx-none\n", "site.test")
        self.assertEqual(run.code, 0)
        self.assertEqual(told(run),
            ["site.test: warning: expected x-none: is none"])

    def test_as_an_expectation(self):
        self.file.write_text("A: x-none\n")
        run = afetch("--json", "--expect", f"@{self.file}", "site.test",
            self.lab.options(dns=True))
        self.assertEqual(run.code, 4)
        self.assertEqual(run.records[0]["checks"][0]["id"], "A")

    def test_waivers(self):
        run = self.run_rules("A: x-none\n"
            'except site.test A until 2199-01-01 "ticket 7"\n', "site.test")
        self.assertEqual((run.code, told(run)), (0, []))
        run = self.run_rules("A: x-none\n"
            'except site.test A until 2020-01-01 "ticket 7"\n', "site.test")
        self.assertEqual(run.code, 4)
        self.assertEqual(told(run), [
            "site.test: expected x-none: is none (A)",
            'site.test: expected except site.test A until 2020-01-01 "ticket 7": '
            "this waiver has expired (A)"])

    def test_columns_of_the_list(self):
        self.file.write_text("A: status == $1 -- as listed\n")
        hosts = "site.test 200\nb.test 127.0.0.1 404 x\nc.test\nd.test nothing\n"
        run = afetch("--json", "-i", "-", "--rules", self.file,
            "--resolve", f"b.test:80:127.0.0.1", self.lab.options(dns=True),
            "--connect-to", f"b.test:80:127.0.0.1:{self.lab.http}",
            stdin=hosts.encode())
        self.assertEqual([(run.record(host)["checks"][0]["outcome"],
            run.record(host)["checks"][0]["why"])
            for host in ("site.test", "b.test", "c.test", "d.test")], [
            ("ok", None), ("failed", "is 200 ($1 is 404)"),
            ("failed", "is 200: the line of the list has no such column"),
            ("failed", "is 200 ($1 is nothing)")])

    def test_wrong_files(self):
        for text, place, message, line, at in (
                ("status\n\nA: status = 2 -- x", ":3",
                    'expected "==" or "=~"', "A: status = 2 -- x", 10),
                ("use leek", ":1",
                    'there is no such set; did you mean "leaks"?',
                    "use leek", 4),
                ("status == ${NOT_SET_AT_ALL}", ":1", "the environment "
                    "variable NOT_SET_AT_ALL is not set",
                    "status == ${NOT_SET_AT_ALL}", 10)):
            run = self.run_rules(text, "site.test")
            self.assertEqual(run.code, 2)
            self.assertEqual(run.err.decode().splitlines(), [
                f"afetch: {self.file}{place}: {message}", f"  {line}",
                "  " + " " * at + "^"])
            self.assertEqual(run.out, b"")
        run = self.run_rules("# nothing\n\n", "site.test")
        self.assertEqual((run.code, run.err), (2,
            f"afetch: {self.file}: there is no rule in it\n".encode()))
        run = afetch("--rules", self.file / "none", "site.test")
        self.assertEqual(run.code, 2)

    def test_not_overwritten(self):
        self.file.write_text("status\n")
        run = afetch("--rules", self.file, "-o", self.file, "site.test",
            self.lab.options(dns=True))
        self.assertEqual(run.code, 2)
        self.assertEqual(self.file.read_text(), "status\n")

    def test_the_sets(self):
        for name in ("leaks", "owasp", "mdn", "preload", "cookies"):
            run = self.run_rules(f"use {name}\n", "site.test")
            self.assertIn(run.code, (0, 4), run.err)
        run = self.run_rules("use leaks\n", "site.test")
        self.assertEqual(run.code, 0, run.err)


if __name__ == "__main__":
    unittest.main()
