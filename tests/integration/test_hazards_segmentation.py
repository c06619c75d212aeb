"""How an answer is cut into segments makes no difference."""

import unittest

from harness import GOOD, SLOWER, Case, Lab, Server, afetch, figures
from harness import target_list

OK = b"HTTP/1.1 200 OK\r\n"

REPLIES = [
    b"",
    OK,
    OK + b"\r\n",
    OK + b"A: b\r\n\r\n",
    OK + b"A: b\r\nC: d\r\n\r\nbody\r\n\r\nbody",
    OK + b"A: b\r\nC: d\r\n\r",
    OK + b"A: b\r\nC: d\r\n",
    OK + b"A: b\r\nC: d\r",
    OK + b"A: b\r\nC: d",
    OK + b"A: b\r\nC",
    OK + b"A: b\n\nHTTP/1.1 500 X\n\n",
    OK + b"A: b\n\r\n",
    OK + b"A: b\r\n\n",
    OK + b"A: b\r\r\n\r\n",
    OK + b"A: b\rC: d\r\n\r\n",
    OK + b"\r\r\n\r\n",
    OK + b"A:\r\nB: \r\nC:  \t\r\n\r\n",
    OK + b"A: b\r\n c\r\n\td\r\nE: f\r\n\r\n",
    OK + b" c\r\nA: b\r\n\r\n",
    OK + b"A: \xff\x00\x1b\xc2\x9b\r\n\r\n",
    OK + b"nocolon\r\n: empty\r\nBlank : x\r\n\r\n",
    OK + 3 * b"Set-Cookie: a=1\r\n" + b"\r\n",
    OK + b"A: " + 3000 * b"x" + b"\r\n\r\n",
    OK + 200 * b"A: b\r\n" + b"\r\n",
    b"HTTP/1.0 204\r\n\r\n",
    b"HTTP/1.1 200 \r\n\r\n",
    b"HTTP/1.1 999 Odd\r\n\r\n",
    b"HTTP/1.1 301 Gone \xe9\xff\r\nLocation: /\r\n\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\n" + OK + b"A: b\r\n\r\n",
    b"HTTP/1.1 103 X\r\nA: b\r\n\r\nHTTP/1.1 103 X\r\n\r\n" + OK + b"\r\n",
    b"HTTP/1.1 103 X\r\nA: b\r\n\r\n",
    b"HTTP/1.1 103 X\r\nA: b\r\n",
    b"HTTP/1.1 103 X\r\n\r\nHTT",
    b"HTTP/1.1 103 X\r\n\r\njunk\r\n",
    b"HTTP/1.1 101 Switch\r\nUpgrade: x\r\n\r\n\x00\x01",
    b"HTTP/1.1 20X OK\r\n\r\n",
    b"HTTP/1.1 2000 OK\r\n\r\n",
    b"HTTP/1.1 000 OK\r\n\r\n",
    b"HTTP/1.1 99\r\n\r\n",
    b"HTTP/2 200\r\n\r\n",
    b"HTTP/1.1 2",
    b"HTTP/",
    b"H",
    b"HTTQ/1.1 200 OK\r\n\r\n",
    b"http/1.1 200 OK\r\n\r\n",
    b" HTTP/1.1 200 OK\r\n\r\n",
    b"\r\nHTTP/1.1 200 OK\r\n\r\n",
    b"\n",
    b"\r\n",
    b"\r",
    b"SSH-2.0-OpenSSH_9.2\r\n",
    b"220 mail.example.test ESMTP\r\n250 OK\r\n",
    b"<html>\n<body>\n</body></html>\n",
    b"<html><title>a page without any line end, longer than sixty bytes",
    b"\x15\x03\x01\x00\x02\x02\x0a",
    *[b"X" * size + end for size in (58, 59, 60, 61)
        for end in (b"", b"\r", b"\n", b"\r\n", b"\r\r\n", b"\rX\r\n")],
]


def outcome(runs, host):
    """All that may not depend on segments."""
    text, json_run = runs
    record = json_run.record(host)
    return (text.of(host), text.failures().get(host), record["headers"],
        record["status"], record["reason"], record["http_version"],
        record["header_bytes"], record["error"])


def in_pieces(reply, cut, pause):
    def act(peer):
        peer.request()
        peer.trickle(reply, cut, pause)
    return act


class Segmentation(Case):
    def outcomes(self, script, good=()):
        with Server(script) as server:
            runs = self.both(script, server.route(*script), "-m", 20,
                good=good)
        return [outcome(runs, host) for host in script]

    def test_row_07_byte_by_byte(self):
        def script(cut, pause):
            return {f"host{n}.test": in_pieces(reply, cut, pause)
                for n, reply in enumerate(REPLIES)}

        whole = self.outcomes(script(1 << 20, 0))
        codes = {out[-1]["code"] for out in whole if out[-1]}
        self.assertEqual(codes, {"EMPTY_REPLY", "NOT_HTTP", "TRUNCATED"})
        self.assertIn(None, [out[-1] for out in whole])
        for cut in (1, 2, 7):
            pieces = self.outcomes(script(cut, 0.0002 * SLOWER), GOOD)
            for reply, one, other in zip(REPLIES, whole, pieces):
                self.assertEqual(one, other, (reply, cut))

    def test_row_08_every_split_point(self):
        lines = [b"HTTP/1.1 200 OK", b"Server: x", b"A: b", b" fold",
            b"no colon", b"X-Pad: " + 200 * b"p", b"Set-Cookie: a=1"]
        reply = b"\r\n".join([*lines, b"", b"body\r\n\r\n"])
        self.assertGreater(len(reply), 270)

        def split(at):
            def act(peer):
                peer.request()
                peer.send(reply[:at])
                peer.pause(0.05)
                peer.send(reply[at:])
            return act

        found = self.outcomes({f"at{at}.test": split(at)
            for at in range(len(reply) + 1)}, GOOD)
        self.assertEqual(found[0][0], lines)
        self.assertEqual(found[0][2][1], ["A", "b fold"])
        for at, one in enumerate(found):
            self.assertEqual(one, found[0], at)

    def test_row_08_split_inside_the_last_line_end(self):
        """The blank line's CR and LF in segments of their own, and at the
        end of the room that a read has."""
        script = {}
        for size in (510, 511, 512, 513, 1023, 1024, 16383, 16384, 16385):
            head = OK + b"A: " + (size - len(OK) - 3) * b"x"
            for at in range(5):
                def act(peer, head=head, at=at):
                    peer.request()
                    end = b"\r\n\r\n"
                    for part in (head + end[:at], end[at:]):
                        peer.send(part)
                        peer.pause(0.05)
                script[f"size{size}at{at}.test"] = act
        found = self.outcomes(script)
        for host, one in zip(script, found):
            self.assertIsNone(one[-1], host)
            self.assertEqual(len(one[0]), 2, host)
            self.assertEqual(f"size{one[6] - 4}at", host[:-6], host)

    @figures
    def test_row_09_trickled_line_slows_nobody(self):
        """Those that answer later than the slow ones begin to are all there
        before the first of the slow ones ends."""
        good = [f"ttfb-300.good{n}.test" for n in range(50)]
        slow = [f"trickle-1.longline-65536.slow{n}.test" for n in range(100)]
        with Lab() as other:
            routes = [arg for host in slow for arg in
                ("--connect-to", f"{host}::127.0.0.1:{other.http}")]
            run = afetch("-i", "-", "--json", "-m", 4, routes,
                self.lab.options(), stdin=target_list(slow + good))
        for host in slow:
            self.check_error(run.record(host), "TIMEOUT", "receive")
        first = run.records[:len(good)]
        self.assertEqual({record["input"] for record in first}, set(good))
        self.assertEqual([r["error"] for r in first], [None] * len(good))


class Quote(Case):
    """What is told of an answer that is not HTTP."""

    def test_quote_is_of_the_host_itself(self):
        """While one host's banner is waited for, others are read."""
        def banner(peer):
            peer.request()
            peer.send(b"FIRST-")
            peer.pause(0.3)
            peer.send(b"LAST") if peer.name() == "more.test" else None

        def other(peer):
            peer.request()
            peer.pause(0.1)
            peer.send(OK + b"Secret: " + 200 * b"s" + b"\r\n\r\n")

        script = {"once.test": banner, "more.test": banner,
            **{f"other{n}.test": other for n in range(20)}}
        with Server(script) as server:
            runs = self.both(script, server.route(*script), "-m", 2)
        self.check(runs, "once.test", [], "NOT_HTTP",
            'not HTTP: "FIRST-"')
        self.check(runs, "more.test", [], "NOT_HTTP",
            'not HTTP: "FIRST-LAST"')


if __name__ == "__main__":
    unittest.main()
