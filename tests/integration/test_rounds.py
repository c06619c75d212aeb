"""The same list again and again: --count, --interval, --changes, --until."""

import os
import re
import signal
import tempfile
import threading
import unittest

from harness import Afetch, Case, Server, afetch, target_list


class Counting:
    """Answers with what `head` makes of the name and of how often it was asked
    so far."""

    def __init__(self, head):
        self.head, self.asked, self.lock = head, {}, threading.Lock()

    def __call__(self, peer):
        name = peer.name()
        with self.lock:
            self.asked[name] = self.asked.get(name, 0) + 1
            head = self.head(name, self.asked[name])
        if head is not None:
            peer.send(head)


def version(number, more=""):
    return f"HTTP/1.0 200 OK\r\nX-Version: {number}\r\n{more}\r\n".encode()


def with_date(name, times):
    return version(1, f"Date: {times}\r\n")


class Rounds(Case):
    def test_records(self):
        with Server(Counting(with_date)) as server:
            run = afetch("a.test", "b.test", "-c", 3, "--interval", 0, "--json",
                "-s", server.route())
        results = [r for r in run.all_records if r["type"] == "result"]
        self.assertEqual(run.code, 0)
        self.assertEqual(sorted((r["round"], r["index"]) for r in results),
            [(n, i) for n in (1, 2, 3) for i in (0, 1)])
        self.assertEqual([r["round"] for r in results], [1, 1, 2, 2, 3, 3])
        hosts = [r for r in run.all_records if r["type"] == "statistics"]
        self.assertEqual([h["input"] for h in hosts], ["a.test", "b.test"])
        for host in hosts:
            own = [r["timings_ms"]["total"] for r in results
                if r["input"] == host["input"]]
            total = host["timings_ms"]["total"]
            self.assertEqual((host["sent"], host["got"], host["loss"]), (3, 3, 0))
            self.assertAlmostEqual(total["min"], min(own), delta=0.001)
            self.assertAlmostEqual(total["max"], max(own), delta=0.001)
            self.assertAlmostEqual(total["avg"], sum(own) / 3, delta=0.001)
            self.assertAlmostEqual(total["p95"] / max(own), 1, delta=0.02)
            self.assertIsNone(host["timings_ms"]["dns"])
        self.assertEqual(run.all_records[-1]["rounds"], 3)
        self.assertEqual(run.all_records[-1]["targets"], 6)

    def test_lines_and_statistics(self):
        def odd_fails(name, times):
            return None if times % 2 == 0 else version(1)
        with Server(Counting(odd_fails)) as server:
            run = afetch("a.test", "-c", 4, "--interval", 0, server.route())
        self.assertEqual(run.code, 1)
        self.assertEqual(run.out.count(b"X-Version: 1\n"), 2)
        self.assertIn(b"4 fetches in 4 rounds: 2 ok", run.err)
        self.assertNotIn(b"one by one", run.err)
        self.assertRegex(run.err.decode(), r"a\.test: sent/got/loss = 4/2/50%, "
            r"min/avg/max/p95 = \d+\.\d\d(/\d+\.\d\d){3} ms\n")

    def test_as_fping_counts(self):
        """The average and the rest are of the answers alone."""
        with Server(Counting(with_date)) as server:
            run = afetch("a.test", "127.0.0.1:1", "-c", 2, "--interval", 0,
                server.route("a.test"), "-q", "--summary", "none")
        self.assertEqual(run.code, 1)
        self.assertRegex(run.err, rb"127\.0\.0\.1:1: sent/got/loss = 2/0/100%\n")
        self.assertRegex(run.err, rb"a\.test: sent/got/loss = 2/2/0%, min/")

    def test_a_schedule(self):
        """Each beginning is at its multiple, however long a round takes."""
        with Server(Counting(with_date)) as server:
            run = afetch("a.test", "-c", 4, "--interval", 0.25, "--json", "-s",
                server.route())
        begins = [float(re.search(r":(\d\d\.\d+)Z", r["started_at"])[1])
            for r in run.all_records if r["type"] == "result"]
        for n, at in enumerate(begins):
            # The first is the one that a slow start delays.
            self.assertGreater((at - begins[0]) % 60, 0.25 * n - 0.2)

    def test_late_rounds_are_told(self):
        def slow(peer):
            peer.request()
            peer.pause(0.3)
            peer.send(version(1))
        with Server(slow) as server:
            run = afetch("a.test", "-c", 3, "--interval", 0.05, "-q",
                server.route())
        self.assertRegex(run.err, rb"afetch: round 2 begins 0\.\d s late: ")
        self.assertRegex(run.err,
            rb"afetch: 2 rounds began late, the latest by 0\.\d s\n")

    def test_without_end(self):
        with Server(Counting(with_date)) as server:
            run = Afetch("a.test", "--interval", 0, "--json", server.route())
            run.until(lambda _: len(server.peers) > 20)
            run.signal(signal.SIGINT)
            end = run.finish()
        self.assertEqual(end.code, 130)
        self.assertEqual(end.all_records[-1]["signal"], "SIGINT")
        self.assertGreater(end.all_records[-1]["rounds"], 20)
        self.assertEqual(end.all_records[-2]["type"], "statistics")

    def test_a_signal_between_two(self):
        with Server(Counting(with_date)) as server:
            run = Afetch("a.test", "--interval", 600, "--json", server.route())
            run.until(lambda run: b'"round":1' in run.out)
            run.signal(signal.SIGINT)
            end = run.finish()
        self.assertEqual(end.code, 130)
        self.assertEqual(end.all_records[-1]["rounds"], 1)

    def test_asked_between_two(self):
        """The state is told at once, and an output file opened anew."""
        with tempfile.TemporaryDirectory() as folder, \
                Server(Counting(with_date)) as server:
            name = os.path.join(folder, "out")
            run = Afetch("a.test", "--interval", 600, "--json", "-o", name,
                server.route())
            run.until(lambda _: os.path.exists(name) and os.path.getsize(name))
            os.rename(name, name + ".1")
            run.signal(signal.SIGUSR1)
            run.until(lambda run: b"round 1 has ended, the next" in run.err)
            run.signal(signal.SIGHUP)
            run.until(lambda _: os.path.exists(name))
            run.signal(signal.SIGINT)
            self.assertEqual(run.finish().code, 130)

    def test_a_deadline_is_of_all(self):
        with Server(Counting(with_date)) as server:
            run = afetch("a.test", "--interval", 0.2, "--deadline", 0.5,
                "--json", "-s", server.route())
        self.assertEqual(run.code, 0)
        self.assertEqual(run.all_records[-1]["rounds"], 3)

    def test_rounds_that_a_deadline_keeps_from_beginning(self):
        with Server(Counting(with_date)) as server:
            run = afetch("a.test", "b.test", "-c", 5, "--interval", 100,
                "--deadline", 50, "--json", server.route())
        self.assertEqual(run.code, 1)
        self.assertEqual([run.summary[name] for name in
            ("rounds", "targets", "not_begun")], [1, 2, 8])

    def test_a_list_from_a_pipe(self):
        with Server(Counting(with_date)) as server:
            run = afetch("-i", "-", "-c", 2, "--interval", 0, "--json", "-s",
                server.route(), stdin=target_list(["a.test", "a b c", "b.test"]))
        lines = [(r["round"], r["list_line"], r["error"] and r["error"]["code"])
            for r in run.all_records if r["type"] == "result"]
        self.assertEqual(sorted(lines, key=lambda l: l[:2]), [
            (n, line, "BAD_TARGET" if line == 2 else None)
            for n in (1, 2) for line in (1, 2, 3)])
        self.assertEqual(run.code, 1)

    def test_summed_up(self):
        with tempfile.NamedTemporaryFile() as file:
            with Server(Counting(with_date)) as server:
                afetch("a.test", "b.test", "-c", 3, "--interval", 0, "--json",
                    "-s", "-o", file.name, server.route())
            run = afetch("--summarize", file.name)
            self.assertEqual(run.code, 0, run.err)
            self.assertIn(b"6 targets: 6 ok", run.out)
            run = afetch("--check", file.name, "--expect", "status == 200",
                "-q")
            self.assertEqual(run.code, 0, run.err)

    def test_check_keeps_the_round(self):
        with Server(Counting(with_date)) as server:
            run = afetch("a.test", "-c", 3, "--interval", 0, "--json", "-s",
                server.route())
        judged = afetch("--check", "--fail", "--json", stdin=run.out)
        self.assertEqual([r["round"] for r in judged.records], [1, 2, 3])

    def test_an_empty_list_ends(self):
        for option in ["--interval", 0], ["-c", 9], ["--until", "--fail"]:
            run = afetch("-i", "-", option, stdin=b"# nothing\n")
            self.assertEqual((run.code, run.out, run.err), (0, b"", b""))

    def test_what_does_not_go_together(self):
        for options in (["-c", 2, "--versus-serial"], ["--until"],
                ["--until", "-f", "-c", 2], ["--changes", "--order", "input"],
                ["-c", 2, "--prometheus", "x"], ["-c", 2, "--odd-one-out"],
                ["--changes", "--baseline", "/dev/null"], ["-c", 0],
                ["--interval", "x"], ["--until", "-f", "--changes"]):
            run = afetch("a.test", options)
            self.assertEqual(run.code, 2, options)
            self.assertEqual(run.out, b"")


class Changes(Case):
    def test_only_what_differs(self):
        def head(name, times):
            if name == "b.test":
                return version(1 if times < 3 else 2, f"Date: {times}\r\n")
            return with_date(name, times)
        with Server(Counting(head)) as server:
            run = afetch("a.test", "b.test", "-c", 4, "--interval", 0,
                "--changes", server.route())
        self.assertEqual(run.code, 4)
        self.assertEqual(
            sorted(line for line in run.out.splitlines() if b"Version" in line),
            [b"b.test header > X-Version: 2"])
        self.assertIn(b'b.test: changed since the round before: '
            b'x-version "1" -> "2"\n', run.err)
        self.assertIn(b"between rounds: 5 unchanged, 1 changed\n", run.err)

    def test_nothing_differs(self):
        with Server(Counting(with_date)) as server:
            run = afetch("a.test", "-c", 3, "--interval", 0, "--changes",
                "--json", server.route())
        self.assertEqual(run.code, 0)
        self.assertEqual([r["type"] for r in run.all_records],
            ["statistics", "summary"])
        self.assertEqual(run.all_records[0]["sent"], 3)

    def test_the_first_round_tells_what_is_wrong(self):
        heads = {"a.test": version(1), "b.test": None, "c.test": version(2)}
        with Server(Counting(lambda name, times: heads[name])) as server:
            run = afetch(*heads, "-c", 2, "--interval", 0, "--changes",
                "--expect", "header(X-Version) == \"1\"", "--json",
                server.route())
        self.assertEqual(run.code, 1)
        self.assertEqual(sorted((r["round"], r["input"], r["drift"])
            for r in run.records), [(1, "b.test", None), (1, "c.test", None)])

    def test_ignored_or_not(self):
        for option, code in ("--ignore-none", 4), ("--ignore=x-version", 0):
            with Server(Counting(lambda name, times: version(
                    times if option[8] == "=" else 1, f"Date: {times}\r\n"))
                    ) as server:
                run = afetch("a.test", "-c", 2, "--interval", 0, "--changes",
                    option, "-s", server.route())
            self.assertEqual(run.code, code, option)

    def test_a_failure_is_a_change(self):
        def head(name, times):
            return None if times == 2 else version(1)
        with Server(Counting(head)) as server:
            run = afetch("a.test", "-c", 3, "--interval", 0, "--changes",
                "--json", "-s", server.route())
        changes = [r["drift"] and [(c["from"], c["to"]) for c in
            r["drift"]["changes"]] for r in run.all_records
            if r["type"] == "result"]
        self.assertEqual(changes,
            [[("200", "EMPTY_REPLY")], [("EMPTY_REPLY", "200")]])


class Until(Case):
    expect = "--until", "--expect", 'header(X-Version) == "2"'

    def test_a_fleet_that_changes_over(self):
        """Fifty, one after the other; each is told of once, when it is right,
        and not asked again."""
        names = [f"h{n}.test" for n in range(50)]
        turn = {name: 1 + n for n, name in enumerate(names)}
        counting = Counting(
            lambda name, times: version(2 if times > turn[name] else 1))
        with Server(counting) as server:
            run = afetch("-i", "-", self.expect, "--interval", 0, "--json",
                "-s", server.route(), stdin=target_list(names))
        self.assertEqual(run.code, 0)
        results = [r for r in run.all_records if r["type"] == "result"]
        self.assertEqual(sorted(r["input"] for r in results), sorted(names))
        for r in results:
            self.assertEqual(r["round"], turn[r["input"]] + 1)
            self.assertIn(["X-Version", "2"], r["headers"])
        self.assertEqual(
            counting.asked, {name: turn[name] + 1 for name in names})
        self.assertEqual(run.all_records[-1]["targets"], 50)
        self.assertEqual(run.all_records[-1]["rounds"], 51)

    def test_some_never_are(self):
        def head(name, times):
            return version(2 if name == "a.test" else 1)
        with Server(Counting(head)) as server:
            run = afetch("a.test", "b.test", self.expect, "--interval", 0.05,
                "--deadline", 0.4, server.route())
        self.assertEqual(run.code, 4)
        self.assertEqual(run.out.count(b"X-Version"), 2)
        self.assertTrue(run.out.endswith(b"b.test header > X-Version: 1\n"))
        self.assertRegex(run.err, rb"2 targets in \d+ rounds: 2 ok")
        self.assertIn(b"checks: 1 ok, 1 failed", run.err)
        self.assertNotIn(b"not begun", run.err)

    def test_a_failure_is_fetched_again(self):
        def head(name, times):
            return None if times < 3 else version(1)
        with Server(Counting(head)) as server:
            run = afetch("a.test", "--until", "-f", "--interval", 0, "--json",
                "-s", server.route())
        self.assertEqual(run.code, 0)
        self.assertEqual(len(run.records), 1)
        self.assertEqual(run.records[0]["round"], 3)

    def test_a_bad_target_is_not_waited_for(self):
        with Server(Counting(lambda name, times: version(times))) as server:
            run = afetch("a..b", "a.test", self.expect, "--interval", 0,
                "--json", server.route())
        self.assertEqual(run.code, 1, run.err)
        self.assertEqual([(r["input"], r["round"]) for r in run.records],
            [("a..b", 1), ("a.test", 2)])

    def test_what_was_cut_short_says_less(self):
        """The last round hangs: the response of the one before is told."""
        def head(peer):
            peer.name()
            if len(server.peers) > 1:
                peer.hold()
            peer.send(version(1))
        with Server(head) as server:
            run = afetch("a.test", self.expect, "--interval", 0, "--json",
                "-s", "--deadline", 0.5, server.route())
        self.assertEqual(run.code, 4)
        self.assertEqual(run.records[0]["status"], 200)
        self.assertEqual(run.records[0]["round"], 1)

    def test_all_addresses(self):
        with Server(version(2)) as one, \
                Server(version(1), address="127.0.0.2", port=one.port):
            run = afetch(f"a.test:{one.port}", self.expect, "--all-addresses",
                "--resolve", f"a.test:{one.port}:127.0.0.1,127.0.0.2",
                "--interval", 0.05, "--deadline", 0.3, "-s", "-q")
        self.assertEqual(run.code, 4)


if __name__ == "__main__":
    unittest.main()
