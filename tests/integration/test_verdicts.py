"""What is promised of --tap, --junit, --annotate and --nagios: real readers
read them, whatever is in names and values, and nothing that failed passes."""

import re
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
import xml.etree.ElementTree
from pathlib import Path

from harness import AFETCH, Afetch, Case, Server, afetch, flat

fast = True

OK = b"HTTP/1.1 200 OK\r\nX-A: 300\r\n\r\n"
ODD = b"HTTP/1.1 200 OK\r\nX-A: \x1b[2J\xff\xc2\x85 \"q\" \\ # TODO | ]]>&%\r\n\r\n"
# Names as they may stand in a list: none of them is a target.
HOSTILE = [b"..#TODO", b"..#SKIP", b"1..7", b"\\#..", b'q"u<o>&..', b"b|c..",
    b"\xff\xfe..", b"\x1b[2J..", b"%0A::error::x..", b"u\xe2\x80\xa8v..",
    b"\xef\xbf\xbf..", b"\xc2\x85..", b"]]>.."]

# The elements and attributes that Jenkins's xUnit plugin (junit-10.xsd) and
# others allow, as far as they are used.
SCHEMA = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
<xs:complexType name="told"><xs:simpleContent><xs:extension base="xs:string">
 <xs:attribute name="message"/><xs:attribute name="type"/>
</xs:extension></xs:simpleContent></xs:complexType>
<xs:element name="testsuites"><xs:complexType><xs:sequence>
 <xs:element name="testsuite" minOccurs="0" maxOccurs="unbounded">
 <xs:complexType><xs:sequence>
  <xs:element name="testcase" minOccurs="0" maxOccurs="unbounded">
  <xs:complexType><xs:choice minOccurs="0">
   <xs:element name="skipped" type="told"/>
   <xs:element name="error" type="told"/>
   <xs:element name="failure" type="told"/>
   <xs:element name="system-out" type="xs:string"/>
  </xs:choice>
  <xs:attribute name="name" use="required"/>
  <xs:attribute name="classname" use="required"/>
  <xs:attribute name="time" type="xs:decimal" use="required"/>
  <xs:attribute name="file"/><xs:attribute name="line" type="xs:int"/>
  </xs:complexType></xs:element>
 </xs:sequence>
 <xs:attribute name="name" use="required"/>
 <xs:attribute name="tests" type="xs:int" use="required"/>
 <xs:attribute name="failures" type="xs:int" use="required"/>
 <xs:attribute name="errors" type="xs:int" use="required"/>
 <xs:attribute name="skipped" type="xs:int" use="required"/>
 <xs:attribute name="time" type="xs:decimal" use="required"/>
 <xs:attribute name="timestamp" type="xs:dateTime"/>
 </xs:complexType></xs:element>
</xs:sequence><xs:attribute name="name"/></xs:complexType></xs:element>
</xs:schema>"""

RULES = (b"A: x-a >= 400 -- too small\n"
    b"warn\nW: x-b\n"
    b"S: x when status == 404\n"
    b"status == 200\n")


class Verdicts(Case):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.rules = self.write("rules", RULES)

    def write(self, name, text):
        path = self.folder / name
        path.write_bytes(text)
        return path

    def run_on(self, answers, *args, **how):
        with Server(answers) as server:
            return afetch("--summary", "none", server.route(), *args, **how)

    def prove(self, text):
        """(whether it passes, what prove says of it)"""
        path = self.write("run.tap", text)
        done = subprocess.run(
            ["prove", "--comments", "--verbose", "-e", "cat", path],
            capture_output=True, check=False)
        self.assertNotIn(b"Parse errors", done.stdout + done.stderr)
        return done.returncode == 0, done.stdout

    def junit(self, answers, *args, **how):
        path = self.folder / "run.xml"
        run = self.run_on(answers, "-q", "--junit", path, *args, **how)
        if shutil.which("xmllint"):
            schema = self.write("junit.xsd", SCHEMA.encode())
            done = subprocess.run(
                ["xmllint", "--noout", "--schema", schema, path],
                capture_output=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
        return run, xml.etree.ElementTree.parse(path).getroot()

    # TAP.

    def test_tap(self):
        hosts = self.write("hosts", b"site.test\ndead.test\n")
        run = self.run_on({"site.test": OK, "dead.test": b""}, "--tap",
            "--rules", self.rules, "-i", hosts, "-j", "1", "-s")
        self.assertEqual(run.code, 1)
        lines = run.out.decode().splitlines()
        self.assertEqual(lines[0], "TAP version 13")
        self.assertEqual(lines[-1], "1..8")
        self.assertEqual(lines[1:9], [
            "not ok 1 - site.test: x-a >= 400 (A: too small)",
            "  ---",
            '  outcome: "failed"',
            '  expected: "x-a >= 400"',
            '  actual: "300"',
            '  why: "is 300"',
            f'  file: "{hosts}"',
            "  line: 1"])
        self.assertIn("not ok 2 - site.test: x-b (W) # TODO a warning only",
            lines)
        self.assertTrue(any(line.startswith(
            "ok 3 - site.test: x when status == 404 (S) # SKIP ")
            for line in lines), lines)
        self.assertIn("ok 4 - site.test: status == 200", lines)
        self.assertEqual(
            [line for line in lines if line.startswith("not ok")][2:],
            ["not ok 5 - dead.test: x-a >= 400 (A: too small)",
            "not ok 6 - dead.test: x-b (W)",
            "not ok 7 - dead.test: x when status == 404 (S)",
            "not ok 8 - dead.test: status == 200"])
        self.assertTrue(any(
            line.startswith("# dead.test: wait: ") for line in lines), lines)

    @unittest.skipUnless(shutil.which("prove"), "no prove")
    def test_prove(self):
        for passes, args in (
                (True, ["--expect", "status == 200"]),
                (True, []),
                (True, ["--rules", self.write("w", b"warn\nx-b\nstatus\n")]),
                (True, ["--expect", "x when status == 404"]),
                (False, ["--expect", "x-b"]),
                (False, ["--expect", "status", "--rules", self.rules])):
            run = self.run_on({"site.test": OK}, "--tap", "site.test", args)
            self.assertEqual(self.prove(run.out)[0], passes, args)
            self.assertEqual(run.code == 0, passes, args)
        for passes, args in ((False, []), (False, ["--expect", "not x"]),
                (True, ["--expect", "error == EMPTY_REPLY"]),
                (False, ["--expect", "error == EMPTY_REPLY", "--expect", "x"]),
                (False, ["--expect", "error == TIMEOUT"])):
            run = self.run_on({"site.test": b""}, "--tap", "site.test", args)
            self.assertEqual(self.prove(run.out)[0], passes, args)
            self.assertEqual(run.code == 0, passes, args)

    @unittest.skipUnless(shutil.which("prove"), "no prove")
    def test_run_by_prove(self):
        """As the README has it."""
        hosts = self.write("hosts", b"a.test\nb.test\n")
        with Server({"a.test": OK, "b.test": OK}) as server:
            for name, code in ("x-a", 0), ("x-b", 1):
                command = " ".join([AFETCH, *flat(server.route()), "--expect", name,
                    "--tap", "-s", "-i"])
                done = subprocess.run(["prove", "-e", command, hosts],
                    capture_output=True, check=False)
                self.assertEqual(done.returncode, code, done.stdout)
        self.assertIn(b"Failed 2/2 subtests", done.stdout)

    @unittest.skipUnless(shutil.which("prove"), "no prove")
    def test_tap_of_hostile_names(self):
        run = self.run_on(ODD, "--tap", "-s", "-i", "-", "--expect",
            "x-a == '# SKIP \\ %'", stdin=b"\n".join([b"site.test", *HOSTILE]))
        run.out.decode("utf-8", "strict")
        passes, text = self.prove(run.out)
        self.assertFalse(passes)
        count = 1 + len(HOSTILE)
        self.assertIn(b"Failed %d/%d subtests" % (count, count), text)
        self.assertNotIn(b"\x1b", run.out)

    def test_tap_of_nothing(self):
        run = afetch("--tap", "-i", "/dev/null")
        self.assertEqual(
            run.out, b"TAP version 13\n1..0 # SKIP no targets\n")

    def test_tap_of_what_was_not_begun(self):
        with Server(lambda peer: peer.hold()) as server:
            run = afetch("--tap", "-s", "-j", "1", "--deadline", "0.3", "a.test",
                "b.test", server.route(), "--expect", "x")
        self.assertEqual(run.code, 1)
        self.assertIn(b"\nnot ok 2 - targets not begun: 1\n1..2\n", run.out)

    # JUnit.

    def test_junit(self):
        hosts = self.write("hosts", b"# odd\nsite.test\ndead.test\n")
        run, root = self.junit({"site.test": OK, "dead.test": b""},
            "--rules", self.rules, "-i", hosts, "-j", "1")
        self.assertEqual(run.code, 1)
        suites = root.findall("testsuite")
        self.assertEqual([[suite.get(name) for name in (
            "name", "tests", "failures", "errors", "skipped")]
            for suite in suites], [["site.test", "4", "1", "0", "1"],
            ["dead.test", "4", "0", "4", "0"]])
        cases = suites[0].findall("testcase")
        self.assertEqual([case.get("name") for case in cases], [
            "x-a >= 400 (A: too small)", "x-b (W)",
            "x when status == 404 (S)", "status == 200"])
        self.assertEqual([[child.tag for child in case] for case in cases],
            [["failure"], ["system-out"], ["skipped"], []])
        self.assertEqual(cases[0][0].attrib,
            {"message": "is 300", "type": "failed"})
        self.assertEqual({(case.get("file"), case.get("line"),
            case.get("classname")) for case in cases},
            {(str(hosts), "2", "site.test")})
        error = suites[1].find("testcase/error")
        self.assertEqual(error.get("type"), "EMPTY_REPLY")
        self.assertTrue(error.get("message").startswith("wait: "))

    def test_junit_without_checks(self):
        run, root = self.junit({"a.test": OK, "b.test": b""}, "a.test", "b.test",
            "-j", "1")
        self.assertEqual(run.code, 1)
        self.assertEqual(
            [[child.tag for child in case] for case in root.iter("testcase")],
            [[], ["error"]])

    def test_junit_of_hostile_names(self):
        _, root = self.junit(ODD, "-s", "-i", "-", "--expect", "x-a < '&\"\t'",
            stdin=b"\n".join([b"site.test", *HOSTILE]), )
        self.assertEqual(len(root.findall("testsuite")), 1 + len(HOSTILE))
        names = {suite.get("name") for suite in root}
        self.assertIn('q"u<o>&..', names)
        self.assertIn("\\xef\\xbf\\xbf..", names)
        self.assertIn("\\xff\\xfe..", names)
        self.assertEqual(root.find("testsuite/testcase").get("name"),
            "x-a < '&\"\t'")

    # GitHub.

    def test_annotations(self):
        hosts = self.write("hosts,1:", b"\n# odd\nsite.test\ndead.test\n")
        run = self.run_on({"site.test": ODD, "dead.test": b""}, "--annotate",
            "github", "-i", hosts, "-j", "1", "--rules", self.rules,
            "--expect", "x-a == '100%'", "a..b,%:")
        place = f"file={self.folder}/hosts%2C1%3A,line="
        lines = run.out.decode().splitlines()
        value = ('is \\x1b[2J\\xff\\xc2\\x85 "q" \\ # TODO | ]]>&%25')
        self.assertTrue(
            lines[0].startswith("::error title=a..b%2C%25%3A::a..b,%25:: input:"),
            lines[0])
        self.assertEqual(lines[1:-1], [
            f"::error {place}3,title=site.test::site.test: expected "
            f"x-a == '100%25': {value}",
            f"::error {place}3,title=site.test::site.test: expected "
            f"x-a >= 400 (A: too small): {value}: not a number",
            f"::warning {place}3,title=site.test::site.test: expected "
            "x-b (W): is none"])
        self.assertTrue(lines[-1].startswith(
            f"::error {place}4,title=dead.test::dead.test: wait: "), lines[-1])
        self.assertEqual(len(lines), 5)

    def test_annotations_of_stdin_and_of_no_failure(self):
        run = self.run_on({"site.test": OK}, "--annotate", "github", "-i", "-",
            "--expect", "x-b", stdin=b"site.test\n")
        self.assertEqual(run.out,
            b"::error title=site.test::site.test: expected x-b: is none\n")
        run = self.run_on({"site.test": OK}, "--annotate", "github",
            "site.test", "--expect", "x-a")
        self.assertEqual((run.code, run.out), (0, b""))

    # Nagios.

    LINE = re.compile(rb"AFETCH (OK|WARNING|CRITICAL|UNKNOWN) - ([^|\n]*?)"
        rb"(?: \|((?: [a-z_]+=[0-9.]+s?;;;0)+))?\n")

    def check_nagios(self, code, *args, answers=None, **how):
        answers = answers or {"site.test": OK, "dead.test": b""}
        run = self.run_on(answers, "--nagios", *args, **how)
        match = self.LINE.fullmatch(run.out)
        self.assertTrue(match, run.out)
        self.assertEqual(run.code, code, run.err)
        self.assertEqual(
            [b"OK", b"WARNING", b"CRITICAL", b"UNKNOWN"][code], match[1])
        return match[2].decode(), match[3]

    def test_nagios(self):
        warn = self.write("w", b"warn\nx-b\nstatus\n")
        text, figures = self.check_nagios(0, "site.test", "--expect", "x-a")
        self.assertEqual(text, "1 of 1 targets ok, 1 of 1 checks ok")
        self.assertIn(b" targets=1;;;0 failed=0;;;0 ", figures)
        text, _ = self.check_nagios(1, "site.test", "--rules", warn)
        self.assertEqual(text, "1 of 1 targets ok, 1 of 2 checks ok; "
            "site.test: expected x-b: is none")
        text, _ = self.check_nagios(2, "site.test", "--rules", warn,
            "--expect", "x-c")
        self.assertIn("; site.test: expected x-c: is none", text)
        text, figures = self.check_nagios(
            2, "site.test", "dead.test", "--expect", "x-a")
        self.assertIn("; dead.test: wait: empty reply", text)
        self.assertIn(b" checks_no_answer=1;;;0", figures)
        self.check_nagios(2, "site.test", "dead.test")
        self.check_nagios(3, "dead.test", "--expect", "not x-a")
        self.check_nagios(0, "dead.test", "--expect", "error == EMPTY_REPLY")

    def test_nagios_that_cannot_go_on(self):
        self.check_nagios(3, "-i", "/dev/null")
        for args in (["--no-such-option", "a.test"], ["-i", "/none"],
                ["a.test", "--expect", "=="], ["a.test", "--cacert", "/none"],
                ["a.test", "--json"]):
            self.check_nagios(3, *args)

    def test_nagios_of_hostile_names(self):
        for name in HOSTILE:
            self.check_nagios(3, "-i", "-", stdin=name)
        self.check_nagios(2, "site.test", "--expect", "x-a == '|'",
            answers={"site.test": ODD})

    def test_what_was_not_begun(self):
        with Server(lambda peer: peer.hold()) as server:
            args = ["-s", "-j", "1", "--deadline", "0.3", "a.test", "b.test",
                server.route(), "--expect", "x"]
            run = afetch(args, "--annotate", "github")
            self.assertEqual(
                run.lines[-1], b"::error title=afetch::targets not begun: 1")
            path = self.folder / "run.xml"
            afetch(args, "-q", "--junit", path)
            root = xml.etree.ElementTree.parse(path).getroot()
            self.assertEqual(root.find("testsuite[2]/testcase/error").get(
                "message"), "targets not begun: 1")
        with Server({"a.test": OK, "b.test": lambda peer: peer.hold()}) as server:
            run = afetch("--nagios", "-s", "-j", "1", "--deadline", "0.5",
                "a.test", "b.test", "c.test", server.route())
            self.assertEqual(run.code, 2)
            self.assertIn(b" not_begun=1;;;0", run.out)

    def test_a_signal(self):
        with Server(lambda peer: peer.hold()) as server:
            for form, code in ("--tap", -signal.SIGINT), ("--nagios", 3):
                program = Afetch("-s", "-j", "1", form, "a.test", "b.test",
                    server.route())
                time.sleep(0.5)
                program.signal(signal.SIGINT)
                run = program.finish()
                self.assertIn(run.code, (code, 130 if code < 0 else code))
                self.assertIn(b"UNKNOWN" if form == "--nagios" else
                    b"interrupted by SIGINT, targets not begun: 1\n1..2\n",
                    run.out)

    # With others.

    def test_one_is_on_stdout(self):
        for args in (["--tap", "--json"], ["--tap", "--annotate", "github"],
                ["--nagios", "--tap"]):
            run = afetch("a.test", args)
            self.assertIn(run.code, (2, 3))
            self.assertIn(b"cannot both be written to stdout", run.err)
        for args in (["--tap"], ["--junit", "x"], ["--annotate", "github"]):
            run = afetch("--summarize", "/dev/null", args)
            self.assertEqual(run.code, 2)


if __name__ == "__main__":
    unittest.main()
