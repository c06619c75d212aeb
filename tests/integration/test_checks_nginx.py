"""The sets of rules over an nginx: each seeded fault is found, in every form,
and nothing else is."""

import json
import re
import shutil
import subprocess
import time
import unittest
import xml.etree.ElementTree

import namespace
from harness import AFETCH
from test_verdicts import SCHEMA

RULES = "use owasp\nuse leaks\nuse cookies\n"
GOOD = {
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "Content-Security-Policy":
        "default-src 'self'; frame-ancestors 'none'; object-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=()",
    "Set-Cookie": "__Host-id=1; Path=/; Secure; HttpOnly; SameSite=Lax",
}
# Host: what is changed, what a text search would not see; the rules it breaks.
FAULTS = {
    "hsts-twice": ({"Strict-Transport-Security":
        "max-age=63072000; max-age=63072000"}, ["owasp-hsts"]),
    "hsts-short": ({"Strict-Transport-Security": "max-age=6307200"},
        ["owasp-hsts"]),
    "framing": ({"Content-Security-Policy": "default-src 'self'",
        "X-Frame-Options": "ALLOW-FROM https://a.test"}, ["owasp-framing"]),
    "nosniff": ({"X-Content-Type-Options": "no-sniff"}, ["owasp-nosniff"]),
    "csp": ({"Content-Security-Policy": None, "X-Frame-Options": "DENY",
        "Content-Security-Policy-Report-Only": "default-src 'self'"},
        ["owasp-csp"]),
    "referrer": ({"Referrer-Policy": "no-referrer, unsafe-url"},
        ["owasp-referrer"]),
    "coop": ({"Cross-Origin-Opener-Policy": "unsafe-none"}, ["owasp-coop"]),
    "version": ({"X-Powered-By": "PHP/8.1"}, ["leaks-x-powered-by"]),
    "cookie": ({"Set-Cookie": "id=1; Path=/; HttpOnly; SameSite=Lax"},
        ["cookies-secure"]),
    "script": ({"Set-Cookie": "id=1; Path=/; Secure; SameSite=Lax"},
        ["cookies-httponly"]),
}
SERVER = """
    server {{
        listen 443 ssl;
        server_name {1}.site.test;
        ssl_certificate {0}/site.pem;
        ssl_certificate_key {0}/site.key;
        server_tokens off;
        {2}
        return 200 "page\\n";
    }}
    """


def serve(directory, name, changed):
    fields = {**GOOD, **changed}
    lines = "\n".join(f'add_header {key} "{value}" always;'
        for key, value in fields.items() if value)
    return SERVER.format(directory, name, lines)


class NginxChecks(unittest.TestCase):
    lock = "netns"

    @classmethod
    def setUpClass(cls):
        reason = namespace.why_not()
        if reason:
            raise unittest.SkipTest(reason)
        cls.space = namespace.Namespace("")
        cls.addClassCleanup(cls.space.close)
        directory = cls.space.directory
        cls.space.certify()
        cls.space.nginx("".join(serve(directory, name, changed)
            for name, (changed, _) in {"clean": ({}, []), **FAULTS}.items()))
        (directory / "rules").write_text(RULES)
        (directory / "hosts").write_text("".join(
            f"https://{name}.site.test/\n" for name in ["clean", *FAULTS]))
        cls.expected = {(f"https://{name}.site.test/", rule)
            for name, (_, rules) in FAULTS.items() for rule in rules}
        end = time.monotonic() + 10
        while cls.run_on("-q", "-s")[2] == 1:
            if time.monotonic() > end:
                raise AssertionError("nginx does not serve")
            time.sleep(0.05)

    @classmethod
    def run_on(cls, *args, hosts="hosts"):
        directory = cls.space.directory
        run = cls.space.popen([AFETCH, "--cacert", directory / "ca.pem",
            "--connect-to", "::127.0.0.1:", "-i", directory / hosts,
            "--rules", directory / "rules", "--summary", "none", *args],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        out, err = run.communicate(timeout=30)
        return out.decode(), err.decode(), run.returncode

    def same(self, found):
        self.assertEqual(sorted(found), sorted(self.expected))

    def prove(self, text):
        """Whether it passes, and what prove says of it."""
        path = self.space.directory / "run.tap"
        path.write_text(text)
        done = subprocess.run(["prove", "-e", "cat", path],
            capture_output=True, check=False)
        said = (done.stdout + done.stderr).decode()
        self.assertNotIn("Parse errors", said)
        return done.returncode == 0, said

    def junit(self, hosts):
        path = self.space.directory / "run.xml"
        schema = self.space.directory / "junit.xsd"
        self.run_on("-q", "--junit", path, hosts=hosts)
        schema.write_text(SCHEMA)
        done = subprocess.run(["xmllint", "--noout", "--schema", schema, path],
            capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return xml.etree.ElementTree.parse(path).getroot()

    def test_ten_are_seeded(self):
        self.assertEqual((len(FAULTS), len(self.expected)), (10, 10))

    def test_lines(self):
        _, err, code = self.run_on("-q")
        self.assertEqual(code, 4)
        self.same(re.findall(r"^(\S+): expected .* \(([a-z-]+): ", err, re.M))

    def test_records(self):
        out, _, _ = self.run_on("--json")
        records = [json.loads(line) for line in out.splitlines()][:-1]
        self.same((record["input"], check["id"]) for record in records
            for check in record["checks"] if check["outcome"] == "failed")
        self.assertEqual({check["outcome"] for record in records
            for check in record["checks"]}, {"ok", "failed"})

    def test_tap(self):
        out, _, _ = self.run_on("--tap")
        self.same(re.findall(
            r"^not ok \d+ - (\S+): .* \(([a-z-]+): ", out, re.M))
        passes, said = self.prove(out)
        self.assertFalse(passes)
        self.assertRegex(said, r"Failed 10/\d+ subtests")

    def test_junit(self):
        root = self.junit("hosts")
        self.same((case.get("classname"),
            re.search(r" \(([a-z-]+): ", case.get("name"))[1])
            for case in root.iter("testcase") if case.find("failure") is not None)
        self.assertIsNone(root.find(".//error"))

    def test_annotations(self):
        out, _, _ = self.run_on("--annotate", "github")
        found = re.findall(r"^::error file=(\S+),line=(\d+),title=\S+::"
            r"(\S+): expected .* \(([a-z-]+): ", out, re.M)
        self.same((host, rule) for _, _, host, rule in found)
        hosts = (self.space.directory / "hosts").read_text().splitlines()
        for _, line, host, _ in found:
            self.assertEqual(hosts[int(line) - 1], host)

    def test_a_clean_server(self):
        """Nothing is found, in no form."""
        (self.space.directory / "good").write_text("https://clean.site.test/\n")
        for form in ["-q"], ["--json"], ["--tap"], ["--annotate", "github"], \
                ["-s", "--nagios"]:
            out, err, code = self.run_on(*form, hosts="good")
            self.assertEqual((code, err), (0, ""), form)
            self.assertNotRegex(out,
                r'not ok|::error|outcome":"failed|CRITICAL')
            if form == ["--tap"]:
                self.assertTrue(self.prove(out)[0])
        root = self.junit("good")
        self.assertIsNone(root.find(".//failure"))
        self.assertGreater(len(list(root.iter("testcase"))), 20)


if __name__ == "__main__":
    unittest.main()
