"""Who sees credentials, which files are written, how the program is built."""

import base64
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time
import unittest

from harness import (AFETCH, SLOWER, Afetch, Case, Server, afetch, figures,
    flat, target_list)

SECRET = "hush3ab1e9"
HIDDEN = [SECRET.encode(), base64.b64encode(f"me:{SECRET}".encode())]
OK = b"HTTP/1.1 200 OK\r\nX: y\r\n\r\n"


class Credentials(Case):
    """Whatever is said about a run, it is not the password."""

    # Ways to give one; in targets, as in a list, none is taken.
    ways = (
        ["-u", f"me:{SECRET}"],
        ["-H", f"Authorization: Bearer {SECRET}"],
        ["-H", f"Cookie: session={SECRET}"],
        ["-H", f"Proxy-Authorization: Basic {SECRET}"],
    )
    # Ways to go wrong.
    answers = {"good.test": OK, "close.test": b"", "banner.test": b"SSH-2.0\n",
        "cut.test": OK[:-3], "moved.test": b"HTTP/1.1 302 Found\r\n"
            b"Location: http://good.test/\r\n\r\n"}
    shapes = (["--json", "-L"], ["-v", "--summary", "hosts"], ["-k", "-I"],
        ["--json", "--versus-serial", "-v"], ["--retry", "1", "--json"])

    def check_hidden(self, *args, code=None, **how):
        run = afetch(args, **how)
        for hidden in HIDDEN:
            self.assertNotIn(hidden, run.out + run.err, args)
        if code is not None:
            self.assertEqual(run.code, code, run.err)
        return run

    def test_in_no_output(self):
        with Server(self.answers) as server:
            for way in self.ways:
                for shape in self.shapes:
                    self.check_hidden(way, shape, server.route(),
                        list(self.answers), code=1)
            self.assertIn(HIDDEN[1], b"".join(server.requests()))

    def test_in_no_complaint(self):
        for option, argument in (("-u", SECRET), ("-u", f"me:{SECRET}\n"),
                ("-H", SECRET), ("-H", f"{SECRET} x: y"), ("-X", "a b")):
            self.check_hidden(option, argument, "a.test", code=2)
        self.check_hidden(f"--no-such={SECRET}", "a.test", code=2)

    def test_in_no_target(self):
        targets = [f"http://me:{SECRET}@a.test/", f"me:{SECRET}@a.test",
            f"https://{SECRET}@a.test:444/x@y", f"me@{SECRET}@a.test"]
        for options in ["--json"], ["-v"], ["-k", "--summary", "hosts"]:
            run = self.check_hidden(options, targets, code=1)
            self.assertIn(b"***@", run.out + run.err)
            run = self.check_hidden(options, "-i", "-", code=1,
                stdin=target_list(targets))

    def test_in_no_redirect(self):
        """What the server sends is shown, but nothing is made of it."""
        answer = (b"HTTP/1.1 302 Found\r\nLocation: http://me:%s@good.test/\r\n"
            b"\r\n" % SECRET.encode())
        with Server({"moved.test": answer, "good.test": OK}) as server:
            run = afetch("-L", "--json", "moved.test", server.route())
        record = run.records[0]
        for hop in [record, *record["hops"]]:
            hop["headers"] = None
        self.assertNotIn(SECRET, str(run.all_records) + run.err.decode())
        for request in server.requests():
            self.assertNotIn(SECRET.encode(), request)

    @figures  # an instrument keeps arguments of its own
    def test_in_no_list_of_processes(self):
        with Server(lambda peer: (peer.request(), peer.hold())) as server:
            run = Afetch("a.test", server.route(), self.ways, "-m", "20")
            run.until(lambda _: server.peers and server.peers[0].head)
            line = pathlib.Path(f"/proc/{run.pid}/cmdline").read_bytes()
            run.stop()
        self.assertIn(b"a.test", line)
        self.assertNotIn(SECRET.encode(), line)

    def test_in_nothing_said_of_a_proxy(self):
        answer = b"HTTP/1.1 407 No\r\n\r\n"
        with Server(answer) as server:
            proxy = f"127.0.0.1:{server.port}"
            for options in ["--json"], ["-v", "--summary", "hosts"]:
                for scheme in "http", "socks5h":
                    self.check_hidden("a.test", "https://b.test", options,
                        "-m", "2", "-x", f"{scheme}://me:{SECRET}@{proxy}",
                        code=1)
            self.assertIn(HIDDEN[1], b"".join(filter(None, server.requests())))
            self.check_hidden("a.test", "-m", "1", "--json", code=1,
                env={**os.environ, "https_proxy": f"http://me:{SECRET}@{proxy}",
                    "http_proxy": f"http://me:{SECRET}@127.0.0.1:1"})

    def test_from_files(self):
        with tempfile.TemporaryDirectory() as name, Server(OK) as server:
            user, headers = (pathlib.Path(name) / file for file in "uh")
            user.write_text(f"me:{SECRET}\n")
            headers.write_text(f"X-A: 1\r\n\r\nCookie: {SECRET}\n")
            self.check_hidden("a.test", server.route(), "-u", f"@{user}",
                "-H", f"@{headers}", "-v", "--json", code=0)
            self.check_hidden("a.test", server.route(), "-H", "@-",
                stdin=headers.read_bytes(), code=0)
        first, second = server.requests()
        self.assertIn(b"\r\nAuthorization: Basic " + HIDDEN[1], first)
        for request in first, second:
            self.assertIn(b"\r\nX-A: 1\r\nCookie: " + HIDDEN[0] + b"\r\n",
                request)

    def test_from_a_pipe_that_does_not_block(self):
        read, write = os.pipe2(os.O_NONBLOCK)
        with Server(OK) as server, os.fdopen(write, "wb") as pipe:
            run = Afetch("a.test", server.route(), "-H", "@-", stdin=read)
            os.close(read)
            time.sleep(0.3)
            pipe.write(f"Cookie: {SECRET}\n".encode())
            pipe.close()
            self.assertEqual(run.finish().code, 0)
        self.assertIn(HIDDEN[0], server.requests()[0])

    def test_insecure_is_loud(self):
        way = ["--connect-to", f"::127.0.0.1:{self.lab.https}", "-k"]
        hosts = ["https://cert-self.a.test", "https://cert-expired.b.test"]
        run = afetch(way, hosts)
        self.assertIn(b"INSECURE (-k): 2 targets", run.err)
        summary = afetch(way, hosts, "--json").summary
        self.assertEqual((summary["insecure"], summary["unverified"]),
            (True, 2))
        summary = afetch(way[:-1], hosts, "--json").summary
        self.assertEqual((summary["insecure"], summary["unverified"]),
            (False, 0))


# Calls that make, change or remove a file.
WRITING = re.compile(
    r"^(?:\d+ +)?(?:open\w*\(.*O_(?:WRONLY|RDWR|CREAT)|creat\(|"
    r"(?:mkdir|unlink|rename|link|symlink|truncate|mknod|chmod|chown)\w*\()")


@unittest.skipIf(SLOWER != 1, "an instrument writes files of its own")
class Files(Case):
    def written(self, *args):
        """The names that a run opened for writing, or else changed; stdout
        and stderr, opened anew, are no others."""
        with tempfile.TemporaryDirectory() as name:
            log = pathlib.Path(name) / "log"
            done = subprocess.run(["strace", "-f", "-e", "trace=%file", "-o",
                log, AFETCH, *flat(args)], stdin=subprocess.DEVNULL,
                capture_output=True, cwd=name, check=False, timeout=60)
            lines = log.read_text().splitlines()
            left = sorted(os.listdir(name))
        if b"ptrace" in done.stderr:
            self.skipTest("strace may not trace here")
        self.assertTrue(any("O_RDONLY" in line for line in lines))
        self.assertEqual(done.returncode, 0, done.stderr)
        names = [re.search(r'"(.*?)"', line).group(1) for line in lines
            if WRITING.match(line)]
        return [name for name in names
            if name not in ("/proc/self/fd/1", "/proc/self/fd/2")], left

    def test_none_but_those_named(self):
        way = self.lab.options()
        self.assertEqual(self.written("a.test", way), ([], ["log"]))
        self.assertEqual(self.written("a.test", way, "--json", "-v", "-k",
            "--versus-serial", "-u", "a:b"), ([], ["log"]))
        self.assertEqual(self.written("a.test", way, "-o", "out"),
            (["out"], ["log", "out"]))
        https = ["--connect-to", f"::127.0.0.1:{self.lab.https}", "-k"]
        self.assertEqual(self.written("https://a.test", https), ([], ["log"]))


@unittest.skipIf(SLOWER != 1, "an instrumented build is no hard one")
@unittest.skipUnless(shutil.which("readelf"), "no readelf")
class Hardening(unittest.TestCase):
    def readelf(self, *options):
        return subprocess.run(["readelf", "-W", *options, AFETCH], text=True,
            capture_output=True, check=True, env={**os.environ, "LC_ALL": "C"}
            ).stdout

    def test_position_independent(self):
        self.assertRegex(self.readelf("-h"), r"Type: +DYN")
        self.assertRegex(self.readelf("-d"), r"FLAGS_1.*\bPIE\b")

    def test_read_only_after_relocation(self):
        self.assertRegex(self.readelf("-l"), r"GNU_RELRO")
        self.assertRegex(self.readelf("-d"), r"FLAGS_1.*\bNOW\b")

    def test_nothing_is_writable_and_executable(self):
        rows = [line.split() for line in self.readelf("-l").splitlines()]
        segments = {(row[0], "".join(row[6:-1])) for row in rows
            if len(row) > 6 and row[1].startswith("0x")}
        self.assertIn(("GNU_STACK", "RW"), segments)
        self.assertIn(("LOAD", "RE"), segments)
        for name, flags in segments:
            self.assertNotIn("WE", flags, name)

    def test_checked_calls_and_stacks(self):
        symbols = self.readelf("--dyn-syms")
        self.assertIn("__stack_chk_fail", symbols)
        if os.environ.get("AFETCH_BUILD_TYPE") != "Debug":  # not optimized
            self.assertIn("__vsnprintf_chk", symbols)

    def test_finds_its_libraries_where_the_system_does(self):
        self.assertNotRegex(self.readelf("-d"), r"R(UN)?PATH")


if __name__ == "__main__":
    unittest.main()
