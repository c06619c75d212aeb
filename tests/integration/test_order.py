"""--order: in which order what has ended is shown, and what is held for it."""

import csv
import itertools
import os
import pathlib
import re
import signal
import tempfile
import threading
import time
import unittest

from harness import MB, Afetch, Case, Server, afetch, figures, target_list


# The first is the slowest, so that arrival is another order.
MIXED = ["ttfb-300.a.test", "b.test", "a..bad", "ttfb-100.c.test",
    "dns-nxdomain.d.test", "status-404.e.test", "reset.f.test", "", "g.test"]


def targets_of(run):
    """Whose lines they are, each run of one target's once."""
    names = (line.partition(b" header > ")[0].decode() for line in run.lines)
    return [name for name, _ in itertools.groupby(names)]


class Order(Case):
    def fetch(self, *args, order="input", targets=MIXED, **how):
        return afetch("--order", order, "-i", "-", self.lab.options(dns=True),
            args, stdin=target_list(targets), **how)

    def test_text_in_the_order_of_the_list(self):
        run = self.fetch("-s")
        self.assertEqual(targets_of(run), [MIXED[0], "b.test", MIXED[3],
            "status-404.e.test", "g.test"])
        other = self.fetch("-s", order="arrival")
        self.assertCountEqual(
            [line for line in run.lines if b"> Date" not in line],
            [line for line in other.lines if b"> Date" not in line])
        self.assertEqual(targets_of(other)[-1], MIXED[0])

    def test_text_as_targets_end(self):
        run = self.fetch("-s", order="done",
            targets=[f"line-{pause}.{n}.test" for n in range(3)
                for pause in (9, 10, 11)])
        self.assertEqual(len(targets_of(run)), 9)
        self.assertEqual(targets_of(self.fetch("-s", order="done"))[-1],
            MIXED[0])

    def test_records_in_the_order_of_the_list(self):
        run = self.fetch("--json")
        self.assertEqual([r["index"] for r in run.records], list(range(8)))
        self.assertEqual(run.code, 1)
        self.assertEqual(run.summary["targets"], 8)
        self.assertNotEqual([r["index"] for r in
            self.fetch("--json", order="done").records], list(range(8)))

    def test_csv_and_errors(self):
        run = self.fetch("--csv")
        rows = list(csv.reader(run.out.decode().splitlines()))[1:]
        self.assertEqual([row[0] for row in rows], [t for t in MIXED if t])
        self.assertEqual([name for name in run.failures()],
            ["a..bad", "dns-nxdomain.d.test", "reset.f.test"])
        table = [line.split()[0].decode() for line in run.err.splitlines()
            if b".test" in line and b": " not in line]
        bad = ["dns-nxdomain.d.test", "reset.f.test"]
        self.assertEqual(table, [t for t in MIXED
            if t and t not in ("a..bad", *bad)] + bad)

    def test_shards_leave_gaps(self):
        names = [f"ttfb-{100 - n}.h{n}.test" for n in range(40)]
        seen = []
        for shard in "1/3", "2/3", "3/3":
            run = self.fetch("--json", "--shard", shard, targets=names)
            indexes = [r["index"] for r in run.records]
            self.assertEqual(indexes, sorted(indexes))
            seen += indexes
        self.assertCountEqual(seen, range(40))

    def test_one_at_a_time(self):
        """What is reported needs no slot that others have."""
        for order in "done", "input":
            run = self.fetch("-j", "1", "--json", order=order)
            self.assertEqual([r["index"] for r in run.records],
                list(range(8)))

    def test_interim_heads_and_hops(self):
        def answer(peer):
            if b"GET /a" in peer.request():
                peer.send(b"HTTP/1.1 100 Continue\r\n\r\n"
                    b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
                    b"HTTP/1.1 302 Found\r\nLocation: /b\r\n\r\n")
            else:
                peer.send(b"HTTP/1.1 103 Early Hints\r\nLink: </y>\r\n\r\n"
                    b"HTTP/1.1 200 OK\r\nA: b\r\n\r\n")
        shown = []
        with Server(answer) as server:
            for order in "arrival", "done", "input":
                run = afetch("x.test/a", server.route(), "-L", "-v", "--order",
                    order, "--summary", "none", self.lab.options()[:2])
                shown.append((run.out, run.err))
        self.assertEqual(shown[0], shown[1])
        self.assertEqual(shown[0], shown[2])
        self.assertIn(b"x.test/a interim > Link: </y>\n", shown[0][1])
        self.assertIn(b"x.test/a header > \nx.test/a header > HTTP/1.1 200",
            shown[0][0])

    def test_addresses(self):
        for order in "done", "input":
            run = self.fetch("--all-addresses", "-s", order=order,
                targets=["aaaa.ttfb-50.x.test", "y.test"])
            self.assertEqual(len(set(targets_of(run))), len(targets_of(run)))
            self.assertEqual(len(targets_of(run)), 3)

    def test_a_head_that_is_cut_off(self):
        """Its lines are there, and stand before what failed."""
        with Server(b"HTTP/1.1 200 OK\r\nA: b\r\nC: d") as server:
            for order in "arrival", "done", "input":
                run = afetch("x.test", server.route(), "--order", order, "-s")
                self.assertEqual(run.of("x.test"), [b"HTTP/1.1 200 OK",
                    b"A: b"])
                self.assertEqual(run.code, 1)

    def test_not_beside_a_comparison(self):
        run = self.fetch("--versus-serial")
        self.assertEqual(run.code, 2)
        self.assertIn(b"--versus-serial", run.err)


class Endings(Case):
    NAMES = ["ttfb-20000.slow.test"] + [f"h{n}.test" for n in range(30)]

    def start(self, *args):
        return Afetch("--order", "input", "--json", "-i", "-", "-j", "40",
            self.lab.options(), args, stdin=target_list(self.NAMES))

    def check(self, run):
        self.assertEqual([r["index"] for r in run.records], list(range(31)))
        self.assertEqual(run.records[0]["error"]["code"], "CANCELED")
        self.assertTrue(all(r["status"] == 200 for r in run.records[1:]))
        self.assertEqual(run.summary["not_begun"], 0)

    def test_deadline(self):
        self.check(self.start("--deadline", "1", "-m", "60").finish())

    def test_signal(self):
        run = self.start("-m", "60")
        time.sleep(1)
        self.assertEqual(run.out, b"")
        run.signal(signal.SIGINT)
        run = run.finish()
        self.assertEqual(run.code, 130)
        self.check(run)

    def test_timeout(self):
        """All others stand right behind the one they waited for."""
        run = self.start("-m", "1").finish()
        self.assertEqual(run.records[0]["error"]["code"], "TIMEOUT")
        self.assertEqual(len(run.records), 31)
        first = run.chunks[0][0]
        self.assertLess(run.chunks[-1][0] - first, 0.5)

    def test_a_reader_that_has_gone(self):
        """Held results are no reason to go on."""
        theirs, ours = os.pipe()
        os.close(theirs)
        run = Afetch("--order", "input", "-i", "-", self.lab.options(),
            stdin=target_list(f"h{n}.test" for n in range(2000)), stdout=ours)
        os.close(ours)
        self.assertEqual(run.finish().code, 141)

    def test_slow_reader(self):
        """Each record once, in order, though stdout is full all the time."""
        theirs, ours = os.pipe()
        names = ["ttfb-500.a.test"] + [
            f"head-20k.h{n}.test" for n in range(500)]
        run = Afetch("--order", "input", "--json", "-s", "-i", "-",
            self.lab.options(), stdin=target_list(names), stdout=ours)
        os.close(ours)
        out = b""
        while part := os.read(theirs, 1 << 16):
            out += part
            time.sleep(0.001)
        os.close(theirs)
        run.finish()
        indexes = re.findall(rb'"type":"result","index":(\d+)', out)
        self.assertEqual([int(n) for n in indexes], list(range(501)))


class Window(Case):
    """One target that all wait for."""
    timeout = 300

    @figures
    def test_one_of_ten_seconds_among_many(self):
        count = 100000
        names = ["ttfb-10000.slow.test"] + [
            f"h{n:06}.test" for n in range(count - 1)]
        with tempfile.NamedTemporaryFile() as out:
            run = Afetch("--order", "input", "--json", "-s", "-m", "30",
                "-i", "-", "-o", out.name, self.lab.options(),
                stdin=target_list(names)).finish(200)
            indexes = [int(n) for n in re.findall(
                rb'"type":"result","index":(\d+)',
                pathlib.Path(out.name).read_bytes())]
        self.assertEqual(run.code, 0)
        self.assertEqual(indexes, list(range(count)))
        self.assertLess(run.rss, 64 * 1024 * 1024 + 40 * MB)

    def test_one_that_answers_last(self):
        """It answers when all others have been: none of them waited for it,
        and then each stands right behind it."""
        count, others, all_others = 800, [], threading.Event()
        def serve(peer):
            if peer.name() == "last.test":
                self.assertTrue(all_others.wait(60))
            else:
                others.append(peer.name())
            peer.send(b"HTTP/1.1 200 OK\r\n\r\n")
            if len(others) == count:
                all_others.set()
        names = ["last.test"] + [f"h{n}.test" for n in range(count)]
        with Server(serve) as server:
            run = afetch("--order", "input", "--json", "-s", "-m", "60", "-j",
                "20", "-i", "-", server.route(), stdin=target_list(names),
                limit=60)
        self.assertEqual([r["input"] for r in run.records], names)
        self.assertEqual(run.code, 0)
        self.assertEqual(server.failed, [])

    @figures
    def test_large_heads(self):
        """The bytes end it, long before the targets do."""
        names = ["ttfb-6000.slow.test"] + [
            f"head-100k.h{n:06}.test" for n in range(3000)]
        run = Afetch("--order", "input", "-s", "-i", "-", "-o", "/dev/null",
            self.lab.options(), stdin=target_list(names)).finish(100)
        self.assertEqual(run.code, 0, run.err)
        self.assertLess(run.rss, 64 * 1024 * 1024 + 100 * MB)


if __name__ == "__main__":
    unittest.main()
