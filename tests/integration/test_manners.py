"""Manners: rates, retries, deadlines."""

import datetime
import email.utils
import os
import time
import unittest

from harness import (SLOWER, Afetch, Case, Server, afetch, figures, free_port,
    target_list)

OK = b"HTTP/1.1 200 OK\r\nA: b\r\n\r\n"


class Retry(Case):
    def tries(self, host, *args, code=0):
        run = afetch(host, "--json", self.lab.options(), args)
        self.assertEqual(run.code, code, run.out)
        return run.record(host)

    def test_statuses(self):
        for status in 503, 429:
            host = f"first-2.status-{status}.r{status}.test"
            record = self.tries(host, "--retry", 3)
            self.assertEqual((record["status"], record["attempts"]), (200, 3))
            self.assertGreater(record["timings_ms"]["total"], 125 + 250)

    def test_what_stays_is_an_answer(self):
        record = self.tries("status-503.stays.test", "--retry", 1)
        self.assertEqual((record["status"], record["attempts"],
            record["error"]), (503, 2, None))

    def test_not_for_others(self):
        for host in "status-500.a.test", "status-404.a.test":
            self.assertEqual(self.tries(host, "--retry", 3)["attempts"], 1)
        record = self.tries("reset-half.b.test", code=1)
        self.assertEqual(record["attempts"], 1)

    def test_failures(self):
        for n, word in enumerate(("reset", "close", "reset-half", "silent")):
            host = f"first-1.{word}.f{n}.test"
            record = self.tries(host, "--retry", 2, "-m", 5,
                *(("--connect-timeout", 1) if word == "silent" else ()),
                code=1 if word == "silent" else 0)
            if word == "silent":  # that was all the time there was
                self.assertEqual(record["error"]["code"], "TIMEOUT")
                continue
            self.assertEqual((record["status"], record["attempts"]), (200, 2))

    def test_handshakes(self):
        """One that the server closed is tried again; what it did wrong, it
        will do wrong again."""
        for said, attempts, code in (
                (b"", 2, "TLS_HANDSHAKE"),
                (b"\x15\3\3\0\2\1\0", 2, "TLS_HANDSHAKE"),
                (b"\x14\3\3\0\1\2", 1, "TLS_HANDSHAKE"),
                (b"\x15\3\3\0\2\2\x28", 1, "TLS_ALERT"),
                (b"HTTP/1.0 200 OK\r\n\r\n", 1, "TLS_NOT_TLS")):
            def serve(peer, said=said):
                peer.sock.recv(4096)
                peer.send(said)
            with Server(serve) as server:
                run = afetch("https://a.test", "--retry", 1, "--json",
                    server.route())
            record = run.records[0]
            self.assertEqual((record["error"]["code"], record["attempts"]),
                (code, attempts), said)

    def test_no_listener(self):
        run = afetch(f"127.0.0.1:{free_port()}", "--retry", 1, "--json")
        record = run.records[0]
        self.assertEqual((record["error"]["code"], record["attempts"]),
            ("REFUSED", 2))

    def test_lines_of_the_last_try_only(self):
        host = "first-1.status-503.lines.test"
        run = afetch(host, "--retry", 1, self.lab.options())
        self.assertEqual(run.of(host)[0], b"HTTP/1.1 200 OK")
        self.assertEqual(len([line for line in run.of(host)
            if line.startswith(b"HTTP/")]), 1)
        for args in ("--retry", 1), ("--retry", 1, "-m", 0.1):
            run = afetch("status-503.l.test", args, self.lab.options())
            self.assertEqual(run.of("status-503.l.test")[0],
                b"HTTP/1.1 503 Service Unavailable")
            self.assertEqual(run.code, 0)

    def asked(self, value, *args):
        """A server that says so once, and the seconds between its requests."""
        times = []
        def serve(peer):
            peer.request()
            times.append(time.monotonic())
            peer.send(OK if len(times) > 1 else
                f"HTTP/1.1 503 X\r\nRetry-After: {value}\r\n\r\n".encode())
        with Server(serve) as server:
            run = afetch("a.test", "--retry", 1, "--json", args,
                server.route())
        return run.record("a.test"), (times[-1] - times[0])

    def test_retry_after(self):
        record, seconds = self.asked(2)
        self.assertEqual((record["status"], record["attempts"]), (200, 2))
        self.assertTrue(1.9 < seconds < 5 * SLOWER, seconds)
        date = email.utils.formatdate(time.time() + 3, usegmt=True)
        record, seconds = self.asked(date)
        self.assertEqual(record["status"], 200)
        self.assertTrue(1.5 < seconds < 6 * SLOWER, seconds)

    def test_retry_after_beyond_max_time(self):
        """Not waited for: the 503 is the answer, at once."""
        record, seconds = self.asked(60, "-m", 30)
        self.assertEqual((record["status"], record["attempts"]), (503, 1))
        self.assertLess(record["timings_ms"]["total"], 15000)

    def test_retry_after_nothing(self):
        """It is no leave to ask without a pause."""
        for value in "0", "Thu, 01 Jan 1970 00:00:00 GMT":
            record, seconds = self.asked(value)
            self.assertEqual((record["status"], record["attempts"]), (200, 2))
            self.assertGreater(seconds, 0.12)

    # What the try does in which -m passes.
    lates = (b"", b"HTTP/1.1 103 E\r\nC: d\r\n\r\n", b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 200 OK\r\nC: d\r\n")

    def late(self, begun, *args):
        """A server with an answer at first, then with no end of one."""
        tries = []
        def serve(peer):
            peer.request()
            tries.append(peer)
            if len(tries) % 2:
                peer.send(b"HTTP/1.1 503 Busy\r\nA: b\r\n\r\n")
            else:
                peer.send(begun)
                peer.hold()
        with Server(serve) as server:
            for options in [], ["--json"]:
                yield afetch("a.test", "-m", 0.6 * SLOWER, args, options,
                    server.route())

    def check_late(self, begun, *args):
        text, json_run = self.late(begun, *args)
        self.assertEqual((text.code, text.of("a.test")),
            (0, [b"HTTP/1.1 503 Busy", b"A: b"]))
        record = json_run.record("a.test")
        self.assertEqual((json_run.code, record["status"], record["reason"],
            record["headers"], record["attempts"], record["error"]),
            (0, 503, "Busy", [["A", "b"]], 2, None))
        self.assertEqual(record["header_bytes"], 27)
        self.assertGreater(record["timings_ms"]["total"], 590 * SLOWER)

    def test_an_answer_outlives_max_time(self):
        for begun in self.lates:
            self.check_late(begun, "--retry", 1)
        self.check_late(self.lates[-1], "--retry", 9)
        self.check_late(self.lates[-1], "--retry", 1, "-L")

    def test_a_failure_does_not(self):
        """No answer is there to fall back on."""
        tries = []
        def serve(peer):
            peer.request()
            tries.append(peer)
            if len(tries) == 1:
                peer.reset()
            peer.hold()
        with Server(serve) as server:
            run = afetch("a.test", "-m", 1, "--retry", 3, "--json",
                server.route())
        self.check_error(run.record("a.test"), "TIMEOUT", "wait")

    def test_a_later_answer_or_failure_counts(self):
        """The last try's lines only, held or not."""
        ends = {b"HTTP/1.1 404 X\r\nC: d\r\n\r\n":
                [b"HTTP/1.1 404 X", b"C: d"],
            b"HTTP/1.1 200 OK\r\nC: d\r\n": [b"HTTP/1.1 200 OK", b"C: d"]}
        for end, lines in ends.items():
            tries = []
            def serve(peer):
                peer.request()
                tries.append(peer)
                peer.send(end if len(tries) == 2 else
                    b"HTTP/1.1 503 Busy\r\nA: b\r\n\r\n")
            with Server(serve) as server:
                run = afetch("a.test", "--retry", 1, server.route())
            self.assertEqual(run.of("a.test"), lines)
            self.assertEqual(run.code, int(b"200" in end))

    def test_with_redirects(self):
        host = "first-1.status-503.tail.test"
        def serve(peer):
            peer.send(b"HTTP/1.1 302 X\r\nLocation: http://%s/\r\n\r\n"
                % host.encode() if peer.name() == "a.test" else OK)
        with Server(serve) as server:
            run = afetch("a.test", "-L", "--retry", 1, "--json",
                server.route("a.test"), self.lab.options())
        record = run.record("a.test")
        self.assertEqual((record["status"], record["attempts"],
            [hop["status"] for hop in record["hops"]]), (200, 2, [302, 200]))


class Rate(Case):
    @figures
    def test_holds(self):
        """The whole is never faster. Slower it may be where the machine does
        other things, too (test_pace has a clock of its own), but not all of
        the time: some half a second has the starts that belong to it."""
        for rate in 50, 1000:
            hosts = [f"h{n}.test" for n in range(rate * 5)]
            run = afetch("-i", "-", "-q", "--json", "--summary", "none",
                "--rate", rate, self.lab.options(), stdin=target_list(hosts),
                limit=60)
            self.assertEqual(run.summary["ok"], len(hosts))
            begun = sorted(datetime.datetime.fromisoformat(
                record["started_at"].rstrip("Z")).timestamp()
                for record in run.records)
            self.assertGreater(begun[-1] - begun[0], 4.5)
            half = rate // 2
            fastest = min(late - early
                for early, late in zip(begun, begun[half:]))
            self.assertLess(fastest, 0.6)
    test_holds.timeout = 180

    @figures
    def test_evenly(self):
        times = []
        def serve(peer):
            times.append(time.monotonic())
            peer.request()
            peer.send(OK)
        with Server(serve) as server:
            run = afetch("-i", "-", "--rate", "1200/m", server.route(),
                stdin=target_list(f"h{n}.test" for n in range(20)))
        self.assertEqual(run.code, 0)
        self.assertGreater(times[-1] - times[0], 19 * 0.05 - 0.1)
        self.assertGreater(times[10] - times[0], 10 * 0.05 - 0.1)

    def test_bad_targets_cost_nothing(self):
        run = afetch("-i", "-", "--rate", "1/h", "--json",
            stdin=target_list(["a..b"] * 100))
        self.assertEqual(run.summary["failed"], 100)

    def test_nothing_is_waited_for_after_the_last(self):
        for targets in ["a.test"], ["a.test", "a..b"]:
            run = afetch(targets, "--rate", "1/h", "--json",
                self.lab.options())
            self.assertEqual(run.summary["ok"], 1)


class PerAddress(Case):
    def fetch(self, host, count, *args):
        run = afetch("-i", "-", "--json", args, self.lab.options(),
            stdin=target_list([host] * count))
        self.assertEqual((run.code, run.summary["ok"]), (0, count))
        return run, self.lab.page(f"name/{host}")["max_open"]

    def test_never_one_more(self):
        for n in 1, 2, 7:
            _, most = self.fetch(f"ttfb-20.p{n}.test", 50, "--per-address", n)
            self.assertLessEqual(most, n)
        _, most = self.fetch("ttfb-50.free.test", 50)
        self.assertGreater(most, 7)

    def test_queueing_is_not_max_time(self):
        run, _ = self.fetch("ttfb-300.q.test", 20, "--per-address", 2,
            "-m", 2 * SLOWER, "--connect-timeout", 1.5 * SLOWER)
        times = [record["timings_ms"] for record in run.records]
        self.assertGreater(max(t["queued"] for t in times), 2000)
        self.assertLess(max(t["total"] for t in times), 2000 * SLOWER)

    def test_other_addresses_do_not_wait(self):
        with Server(OK, v6=True) as server:
            run = afetch("silent.a.test", "b.test", "-m", 2, "--json",
                "--per-address", 1, server.route("b.test")[:1],
                f"b.test::[{server.address}]:{server.port}",
                self.lab.options())
        self.assertIsNone(run.record("b.test")["error"])
        self.assertEqual([record["input"] for record in run.records],
            ["b.test", "silent.a.test"])

    def test_dead_first_address(self):
        for host in ("a-dead.aaaa.d1.test", "dead-3.d2.test",
                "a-hole.aaaa.d.test"):
            run = afetch(host, "--per-address", 1, "--json",
                self.lab.options(dns=True))
            self.assertEqual(run.code, 0, run.out)
            self.assertLess(run.records[0]["timings_ms"]["total"],
                4000 * SLOWER)

    def test_interrupted_in_the_queue(self):
        run = afetch("-i", "-", "--per-address", 1, "--deadline", 0.4,
            "--json", self.lab.options(),
            stdin=target_list(["silent.x.test"] * 5))
        self.assertEqual([e["code"] for e in
            (r["error"] for r in run.records)], ["CANCELED"] * 5)
        # One was asked; the others have not connected to anybody.
        queued = [r for r in run.records if r["remote_ip"] is None]
        self.assertEqual(len(queued), 4)
        for record in queued:
            self.assertEqual(record["error"]["phase"], "connect")
            self.assertIsNone(record["timings_ms"]["connect"])
            self.assertGreater(record["timings_ms"]["queued"], 300)


class Deadline(Case):
    def test_in_flight_and_not_begun(self):
        hosts = ["fine.test", "silent.a.test", "silent.b.test",
            *(f"later{n}.test" for n in range(10))]
        run = afetch("-i", "-", "-j", 2, "--deadline", 0.5, "--json",
            self.lab.options(), stdin=target_list(hosts))
        self.assertEqual(run.code, 1)
        self.assertEqual({host: e["code"] for host, e in run.errors().items()},
            {"silent.a.test": "CANCELED", "silent.b.test": "CANCELED"})
        self.assertEqual(run.summary["not_begun"], 10)
        self.assertEqual(run.summary["ok"], 1)
        self.assertIsNone(run.summary["signal"])
        self.assertLess(run.seconds, 9 * SLOWER)

    def test_not_reached(self):
        run = afetch("fine.test", "--deadline", 60, self.lab.options())
        self.assertEqual(run.code, 0)

    def test_while_waiting(self):
        """For the rate, for a pipe, for the next try."""
        run = afetch("a.test", "b.test", "c.test", "--rate", "1/h",
            "--deadline", 0.3, "--json", self.lab.options())
        self.assertEqual((run.code, run.summary["ok"],
            run.summary["not_begun"]), (1, 1, 2))
        run = afetch("status-503.a.test", "--retry", 9, "--deadline", 0.3,
            "--json", self.lab.options())
        self.assertEqual(run.records[0]["error"]["code"], "CANCELED")
        read, write = os.pipe()
        try:
            os.write(write, b"a.test\n")
            run = Afetch("-i", "-", "--deadline", 0.3, "--json",
                self.lab.options(), stdin=read).finish()
        finally:
            os.close(read)
            os.close(write)
        self.assertEqual((run.code, run.summary["ok"]), (0, 1))


if __name__ == "__main__":
    unittest.main()
