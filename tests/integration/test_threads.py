"""--threads: a run in several threads is the same run."""

import os
import resource
import signal
import time
import unittest

import dns
from harness import Afetch, Case, SLOWER, afetch, target_list
from test_dns_limits import Server as NameServer


MIXED = [name for n in range(40) for name in (
    f"a{n}.test", f"ttfb-20.b{n}.test", f"dns-nxdomain.c{n}.test",
    f"status-404.d{n}.test", f"reset.e{n}.test", f"a..bad{n}")]


def told(record):
    """What a record tells that no clock is in."""
    error = record["error"]
    return (record["index"], record["input"], record["status"],
        error and (error["phase"], error["code"], error["message"]),
        [h for h in record["headers"] or [] if h[0] != "Date"])


class Threads(Case):
    def fetch(self, threads, *args, targets=MIXED, **how):
        return afetch("--threads", threads, "-i", "-",
            self.lab.options(dns=True), args, stdin=target_list(targets),
            **how)

    def test_the_records_are_the_same(self):
        one = self.fetch(1, "--json")
        self.assertEqual(len(one.records), len(MIXED))
        for threads in 2, 4, "auto":
            run = self.fetch(threads, "--json", "-j", 64)
            self.assertEqual(sorted(map(told, run.records)),
                sorted(map(told, one.records)))
            self.assertEqual(run.code, one.code)
            for member in "targets", "succeeded", "failed":
                self.assertEqual(run.summary.get(member),
                    one.summary.get(member))

    def test_text_is_whole_by_target(self):
        names = [f"t{n}.test" for n in range(100)]
        run = self.fetch(4, "-s", targets=names)
        self.check_good(run, names)
        self.assertEqual(run.code, 0)

    def test_lines_are_shown_as_they_arrive(self):
        """Of each target, whichever thread has it, long before its end."""
        names = [f"line-300.lines-3.l{n}.test" for n in range(6)]
        run = Afetch("--threads", 3, "-s", names, self.lab.options())
        run.until(lambda run: all(name.encode() + b" header > HTTP/1.1 200"
            in run.out for name in names))
        self.assertNotIn(b"X-Line-00003", run.out)
        run = run.finish()
        self.assertEqual(run.code, 0)
        for name in names:
            self.assertEqual(sum(line.startswith(b"X-Line-")
                for line in run.of(name)), 3)

    def test_lines_of_a_slow_reader(self):
        """Nothing is lost, nothing is held without end, no target times out."""
        names = [f"lines-900.r{n}.test" for n in range(200)]
        run = Afetch("--threads", 3, "-s", "-m", 2, "-i", "-",
            self.lab.options(), stdin=target_list(names))
        time.sleep(3)
        run = run.finish(60)
        self.assertEqual(run.code, 0)
        for name in names:
            self.assertEqual(sum(line.startswith(b"X-Line-")
                for line in run.of(name)), 900)

    def test_what_is_going_on(self):
        names = [f"ttfb-60000.w{n}.test" for n in range(4)]
        run = Afetch("--threads", 3, names, self.lab.options())
        run.until(lambda run:
            self.lab.page("name/" + names[-1]).get("requests", 0) == 1)
        run.signal(signal.SIGUSR1)
        run.until(lambda run: run.err.count(b": wait, ") == 4)
        run.signal(signal.SIGINT)
        self.assertEqual(run.finish().code, 130)

    def test_interrupted_in_the_queue(self):
        """Who waits for an address is not let in by others that give up."""
        run = self.fetch(4, "--json", "--per-address", 1, "--deadline", 0.4,
            targets=["silent.x.test"] * 12)
        self.assertEqual([r["error"]["code"] for r in run.records],
            ["CANCELED"] * 12)
        self.assertEqual(
            sum(r["remote_ip"] is not None for r in run.records), 1)

    def test_more_threads_than_targets_at_once(self):
        run = self.fetch(4, "--json", "-j", 2,
            targets=[f"ttfb-5.m{n}.test" for n in range(20)])
        self.assertEqual(run.code, 0)
        self.assertEqual(run.summary["concurrency"], 2)

    def test_an_address_of_ours(self):
        run = self.fetch(3, "--json", "--interface", "127.0.0.1",
            targets=[f"i{n}.test" for n in range(20)])
        self.assertEqual(run.code, 0)

    def test_places_at_a_name_server(self):
        """There is one window for all threads; who waits has its time left."""
        names = [f"q{n}.test" for n in range(120)]
        with NameServer(places=10) as server:
            run = afetch("--threads", 3, "--json", "-s", "-i", "-", "-m", 1.5,
                "--dns-servers", server.address,
                "--connect-to", f":::{self.lab.http}",
                stdin=target_list(names))
        self.assertEqual(run.code, 0)
        self.assertGreater(
            max(r["timings_ms"]["queued"] for r in run.records), 200)
        self.assertLess(server.refused, 240)

    def test_rounds(self):
        run = self.fetch(3, "--json", "--count", 3, "--interval", 0.05,
            targets=[f"c{n}.test" for n in range(20)])
        self.assertEqual(run.code, 0)
        self.assertEqual(sorted((r["round"], r["index"]) for r in run.records),
            [(a, n) for a in (1, 2, 3) for n in range(20)])

    def test_what_a_server_said_before_the_time_was_over(self):
        """As with one thread, though another one has asked."""
        told = [self.fetch(threads, "--json", "-m", 1.5,
            targets=[f"dns-silent.s{n}.test" for n in range(6)]).records
            for threads in (1, 3)]
        codes = [{(r["error"]["phase"], r["error"]["code"]) for r in records}
            for records in told]
        self.assertEqual(codes[0], codes[1])

    def test_order_input(self):
        run = self.fetch(4, "--json", "--order", "input")
        self.assertEqual([r["index"] for r in run.records],
            list(range(len(MIXED))))

    def test_threads_there_are(self):
        run = Afetch("--threads", 3, "-i", "-", self.lab.options(),
            "--json", stdin=target_list(f"ttfb-500.h{n}.test"
                for n in range(3)))
        run.until(lambda run: len(os.listdir(f"/proc/{run.pid}/task")) >= 3)
        self.assertEqual(run.finish().code, 0)

    def test_each_name_is_asked_once(self):
        self.lab.page("clear")
        run = self.fetch(4, "--json",
            targets=[f"dns-delay-50.n{n % 10}.once.test/{n}" for n in range(200)])
        self.assertEqual(run.code, 0, run.records[0])
        counts = {name: count for name, count in dns.asked(self.lab).items()
            if name.endswith("once.test")}
        self.assertEqual(len(counts), 10)
        self.assertTrue(all(max(each) <= 1 for each in counts.values()),
            counts)

    def test_one_limit_of_an_address(self):
        run = self.fetch(4, "--json", "--per-address", 3,
            targets=["ttfb-20.limit.test"] * 60)
        self.assertEqual(run.code, 0)
        self.assertEqual(self.lab.page("name/ttfb-20.limit.test")["max_open"],
            3)

    def test_a_limit_with_targets_that_give_up(self):
        names = [f"ttfb-300.g{n}.test" for n in range(40)]
        run = self.fetch(4, "--json", "--per-address", 2, "--deadline", 0.5,
            targets=names)
        self.assertEqual(len(run.records), 40)

    def test_one_pace(self):
        run = self.fetch(4, "--json", "--rate", 100,
            targets=[f"p{n}.test" for n in range(50)])
        self.assertEqual(run.code, 0)
        self.assertGreaterEqual(run.seconds, 49 / 100)

    def test_deadline(self):
        run = self.fetch(4, "--json", "--deadline", 0.5, "-j", 8,
            targets=[f"ttfb-60000.d{n}.test" for n in range(100)])
        self.assertLess(run.seconds, 3 * SLOWER)
        self.assertEqual(len(run.records), 8)
        self.assertEqual({r["error"]["code"] for r in run.records},
            {r["error"]["code"] for r in self.fetch(1, "--json", "--deadline",
                0.5, "-j", 8, targets=[f"ttfb-60000.d{n}.test"
                    for n in range(100)]).records})

    def test_signals(self):
        for number in signal.SIGINT, signal.SIGTERM:
            run = Afetch("--threads", 4, "-i", "-", self.lab.options(),
                "--json", stdin=target_list(["quick.test"] +
                    [f"ttfb-60000.s{n}.test" for n in range(99)]))
            run.until(lambda run: run.out)
            run.signal(number)
            run = run.finish()
            self.assertEqual(run.code, 128 + number)
            self.assertEqual(len(run.records), 100)

    def test_a_slow_reader(self):
        names = [f"fields-200.r{n}.test" for n in range(500)]
        run = Afetch("--threads", 4, "-i", "-", self.lab.options(), "--json",
            "-m", 2, stdin=target_list(names))
        time.sleep(1)
        run = run.finish(60)
        self.assertEqual(run.code, 0)
        self.assertEqual(len(run.records), 500)

    def test_few_descriptors(self):
        def few():
            resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
        run = self.fetch(4, "--json", preexec_fn=few,
            targets=[f"f{n}.test" for n in range(300)])
        self.assertEqual(run.code, 0, run.err)
        self.assertEqual(len(run.records), 300)

    def test_too_few_descriptors_for_a_thread(self):
        def few():
            resource.setrlimit(resource.RLIMIT_NOFILE, (24, 24))
        run = self.fetch(8, "--json", preexec_fn=few,
            targets=[f"a{n}.test" for n in range(9)])
        self.assertEqual(run.code, 0)
        self.assertIn(b"1 of 8 threads: only 24 files", run.err)

    def test_all_addresses(self):
        run = self.fetch(4, "--json", "--all-addresses",
            targets=[f"w{n}.test" for n in range(50)])
        self.assertEqual(run.code, 0)
        self.assertEqual(len(run.records), 50)

    def test_what_is_no_number_of_threads(self):
        for value in "0", "-1", "x", "1025", "", "AUTO":
            run = afetch("--threads", value, "a.test")
            self.assertEqual(run.code, 2, value)
            self.assertIn(b"--threads", run.err)
        run = afetch("--threads", 2, "--versus-serial", "a.test")
        self.assertEqual(run.code, 2)
        self.assertIn(b"--versus-serial", run.err)


if __name__ == "__main__":
    unittest.main()
