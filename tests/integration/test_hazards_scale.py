"""Many targets, no stranger's clock or environment: rows 50 to 54, 78, 86."""

import glob
import os
import pathlib
import platform
import re
import tempfile
import threading
import time
import unittest

from harness import (LOOP_DESCRIPTORS, MB, SLOWER, Afetch, Case, Server,
    afetch, figures, target_list)


def hosts(count, words=""):
    return [f"{words}h{n:06}.test" for n in range(count)]


class Many(Case):
    timeout = 300

    def start(self, *args):
        """Fetches what `feed` writes, and goes on until it is closed."""
        theirs, ours = os.pipe()
        run = Afetch("-i", "-", "--json", "-s", "-j", "100",
            self.lab.options(), args, stdin=theirs)
        os.close(theirs)
        self.pipe = os.fdopen(ours, "wb")
        return run

    def feed(self, run, count, sample=lambda: None):
        """Another `count` targets, until their records are there."""
        before = self.seen(run)
        thread = threading.Thread(target=self.pipe_all, args=(count,))
        thread.start()
        end = time.monotonic() + 200
        while self.seen(run) < before + count:
            self.assertLess(time.monotonic(), end, "too slow")
            run.step()
            sample()
        thread.join()

    def pipe_all(self, count):
        self.pipe.write(target_list(hosts(count)))
        self.pipe.flush()

    def seen(self, run):
        """Records so far; they are not kept."""
        for _, part in run.chunks:
            self.records += part.count(b'"error":null}\n')
        run.chunks.clear()
        return self.records

    def setUp(self):
        self.records = 0

    def test_row_50_no_descriptor_is_left(self):
        run = self.start()
        self.feed(run, 200)
        before = run.descriptors()
        most = [0]

        def sample():
            most[0] = max(most[0], run.descriptors())

        self.feed(run, 20000 if SLOWER == 1 else 2000, sample)
        self.assertLessEqual(most[0], 100 + 14 + LOOP_DESCRIPTORS)
        self.assertEqual(run.descriptors(), before)
        self.pipe.close()
        self.assertEqual(run.finish().code, 0)

    def resident(self, run):
        text = pathlib.Path(f"/proc/{run.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", text).group(1)) * 1024

    @figures
    def test_row_51_memory_does_not_grow(self):
        run = self.start()
        self.feed(run, 10000)
        early = self.resident(run)
        self.feed(run, 90000)
        late = self.resident(run)
        self.assertLess(late, early * 1.1)
        self.pipe.close()
        self.assertEqual(run.finish().code, 0)


class Stacks(Case):
    def test_row_52_as_much_as_a_target_may_bring(self):
        """The longest path, the longest lines, the largest head."""
        target = "a.test/" + "p/" * 4000
        head = b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: %s\r\n" %
            (n, b"v" * 65000) for n in range(3)) + b"\r\n"
        with Server(head) as server:
            for options in [], ["--json"], ["-L", "-v", "--json"]:
                run = afetch(target, server.route(), options)
                self.assertEqual(run.code, 0, run.err)
                self.assertEqual(run.out.count(b"v" * 65000),
                    3 + 3 * ("-L" in options))

    @unittest.skipIf(SLOWER != 1, "an instrument maps memory of its own")
    def test_row_52_guard_pages(self):
        """Below a stack is what may not be touched."""
        with Server(lambda peer: peer.hold()) as server:
            run = Afetch(hosts(40), server.route(), "-m", "20")
            run.until(lambda _: len(server.peers) == 40)
            maps = pathlib.Path(f"/proc/{run.pid}/smaps").read_text()
            run.stop()
        guards = len(re.findall(r"^\w+-\w+ ---p ", maps, re.M))
        version = [int(part) for part in
            re.findall(r"\d+", platform.release())[:2]]
        if version >= [6, 13] and guards < 40:
            self.assertRegex(maps, r"VmFlags:.* gu\b")  # MADV_GUARD_INSTALL
        else:
            self.assertGreaterEqual(guards, 40)


class InFlight(Case):
    timeout = 120

    @figures
    def test_memory_of_a_host(self):
        """At most 6 KiB for each one that waits for its answer; a page more
        where a context is ucontext's, which has a KiB itself."""
        most_kib = 6 if os.environ.get("AFETCH_CONTEXT") == "asm" else 10
        for options in ["-4"], ["--json", "-L", "--retry", "2"]:
            most = {}
            for count in 100, 1100:
                run = afetch("-i", "-", "-j", count, "-m", 30, "-s",
                    self.lab.options(dns=True), options, limit=60,
                    stdin=target_list(hosts(count, "ttfb-4000.")))
                self.assertEqual(run.code, 0, run.err)
                most[count] = run.rss
            each = (most[1100] - most[100]) / 1000 / 1024
            self.assertLess(each, most_kib, options)


class CrossTalk(Case):
    def test_row_54_each_line_is_its_own_hosts(self):
        """2000 hosts, of which many are cut off or late."""
        names = [f"{words}h{n:04}.test" for n in range(2000) for words in
            [("", "reset-half.", "ttfb-0-400.", "close-half.", "keep.",
                "trickle-1-40.", "reset-end.", "line-10-60.")[n % 8]]]
        arguments = ["-i", "-", "-j", "300", "-m", "0.2", self.lab.options()]
        text = afetch(arguments, stdin=target_list(names), limit=60)
        for name in names:
            for line in text.of(name):
                if line.startswith(b"X-Token: "):
                    self.assertEqual(line, b"X-Token: " + name.encode())
        self.assertEqual(set(line.partition(b" header > ")[0].decode()
            for line in text.lines) - set(names), set())
        run = afetch(arguments, "--json", stdin=target_list(names), limit=60)
        self.assertEqual(sorted(r["input"] for r in run.records), sorted(names))
        tokens = 0
        for record in run.records:
            for name, value in record["headers"]:
                if name == "X-Token":
                    self.assertEqual(value, record["input"])
                    tokens += 1
        self.assertGreater(tokens, 200)




FAKETIME = glob.glob("/usr/lib/*/faketime/libfaketime.so.1")


@unittest.skipUnless(FAKETIME, "no libfaketime")
@unittest.skipIf(SLOWER != 1, "it and an instrument do not mix")
class Clock(Case):
    def check_jump(self, jump):
        """The wall clock jumps while hosts are waited for."""
        with tempfile.NamedTemporaryFile("w") as file:
            file.write("+0d\n")
            file.flush()
            run = Afetch("--json", "-m", "2", "--retry", "1", "silent.a.test",
                "ttfb-1200.b.test", "first-1.close.c.test",
                self.lab.options(), env={**os.environ,
                    "LD_PRELOAD": FAKETIME[0], "FAKETIME_NO_CACHE": "1",
                    "FAKETIME_TIMESTAMP_FILE": file.name,
                    "FAKETIME_DONT_FAKE_MONOTONIC": "1"})
            run.until(lambda _: self.lab.page("name/ttfb-1200.b.test")["open"])
            file.seek(0)
            file.write(f"{jump}\n")
            file.truncate()
            file.flush()
            ended = run.finish(limit=15)
        self.lab.page("clear")
        self.assertEqual(ended.record("silent.a.test")["error"]["code"],
            "TIMEOUT")
        self.assertEqual(ended.errors().keys(), {"silent.a.test"})
        for record in ended.records:
            for phase, took in record["timings_ms"].items():
                if took is not None:
                    self.assertGreaterEqual(took, 0, phase)
                    self.assertLess(took, 10000, phase)
        self.assertGreater(ended.record("silent.a.test")["timings_ms"]["total"],
            1900)

    def test_row_78_clock_jumps_ahead(self):
        self.check_jump("+10d")

    def test_row_78_clock_jumps_back(self):
        self.check_jump("-10d")


class Environment(Case):
    """What the environment holds has no effect, unless the man page says."""

    lab_args = ("--aaaa",)

    foreign = {
        "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "LANGUAGE": "tr",
        "RES_OPTIONS": "ndots:15 timeout:30 attempts:9 rotate use-vc",
        "LOCALDOMAIN": "elsewhere.test", "POSIXLY_CORRECT": "1",
        "EVENT_NOEPOLL": "1", "EVENT_SHOW_METHOD": "1", "TZ": "Asia/Kathmandu",
        "COLUMNS": "20", "TERM": "dumb", "FTP_PROXY": "http://127.0.0.1:1",
        "MALLOC_PERTURB_": "165",
    }

    def shown(self, **more):
        with tempfile.NamedTemporaryFile("w") as aliases:
            aliases.write("ALIAS elsewhere.test\nalias elsewhere.test\n")
            aliases.flush()
            env = {**os.environ, **more}
            if more:
                env["HOSTALIASES"] = aliases.name
            self.lab.page("clear")
            run = afetch("I.TEST", "-q", "ISTANBUL.test/x?i", "alias",
                "dns-nxdomain.b.test", "B\u00dcCHER.test", "--json",
                self.lab.options(dns=True), env=env)
        self.assertEqual(self.lab.page("name/elsewhere.test")["a"], 0)
        for record in run.records:
            for gone in "timings_ms", "started_at", "remote_ip", "tried":
                del record[gone]
            record["headers"] = [pair for pair in record["headers"]
                if pair[0] != "Date"]
        return (run.code, sorted(map(str, run.records)),
            sorted(run.failures().items()))

    def test_row_86_no_effect(self):
        plain = self.shown()
        self.assertEqual(plain[0], 1)
        self.assertEqual(self.shown(**self.foreign), plain)
        self.assertEqual(self.shown(LC_ALL="C"), plain)


if __name__ == "__main__":
    unittest.main()
