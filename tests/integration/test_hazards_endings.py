"""How connections end, and those that do not."""

import contextlib
import socket
import unittest

from harness import SLOWER, Case, Server, free_port

OK = b"HTTP/1.1 200 OK\r\n"
HEAD = OK + b"Server: x\r\nA: b\r\n folded\r\nno colon\r\nC: d\r\n\r\n"
INCOMPLETE = "incomplete"
T = ("-m", 2)


def complete_lines(data):
    """The lines of a head cut off there."""
    return [line.removesuffix(b"\r") for line in data.split(b"\n")[:-1]]


def headers_of(lines):
    """The record's headers for the lines of HEAD."""
    pairs = {b"Server: x": [["Server", "x"]], b"A: b": [["A", "b"]],
        b" folded": [], b"no colon": [["no colon", None]],
        b"C: d": [["C", "d"]]}
    found = [pair for line in lines[1:] for pair in pairs[line]]
    if b" folded" in lines:
        found[1] = ["A", "b folded"]
    return found


def then(data, act):
    """Sends the data, then does it."""
    def serve(peer):
        peer.request()
        peer.send(data)
        act(peer)
    return serve


def reset(peer):
    peer.pause(0.05)  # what was sent is read
    peer.reset()


def stay(peer):
    peer.hold()


def shut_and_stay(peer):
    peer.shut()
    peer.hold()


class Endings(Case):
    def run_script(self, script):
        with Server(script) as server:
            # All of it ends by itself, some time on a busy machine.
            return self.both(script, server.route(*script), "-m", 10)

    def check_cut(self, runs, host, data, code, message):
        lines = complete_lines(data)
        self.check(runs, host, lines, code, message,
            headers=headers_of(lines))

    def test_row_10_head_cut_at_every_length(self):
        script = {f"cut{n}.test": HEAD[:n] for n in range(len(HEAD) + 1)}
        runs = self.run_script(script)
        self.check(runs, "cut0.test", [], "EMPTY_REPLY", phase="wait")
        for n in range(1, len(HEAD)):
            self.check_cut(runs, f"cut{n}.test", HEAD[:n], "TRUNCATED",
                INCOMPLETE)
        lines = complete_lines(HEAD)[:-1]
        self.check(runs, f"cut{len(HEAD)}.test", lines,
            headers=headers_of(lines))

    def test_row_11_end_of_file_in_a_line(self):
        runs = self.run_script({
            "field.test": b"HTTP/1.0 200 OK\r\nServer: Apa",
            "status.test": b"HTTP/1.0 200 OK",
            "cr.test": b"HTTP/1.0 200 OK\r\nServer: Apache\r",
        })
        lines = [b"HTTP/1.0 200 OK"]
        self.check(runs, "field.test", lines, "TRUNCATED", INCOMPLETE)
        self.check(runs, "status.test", [], "TRUNCATED", INCOMPLETE)
        self.check(runs, "cr.test", lines, "TRUNCATED", INCOMPLETE)
        for run in runs:
            self.assertNotIn(b"Apa", run.out + run.err)

    def test_row_12_reset_in_the_head(self):
        cuts = [n for n in range(1, len(HEAD), 7)]
        runs = self.run_script(
            {f"cut{n}.test": then(HEAD[:n], reset) for n in cuts})
        for n in cuts:
            self.check_cut(runs, f"cut{n}.test", HEAD[:n], "RESET", "reset")

    def test_row_13_reset_after_the_head(self):
        def at_once(peer):
            peer.reset()

        hosts = [f"host{n}.test" for n in range(50)]
        runs = self.run_script({host: then(HEAD, act)
            for n, host in enumerate(hosts)
            for act in ((at_once, reset)[n % 2],)})
        lines = complete_lines(HEAD)[:-1]
        for host in hosts:
            self.check(runs, host, lines, headers=headers_of(lines))

    def check_ends_there(self, act):
        hosts = [f"host{n}.test" for n in range(5)]
        runs = self.run_script({host: then(HEAD, act) for host in hosts})
        lines = complete_lines(HEAD)[:-1]
        for host in hosts:
            self.check(runs, host, lines, headers=headers_of(lines))
            receive = runs[1].record(host)["timings_ms"]["receive"]
            self.assertLess(receive, 1000 * SLOWER)  # half of what it may take

    def test_row_14_half_close_then_silence(self):
        self.check_ends_there(shut_and_stay)

    def test_row_14_half_close_in_the_head(self):
        runs = self.run_script(
            {"half.test": then(HEAD[:40], shut_and_stay)})
        self.check_cut(runs, "half.test", HEAD[:40], "TRUNCATED", INCOMPLETE)

    def test_row_15_connection_kept_open(self):
        self.check_ends_there(stay)

    def test_row_22_accepted_and_closed(self):
        runs = self.run_script({
            "heard.test": then(b"", lambda peer: None),
            "shut.test": then(b"", shut_and_stay),
        })
        for host in ("heard.test", "shut.test"):
            self.check(runs, host, [], "EMPTY_REPLY", "empty reply",
                phase="wait")

    def test_row_23_reset_before_the_request(self):
        hosts = [f"host{n}.test" for n in range(1000)]

        def act(peer):
            peer.reset()

        with Server(act) as server:
            runs = self.both(hosts, server.route(*hosts), T)
        for host in hosts:
            error = runs[1].errors()[host]
            self.assertEqual(error["code"], "RESET", error)
            self.assertIn(error["phase"], ("connect", "send", "wait"))

    def test_row_23_answer_without_reading_the_request(self):
        """A server may answer, close and reset; its answer counts."""
        def act(peer):
            peer.send(HEAD)

        hosts = [f"host{n}.test" for n in range(20)]
        with Server(act) as server:
            runs = self.both(hosts, server.route(*hosts), T)
        lines = complete_lines(HEAD)[:-1]
        for host in hosts:
            self.check(runs, host, lines, headers=headers_of(lines))


class NoEnd(Case):
    """T is the whole target's time."""

    def check_timed_out(self, runs, host, lines=(), phase="wait"):
        self.check(runs, host, list(lines), "TIMEOUT", "timed out",
            phase=phase)
        record = runs[1].record(host)
        total = record["timings_ms"]["total"]
        self.assertGreaterEqual(total, 1990)
        self.assertLess(total, 9000 * SLOWER)
        after = {"connect": ("send", "wait", "receive"),
            "wait": ("receive",), "receive": ()}[phase]
        for name in after:
            self.assertIsNone(record["timings_ms"][name], name)

    def test_row_18_silent_after_accept(self):
        hosts = [f"host{n}.test" for n in range(20)]
        with Server(then(b"", stay)) as server:
            runs = self.both(hosts, server.route(*hosts), T)
        for host in hosts:
            self.check_timed_out(runs, host)

    def test_row_19_slowloris(self):
        def act(data):
            def serve(peer):
                peer.request()
                peer.trickle(data, 1, 0.3)
            return serve

        script = {
            "status.test": act(OK),
            "field.test": then(OK + b"A: b\r\n", act(b"C: " + 60 * b"d")),
            "lines.test": then(OK, act(60 * b"\t\n")),
            "interim.test": then(b"HTTP/1.1 100 C\r\n\r\n", act(OK)),
        }
        with Server(script) as server:
            runs = self.both(script, server.route(*script), T)
        self.check_timed_out(runs, "status.test", [], "receive")
        self.check_timed_out(runs, "field.test",
            [OK.strip(), b"A: b"], "receive")
        self.check_timed_out(runs, "interim.test", [], "receive")
        text, json_run = runs
        error = json_run.errors()["lines.test"]
        self.assertEqual((error["code"], error["phase"]),
            ("TIMEOUT", "receive"))
        self.assertEqual(text.of("lines.test")[:2], [OK.strip(), b"\t"])

    def test_row_20_closed_port(self):
        port = free_port()
        runs = self.both(["closed.test"],
            "--connect-to", f"closed.test::127.0.0.1:{port}", T)
        self.check(runs, "closed.test", [], "REFUSED", "refused",
            phase="connect")
        record = runs[1].record("closed.test")
        self.assertEqual((record["remote_ip"], record["remote_port"]),
            ("127.0.0.1", port))
        self.assertEqual(record["header_bytes"], 0)

    def test_row_21_black_hole(self):
        with contextlib.ExitStack() as stack:
            sock = stack.enter_context(socket.socket())
            sock.bind(("127.0.0.1", 0))
            sock.listen(0)  # a queue of one; SYNs beyond it are dropped
            for _ in range(4):
                other = stack.enter_context(socket.socket())
                other.setblocking(False)
                other.connect_ex(sock.getsockname())
            port = sock.getsockname()[1]
            hosts = [f"hole{n}.test" for n in range(5)]
            runs = self.both(hosts, T, [("--connect-to",
                f"{host}::127.0.0.1:{port}") for host in hosts])
        for host in hosts:
            self.check_timed_out(runs, host, phase="connect")

    def test_connect_timeout_is_of_connecting_alone(self):
        """It ends before T; an answer may take longer than it."""
        def late(peer):
            peer.request()
            peer.pause(0.8 * SLOWER)
            peer.send(HEAD)

        with Server({"late.test": late}) as server:
            runs = self.both(["late.test"], server.route("late.test"),
                "--connect-timeout", 0.4 * SLOWER, "-m", 5 * SLOWER)
        lines = complete_lines(HEAD)[:-1]
        self.check(runs, "late.test", lines, headers=headers_of(lines))


if __name__ == "__main__":
    unittest.main()
