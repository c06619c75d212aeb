"""Answers without end, and the limits on what is read of an answer."""

import collections
import signal
import subprocess
import unittest

from harness import MB, SLOWER, Afetch, Case, Server, figures, target_list

LINE = 65536
HEAD = 256 * 1024
LINES = 1000
INTERIM = 10

OK = b"HTTP/1.1 200 OK"
BIG = "HEADER_TOO_LARGE"


def line_of(size, name=b"X"):
    """A field line of that many bytes."""
    return name + b": " + b"a" * (size - len(name) - 2)


def head_of(lines):
    return b"".join(line + b"\r\n" for line in lines) + b"\r\n"


def padded(size):
    """The lines of a head of exactly that many bytes."""
    lines = [OK]
    left = size - len(head_of(lines))
    while left > LINE:
        lines.append(line_of(LINE - 2))
        left -= LINE
    return [*lines, line_of(left - 2)]


def endless(start, unit):
    def act(peer):
        peer.request()
        peer.send(start)
        peer.forever(unit)
    return act


class Endless(Case):
    """Ten hosts that never end, beside the good ones."""

    def endless(self, start, unit, code, message, lines=(), *,
            headers=None, sent=2 * MB):
        hosts = [f"endless{n}.test" for n in range(10)]
        with Server(endless(start, unit), send_buffer=16384) as server:
            runs = self.both(hosts, server.route(*hosts), "-m", 9)
        for host in hosts:
            self.check(runs, host, list(lines), code, message,
                headers=headers)
        self.assertLess(server.most_sent, sent)
        if SLOWER == 1:
            for run in runs:
                self.assertGreater(run.rss, 0)
                self.assertLess(run.rss, 50 * MB)

    def test_row_01_endless_lines(self):
        self.endless(OK + b"\r\n", b"X: y\r\n", BIG,
            "more than 1000 header lines", [OK] + (LINES - 1) * [b"X: y"])

    def test_row_01_endless_long_lines(self):
        line = line_of(1022)
        self.endless(OK + b"\r\n", line + b"\r\n", BIG,
            "larger than 262144 bytes", [OK] + 255 * [line])

    def test_row_02_endless_line(self):
        self.endless(OK + b"\r\n", b"a", BIG,
            "longer than 65536 bytes", [OK], sent=MB)

    def test_row_02_endless_status_line(self):
        self.endless(OK, b"a", BIG,
            "longer than 65536 bytes", sent=MB)

    def test_row_03_endless_folds(self):
        folds = LINES - 2
        self.endless(OK + b"\r\nA: b\r\n", b"  c\r\n", BIG,
            "more than 1000 header lines",
            [OK, b"A: b"] + folds * [b"  c"],
            headers=[["A", "b" + folds * " c"]])

    def test_row_04_endless_interim(self):
        self.endless(b"", b"HTTP/1.1 100 C\r\n\r\n", BIG,
            "more than 10 interim (1xx) responses")

    def test_row_16_endless_zeros(self):
        hosts = ["zeros.test"]

        def act(peer):
            peer.request()
            for _ in range(1000):
                peer.send(bytes(1024))
                peer.pause(0.005 * SLOWER)

        with Server(act) as server:
            runs = self.both(hosts, server.route(*hosts), "-m", 9)
        self.check(runs, hosts[0], [], "NOT_HTTP", 60 * r"\x00" + '"')
        self.assertLess(server.most_sent, 65536)

    def test_row_17_endless_body(self):
        hosts = [f"body{n}.test" for n in range(20)]
        lines = [OK, b"Content-Length: 10000000000"]
        with Server(endless(head_of(lines), b"body\r\n"),
                send_buffer=16384) as server:
            runs = self.both(hosts, server.route(*hosts), "-m", 9)
        for host in hosts:
            self.check(runs, host, lines)
        self.assertLess(server.most_sent, 1 << 20)


class Limits(Case):
    def table(self, table, *args):
        """{host: (head's lines, lines shown, message or None)}"""
        script = {}
        for host, (lines, _, _) in table.items():
            head = lines if isinstance(lines, bytes) else head_of(lines)
            script[host] = head
            script["cut." + host] = cut_in_two(head)
            script["cr." + host] = cut_after_cr(head)
        with Server(script) as server:
            runs = self.both(script, server.route(*script), "-m", 5, args)
        for host, (_, shown, message) in table.items():
            for name in (host, "cut." + host, "cr." + host):
                self.check(runs, name, shown, message and BIG,
                    message or "")

    def test_row_05_line_at_its_limit(self):
        message = "a header line is longer than 65536 bytes"
        table = {}
        for size in (LINE - 1, LINE, LINE + 1, LINE + 2):
            lines = [OK, b"A: b", line_of(size), b"C: d"]
            fits = size <= LINE
            table[f"field{size}.test"] = (
                lines, lines if fits else lines[:2], None if fits else message)
            status = [OK + b" " + b"x" * (size - len(OK) - 1), b"A: b"]
            table[f"status{size}.test"] = (
                status, status if fits else [], None if fits else message)
            table[f"lf{size}.test"] = (b"\n".join([*lines, b"", b""]),
                *table[f"field{size}.test"][1:])
        self.table(table)

    def test_row_05_head_at_its_limit(self):
        fits, over = padded(HEAD), padded(HEAD + 1)
        message = f"the headers are larger than {HEAD} bytes"
        self.assertEqual(len(head_of(fits)), HEAD)
        self.table({
            "fits.test": (fits, fits, None),
            # The blank line is what exceeds it.
            "over.test": (over, over, message),
            "far.test": ([*fits, b"X: y"], fits, message),
        })

    def test_row_05_number_of_lines_at_its_limit(self):
        lines = [OK] + [b"X-%d: y" % n for n in range(1, LINES)]
        self.table({
            "fits.test": (lines, lines, None),
            "over.test": ([*lines, b"X: y"], lines,
                "more than 1000 header lines"),
        })

    def test_row_05_interim_responses_at_their_limit(self):
        interim = b"HTTP/1.1 103 Early\r\nLink: <a>\r\n\r\n"
        lines = [OK, b"A: b"]
        self.table({
            "fits.test": (INTERIM * interim + head_of(lines), lines, None),
            "over.test": ((INTERIM + 1) * interim + head_of(lines), [],
                "more than 10 interim (1xx) responses"),
        })

    def test_row_05_each_interim_head_has_its_own_limit(self):
        lines = padded(HEAD)
        interim = [OK.replace(b"200", b"103"), *lines[1:]]
        over = [*interim, b"X: y"]
        self.table({
            "fits.test": (head_of(interim) + head_of(lines), lines, None),
            "over.test": (head_of(over) + head_of(lines), [],
                f"the headers are larger than {HEAD} bytes"),
        })

    def test_max_header_size_counts_the_whole_head(self):
        lines = padded(1024)
        over = padded(1025)
        self.table({
            "fits.test": (lines, lines, None),
            "over.test": (over, over,
                "the headers are larger than 1024 bytes"),
            # Noticed without waiting for the end of the line.
            "endless.test": (OK + b"\r\nX: " + 2000 * b"y", [OK],
                "the headers are larger than 1024 bytes"),
        }, "--max-header-size", "1K")

    def test_max_header_size_may_be_larger(self):
        lines = padded(400 * 1024)
        self.table({"large.test": (lines, lines, None)},
            "--max-header-size", "400K")

    def fill(self, count, answer, *args):
        """The Run in which so many hosts are given this beginning of an answer
        and nothing more: it ends when each has been read."""
        def act(peer):
            peer.request()
            peer.send(answer)
            peer.hold()

        def is_read(_):
            return (len(server.peers) == count and not server.unread() and
                all(peer.sent == len(answer) for peer in server.peers))

        with Server(act) as server:
            run = Afetch("-i", "-", "-j", count, "-m", 100, args,
                server.route(), stdin=target_list(f"host{n}.test"
                    for n in range(count)), stdout=subprocess.DEVNULL)
            run.until(is_read, limit=60)
            run.signal(signal.SIGINT)
            ended = run.finish()
        self.assertEqual(ended.code, 130)
        self.assertEqual(collections.Counter(ended.failures().values()),
            {"receive: canceled": count})
        return ended

    @figures
    def test_row_06_many_hosts_each_near_the_limit(self):
        count = 500
        lines = b"".join(line_of(1022) + b"\r\n" for _ in range(199))
        answer = OK + b"\r\n" + lines + line_of(1022)  # and no line end
        run = self.fill(count, answer, "--json")
        self.assertGreater(run.rss, count * len(answer))
        self.assertLess(run.rss, count * HEAD + 20 * MB)

    @figures
    def test_row_06_text_keeps_no_lines(self):
        head = b"".join(line_of(1022) + b"\r\n" for _ in range(199))
        run = self.fill(500, OK + b"\r\n" + head)
        self.assertLess(run.rss, 30 * MB)


def pieces(*parts):
    def act(peer):
        peer.request()
        for part in parts:
            peer.send(part)
            peer.pause(0.02)
    return act


def cut_in_two(answer):
    """Cut in the middle, and in the last line end."""
    half = len(answer) // 2
    return pieces(answer[:half], answer[half:-3], answer[-3:])


def cut_after_cr(answer):
    """Cut between the CR and the LF of its longest line."""
    longest = max(answer.split(b"\n"), key=len)
    at = answer.index(longest) + len(longest)
    return pieces(answer[:at], answer[at:])


if __name__ == "__main__":
    unittest.main()
