"""What can go wrong on the way out: rows 41, 42, 45 to 48 of the hazards."""

import json
import os
import resource
import tempfile
import threading
import unittest
import zlib

from harness import (SLOWER, Afetch, Case, Server, afetch, one_thread,
    target_list)

# The request's own lines, and nothing else: no text of ours on a socket.
REQUEST = rb"GET / HTTP/1\.0\r\n([A-Za-z-]+: [^\r\n]+\r\n)+\r\n"


def many(words, count):
    return [f"{words}h{n:04}.test" for n in range(count)]


def limit_files(soft, hard):
    return lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


class Reader:
    """The reading end of a pipe that is the program's stdout."""

    def __init__(self, nonblocking=False):
        self.fd, self.theirs = os.pipe()
        os.set_blocking(self.theirs, not nonblocking)

    def start(self, *args, **how):
        run = Afetch(*args, stdout=self.theirs, **how)
        os.close(self.theirs)
        return run

    def line(self):
        line = b""
        while not line.endswith(b"\n"):
            line += os.read(self.fd, 1)
        return line

    def close(self):
        os.close(self.fd)

    def rest(self):
        parts = []
        while part := os.read(self.fd, 1 << 16):
            parts.append(part)
        self.close()
        return b"".join(parts)


class FullDisk(Case):
    def check_full(self, hosts, *options):
        with open("/dev/full", "wb") as full:
            run = afetch("-i", "-", self.lab.options(), options,
                stdin=target_list(hosts), stdout=full)
        self.assertEqual(run.code, 3)
        self.assertIn(b"afetch: cannot write stdout: No space left on device",
            run.err)
        self.assertEqual(run.err.count(b"cannot write"), 1)
        return run

    def test_row_41_full_disk_few_lines(self):
        self.check_full(["a.test"])
        self.check_full(["a.test"], "--json")

    def test_row_41_full_disk_many_lines(self):
        run = self.check_full(many("lines-990.", 100))
        self.assertLess(run.seconds, 5 * SLOWER)
        self.check_full(many("lines-990.", 100), "--json", "-s")

    def check_safe(self, whole, *options):
        """A file that may not grow beyond a limit: what is said to be safe
        is there, and no more of it."""
        hosts = many("lines-20.", 500)
        size = 150000
        with tempfile.NamedTemporaryFile() as file:
            run = afetch("-i", "-", self.lab.options(), options, "-o",
                file.name, stdin=target_list(hosts), preexec_fn=lambda:
                resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)))
            written = file.read()
        self.assertEqual(run.code, 3)
        self.assertEqual(len(written), size)
        count = written.count(b"\n")
        self.assertGreater(count, 50)
        self.assertIn(f"afetch: cannot write {file.name}: File too large "
            f"(the first {count} {whole} were written)\n".encode(), run.err)
        return written.split(b"\n")[:-1]

    def test_row_41_what_is_safe(self):
        self.check_safe("lines")

    def test_row_41_which_records_are_safe(self):
        for line in self.check_safe("records", "--json"):
            self.assertEqual(json.loads(line)["type"], "result")

    def test_row_41_full_disk_by_option(self):
        run = afetch("a.test", self.lab.options(), "-o", "/dev/full")
        self.assertEqual(run.code, 3)
        self.assertEqual(run.out, b"")
        self.assertIn(
            b"afetch: cannot write /dev/full: No space left on device",
            run.err)

    def test_row_41_a_failed_target_does_not_hide_it(self):
        self.check_full(["a..b", "a.test"])


class ReaderGone(Case):
    def check_gone(self, hosts, *options):
        reader = Reader()
        run = reader.start("-i", "-", self.lab.options(), options,
            stdin=target_list(hosts))
        first = reader.line()
        reader.close()
        ended = run.finish(limit=1)
        self.assertEqual(ended.code, 141)
        self.assertEqual(ended.err, b"")
        return first

    def test_row_42_reader_goes_away(self):
        first = self.check_gone(many("ttfb-20.", 1000))
        self.assertRegex(first, rb"^ttfb-20\.h\d+\.test header > HTTP/1.1 200")

    def test_row_42_reader_goes_away_from_records(self):
        first = self.check_gone(many("ttfb-20.", 1000), "--json")
        self.assertTrue(first.startswith(b'{"type":"result",'))

    def test_row_42_silent_hosts_are_not_waited_for(self):
        """It ends with the first line that nobody takes."""
        self.check_gone(many("silent.", 200) + many("line-20.", 200))


class Closed(Case):
    labels = ("descriptors",)

    def check_requests(self, count):
        """The lab got requests only."""
        page = self.lab.page("stats")
        self.assertEqual(page["totals"]["malformed"], 0)
        self.assertEqual(len(page["requests"]), count)
        for request in page["requests"]:
            self.assertRegex(request["raw"].encode(), b"^" + REQUEST + b"$")

    def run_closed(self, *fds, options=()):
        self.lab.page("clear")
        hosts = many("ttfb-1-9.", 60)

        def close():
            for fd in fds:
                os.close(fd)

        return hosts, afetch("-j", "10", hosts, self.lab.options(), options,
            preexec_fn=close)

    def test_row_45_closed_stdout(self):
        _, run = self.run_closed(1)
        self.assertEqual(run.code, 3)
        self.assertIn(b"afetch: cannot write stdout: Bad file descriptor",
            run.err)
        seen = self.lab.page("totals")["requests"]
        self.check_requests(seen)

    def test_row_45_closed_stdout_records(self):
        _, run = self.run_closed(1, options=["--json"])
        self.assertEqual(run.code, 3)
        self.assertIn(b"afetch: cannot write stdout", run.err)
        self.check_requests(self.lab.page("totals")["requests"])

    def test_row_45_closed_stderr(self):
        hosts, run = self.run_closed(2)
        self.assertEqual(run.code, 0)
        for host in hosts:
            self.assertEqual(run.of(host)[-1], b"X-Token: " + host.encode())
        self.check_requests(60)

    def test_row_45_closed_stdin(self):
        hosts, run = self.run_closed(0)
        self.assertEqual(run.code, 0)
        for host in hosts:
            self.assertEqual(run.of(host)[-1], b"X-Token: " + host.encode())
        self.check_requests(60)

    def test_row_45_all_closed(self):
        _, run = self.run_closed(0, 1, 2)
        self.assertEqual(run.code, 3)
        self.check_requests(self.lab.page("totals")["requests"])


def checked_lines(host):
    """50 lines of 4 KiB, each with a checksum of itself and its host."""
    for n in range(50):
        text = f"{host} {n} ".ljust(4050, "abcdefghij"[n % 10])
        yield f"X-{n}: {zlib.crc32(text.encode()):08x} {text}".encode()


def send_checked(peer):
    head = [b"HTTP/1.1 200 OK", *checked_lines(peer.name()), b"", b""]
    peer.trickle(b"\r\n".join(head), cut=30011)


class Whole(Case):
    def test_row_46_lines_of_many_hosts(self):
        hosts = many("", 200)
        with Server(send_checked) as server:
            run = afetch("-s", "-j", "200", "-m", 10 * SLOWER,
                "--connect-timeout", 5 * SLOWER, hosts, server.route(),
                limit=30)
        self.assertEqual(run.code, 0)
        shown = {host: [] for host in hosts}
        for line in run.lines:
            host, between, rest = line.partition(b" header > ")
            self.assertEqual(between, b" header > ")
            self.assertNotIn(b" header > ", rest)
            shown[host.decode()].append(rest)
        for host in hosts:
            self.assertEqual(
                shown[host], [b"HTTP/1.1 200 OK", *checked_lines(host)])

    def check_streaming(self, *options, seen):
        """A host's output is there while another one is still silent."""
        go_on = threading.Event()

        def slow(peer):
            peer.request()
            while not go_on.is_set():
                peer.pause(0.01)
            peer.send(b"HTTP/1.1 204 Late\r\n\r\n")

        acts = {"slow.test": slow,
            "fast.test": b"HTTP/1.1 200 Fast\r\nA: b\r\n\r\n"}
        with Server(acts) as server:
            run = Afetch("slow.test", "fast.test", server.route(), options)
            run.until(lambda run: seen in run.out)
            self.assertNotIn(b"Late", run.out)
            go_on.set()
            ended = run.finish()
        self.assertEqual(ended.code, 0)
        self.assertIn(b"Late", ended.out)

    def test_row_47_streaming(self):
        self.check_streaming(seen=b"fast.test header > HTTP/1.1 200 Fast\n"
            b"fast.test header > A: b\n")

    def test_row_47_streaming_records(self):
        self.check_streaming("--json", seen=b'"reason":"Fast"')

    def test_row_47_streaming_one_host(self):
        """A line is seen before the host's next one is sent."""
        go_on = threading.Event()

        def lines(peer):
            peer.request()
            peer.send(b"HTTP/1.1 200 OK\r\nFirst: 1\r\nSec")
            while not go_on.is_set():
                peer.pause(0.01)
            peer.send(b"ond: 2\r\n\r\n")

        with Server(lines) as server:
            run = Afetch("a.test", server.route())
            run.until(lambda run: b"First: 1\n" in run.out)
            self.assertTrue(run.out.endswith(b"First: 1\n"))
            go_on.set()
            self.assertEqual(
                run.finish().of("a.test")[1:], [b"First: 1", b"Second: 2"])

    def test_row_47_failures_stream(self):
        go_on = threading.Event()

        def slow(peer):
            peer.request()
            while not go_on.is_set():
                peer.pause(0.01)
            peer.send(b"HTTP/1.1 204 Late\r\n\r\n")

        acts = {"slow.test": slow, "bad.test": b""}
        with Server(acts) as server:
            run = Afetch("slow.test", "bad.test", server.route())
            run.until(lambda run: b"bad.test: wait: " in run.err)
            go_on.set()
            self.assertEqual(run.finish().code, 1)


class FewDescriptors(Case):
    labels = ("descriptors",)

    def check_few(self, soft, hard):
        hosts = many("ttfb-1-20.", 1000)
        run = afetch("-i", "-", "-j", "300", "--json",
            self.lab.options(dns=True), stdin=target_list(hosts),
            preexec_fn=limit_files(soft, hard))
        self.assertEqual(sorted(r["index"] for r in run.records),
            list(range(1000)))
        self.assertEqual([r["error"] for r in run.records], [None] * 1000)
        self.assertEqual(run.code, 0)
        return run

    @one_thread
    def test_row_48_few_descriptors(self):
        run = self.check_few(64, 64)
        first = run.err.decode().splitlines()[0]
        self.assertRegex(first, r"^afetch: concurrency cut from 300 to \d+: "
            r"only 64 files may be open \(RLIMIT_NOFILE\)$")
        self.assertEqual(run.err.count(b"concurrency cut"), 1)
        self.assertLess(run.summary["concurrency"], 64)
        self.assertGreaterEqual(run.summary["concurrency"], 32)

    def test_row_48_hardly_any_descriptor(self):
        """Either a message why nothing goes, or each failure is put down
        to what it is: DNS by UDP, by TCP, the connection."""
        hosts = ["a.test", "tc.b.test", "tc.c.test"]
        codes = set()
        for count in range(5, 15):
            run = afetch("--json", hosts, "-m", 0.5, "--summary", "none",
                self.lab.options(dns=True),
                preexec_fn=limit_files(count, count))
            codes.add(run.code)
            if run.code == 3:
                self.assertRegex(run.err.decode().splitlines()[-1],
                    "^afetch: .*Too many open files$")
                self.assertEqual(run.out, b"")
                continue
            self.assertEqual(len(run.records), len(hosts))
            for record in run.records:
                if record["error"]:
                    self.assertEqual(
                        record["error"]["code"], "NO_DESCRIPTORS", record)
                    self.assertIn(
                        record["error"]["phase"], ("dns", "connect"))
        self.assertEqual(codes, {0, 1, 3})

    def test_row_48_soft_limit_is_raised(self):
        run = self.check_few(64, 1024)
        self.assertNotIn(b"concurrency cut", run.err)
        self.assertEqual(run.summary["concurrency"], 300)

    def test_row_48_few_descriptors_many_addresses(self):
        """Second connections of one target come out of the same few."""
        for words in "hole-1.", "hole-3.":
            hosts = many(words, 100)
            run = afetch("-i", "-", "--json", self.lab.options(dns=True),
                stdin=target_list(hosts), preexec_fn=limit_files(64, 64))
            self.assertEqual(len(run.records), 100)
            codes = {r["error"] and r["error"]["code"] for r in run.records}
            self.assertEqual((run.code, codes), (0, {None}), words)


if __name__ == "__main__":
    unittest.main()
