"""Habits of curl, httpx, fping and nmap: each wrong command line has a hint,
and what the hint says works."""

import os
import pathlib
import tempfile
import unittest

from harness import Case, afetch

fast = True

# Wrong; a part of the hint; what somebody who follows it writes.
LINES = """
-S a.test | -s hides them | a.test
-sS a.test | -s hides them | -s a.test
--show-error a.test | -s hides them | a.test
-Z a.test | -j N | -j 4 a.test
--parallel a.test | -j N | -j 4 a.test
--parallel-max 4 a.test | -j N | -j 4 a.test
-threads 4 a.test | -j N | -j 4 a.test
-l hosts.txt | -i FILE | -i hosts.txt
-list hosts.txt | -i FILE | -i hosts.txt
-iL hosts.txt | -i FILE | -i hosts.txt
--file hosts.txt | -i FILE | -i hosts.txt
--url a.test | targets are arguments | a.test
-f hosts.txt | -i FILE | -f -i hosts.txt
hosts.txt | -i FILE | -i hosts.txt
hosts | -i FILE | -i hosts
@hosts.txt | -i FILE | -i hosts.txt
-d x=1 a.test | no body is sent | a.test
-F x=1 a.test | no body is sent | a.test
--data-binary x a.test | no body is sent | a.test
-D - a.test | written to stdout anyway | a.test
-D heads a.test | -o FILE | -o heads a.test
--include a.test | written to stdout anyway | a.test
-O a.test | -o FILE | -o heads a.test
--timeout 5 a.test | -m SEC | -m 5 a.test
-timeout 5 a.test | -m SEC | -m 5 --connect-timeout 5 a.test
-t 5 a.test | -m SEC | -m 5 a.test
--retries 2 a.test | --retry N | --retry 2 a.test
-r 2 a.test | --retry N | --retry 2 a.test
--rate-limit 10 a.test | --rate N | --rate 10 a.test
-rl 10 a.test | --rate N | --rate 10 a.test
-p 80 a.test | HOST:PORT | a.test:80
-P 80 a.test | HOST:PORT | a.test:80
-b a=1 a.test | -H 'Cookie: | -H Cookie:a=1 a.test
-e http://b.test a.test | -H 'Referer: | -H Referer:http://b.test a.test
--compressed a.test | 'Accept-Encoding: gzip' | -H Accept-Encoding:gzip a.test
--http2 a.test | --http1.1 | --http1.1 a.test
--http3 a.test | --http1.1 | --http1.1 a.test
-json a.test | --json | --json a.test
-silent a.test | --silent | --silent a.test
-follow-redirects a.test | -L | -L a.test
-status-code a.test | --show status | --show status a.test
-sc a.test | --show status | --show status a.test
-server a.test | --show server | --show server a.test
-mc 200 a.test | status == 200 | --expect status==200 a.test
-fc 404 a.test | status != 404 | --expect status!=404 a.test
--no-color a.test | --color never | --color never a.test
-# a.test | --progress always | --progress always a.test
--no-progress-meter a.test | --progress never | --progress never a.test
--max-redirect 3 a.test | --max-redirs N | -L --max-redirs 3 a.test
--fail-with-body a.test | -f | -f a.test
--location-trusted a.test | use -L | -L a.test
-G a.test | HOST/PATH?QUERY | a.test/x?y
--cert c a.test | cannot be sent | a.test
--tlsv1.2 a.test | leave it out | a.test
--basic a.test | as Basic anyway | -u a:b a.test
--oauth2-bearer x a.test | Bearer TOKEN | -H Authorization:Bearer_x a.test
--retry-delay 1 a.test | --retry N | --retry 2 a.test
-ip a.test | --show remote_ip | --show remote_ip a.test
-ct a.test | --show content-type | --show content-type a.test
-cl a.test | --show content-length | --show content-length a.test
-rt a.test | --show time.total | --show time.total a.test
-location a.test | --show location | --show location a.test
-probe a.test | --show error | --show error a.test
-td a.test | --show server | --show server a.test
-path /x a.test | HOST/PATH | a.test/x
-random-agent a.test | -A STRING | -A x a.test
-http2 a.test | --http1.1 | --http1.1 a.test
--expct status==200 a.test | --expect? | --expect status==200 a.test
--connect_timeout 3 a.test | --connect-timeout? | --connect-timeout 3 a.test
--help ordr | --order? | --help order
127.0.0.0/30 | list the addresses | 127.0.0.1
http//a.test | write http://HOST | http://a.test
a.test:443 | https://HOST | -k https://a.test:443
-i port | HOST:PORT | -i first
-i ports | HOST:PORT | -i first
"""


class Mistakes(Case):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.directory = pathlib.Path(scratch.name)
        for name, text in (("hosts.txt", "a.test\nb.test\n"),
                ("hosts", "a.test\n"), ("port", "a.test 8080\n"),
                ("ports", "a.test 127.0.0.1:80\n"), ("first", "a.test:80\n")):
            (self.directory / name).write_text(text)

    def run_line(self, line):
        to = ["--connect-to", f":443:127.0.0.1:{self.lab.https}",
            self.lab.options()]
        return afetch("-m", 5, to, line.split(), cwd=self.directory)

    def test_hints_are_followed(self):
        lines = [line.split(" | ") for line in LINES.strip().splitlines()]
        self.assertGreaterEqual(len(lines), 46)
        for wrong, hint, right in lines:
            with self.subTest(wrong):
                run = self.run_line(wrong)
                self.assertIn(hint, run.err.decode())
                run = self.run_line(right)
                self.assertEqual(run.code, 0, run.err)
                self.assertNotIn(b"unknown option", run.err)

    def test_nothing_is_written(self):
        """-follow-redirects is not -f -o llow-redirects."""
        before = set(os.listdir(self.directory))
        self.assertEqual(self.run_line("-follow-redirects a.test").code, 2)
        self.assertEqual(set(os.listdir(self.directory)), before)

    def test_an_argument_is_no_habit(self):
        """What an option takes, and what stands behind --, is left alone."""
        self.assertEqual(self.run_line("-A -json a.test").code, 0)
        run = self.run_line("-q -- -json")
        self.assertNotIn(b"unknown option", run.err)


if __name__ == "__main__":
    unittest.main()
