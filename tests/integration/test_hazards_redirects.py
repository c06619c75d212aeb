"""Redirects and interim responses that are odd and right."""

from harness import Case, Server, afetch

DONE = b"HTTP/1.1 200 OK\r\nA: b\r\n\r\n"
BIG = "HEADER_TOO_LARGE"


def moved(*locations):
    lines = b"".join(b"Location: %s\r\n" % line for line in locations)
    return b"HTTP/1.1 302 Moved\r\n" + lines + b"\r\n"


class Redirects(Case):
    def follow(self, *answers, target="http://a.test/", args=()):
        """The record over these answers, one a request; the paths."""
        left = list(answers)

        def serve(peer):
            peer.request()
            peer.send(left.pop(0) if left else DONE)
        with Server(serve) as server:
            run = afetch(target, "-L", "--json", "-m", 5, args,
                "--connect-to", f"::127.0.0.1:{server.port}")
            paths = [head.split()[1].decode() for head in server.requests()]
        return run.records[0], paths

    def test_row_100_empty_port(self):
        for value, url in {
            "http://b.test:/done": "http://b.test/done",
            "//b.test:/done": "http://b.test/done",
            "http://b.test:": "http://b.test/",
            "http://b.test:?x": "http://b.test/?x",
            "http://b.test:#x": "http://b.test/",
            "http://[::1]:/done": "http://[::1]/done",
            "http://b.test:080/": "http://b.test/",
            "http://b.test:08080/": "http://b.test:8080/",
        }.items():
            with self.subTest(value):
                record, paths = self.follow(moved(value.encode()))
                self.assertEqual((record["status"], record["final_url"]),
                    (200, url), record["error"])
                self.assertEqual(len(paths), 2)

    def test_row_100_empty_port_is_the_schemes(self):
        """Not the port that was asked before."""
        record, _ = self.follow(moved(b"//a.test:/x"),
            target="http://a.test:8080/")
        self.assertEqual(record["final_url"], "http://a.test/x")

    def test_row_100_empty_port_of_a_target(self):
        """The user's own is a slip."""
        run = afetch("http://a.test:/", "--json")
        self.assertEqual(run.records[0]["error"]["code"], "BAD_TARGET")

    def test_row_100_empty_location(self):
        for answer in (moved(b""), moved(b" \t "), moved(b"\r\n \t"),
                moved(b"", b" "), moved()):
            with self.subTest(answer):
                record, paths = self.follow(answer)
                self.assertIsNone(record["error"])
                self.assertEqual((record["status"], len(record["hops"])),
                    (302, 1))
                self.assertEqual(paths, ["/"])

    def test_row_100_empty_location_before_another(self):
        record, paths = self.follow(moved(b"", b"/x", b"/y"))
        self.assertEqual((record["status"], paths), (200, ["/", "/x"]))

    def test_row_100_itself_once(self):
        for value in b"/", b"#x", b"http://a.test", b"//A.TEST:80/#y":
            with self.subTest(value):
                record, paths = self.follow(moved(value))
                self.assertEqual((record["status"], paths),
                    (200, ["/", "/"]), record["error"])
                record, paths = self.follow(moved(value), moved(value))
                self.assertEqual(record["error"]["code"], "REDIRECT_LOOP")
                self.assertEqual([hop["status"] for hop in record["hops"]],
                    [302, 302])
                self.assertEqual(paths, ["/", "/"])

    def test_row_100_back_and_on(self):
        """A wall: to another page and back, then the page."""
        record, paths = self.follow(moved(b"/wall"), moved(b"/"))
        self.assertEqual((record["status"], paths),
            (200, ["/", "/wall", "/"]))
        record, paths = self.follow(moved(b"/wall"), moved(b"/"),
            moved(b"/wall"), moved(b"/"))
        self.assertEqual(record["error"]["code"], "REDIRECT_LOOP")
        self.assertEqual(paths, ["/", "/wall", "/", "/wall"])

    def test_row_100_most_redirects(self):
        record, paths = self.follow(moved(b"/"), moved(b"/"),
            args=("--max-redirs", 0))
        self.assertEqual(record["error"]["code"], "TOO_MANY_REDIRECTS")
        self.assertEqual(paths, ["/"])


def interim(size=None, version=b"1.1"):
    """An interim head, of that many bytes."""
    head = b"HTTP/%s 103 Early\r\n" % version
    if size:
        head += b"Link: %s\r\n" % ((size - len(head) - 10) * b"x")
    return head + b"\r\n"


class Interim(Case):
    def table(self, table, *args):
        script = {host: row[0] for host, row in table.items()}
        with Server(script) as server:
            runs = self.both(script, server.route(*script), "-m", 5, args)
        for host, (_, lines, message) in table.items():
            self.check(runs, host, lines if message is None else [],
                message and BIG, message or "")

    def test_row_100_interim_heads(self):
        lines = [b"HTTP/1.1 200 OK", b"A: b"]
        many = "more than 100 interim (1xx) responses"
        for args in (), ("--http1.1",):
            self.table({
                "none.test": (DONE, lines, None),
                "most.test": (100 * interim() + DONE, lines, None),
                "old.test": (
                    100 * interim(version=b"1.0") + DONE, lines, None),
                "over.test": (101 * interim() + DONE, lines, many),
                "endless.test": (101 * interim(), lines, many),
            }, *args)

    def test_row_100_interim_bytes(self):
        """They have one limit together, which is that of a head."""
        lines = [b"HTTP/1.1 200 OK", b"A: b"]
        large = "the interim (1xx) responses are larger than 4096 bytes"
        for args in (), ("--http1.1",):
            self.table({
                "one.test": (interim(4096) + DONE, lines, None),
                "exact.test": (64 * interim(64) + DONE, lines, None),
                "over.test": (
                    63 * interim(64) + interim(65) + DONE, lines, large),
                "first.test": (interim(4097) + DONE, lines,
                    "the headers are larger than 4096 bytes"),
            }, "--max-header-size", "4K", *args)

    def test_row_100_default_bytes(self):
        lines = [b"HTTP/1.1 200 OK", b"A: b"]
        size = 256 * 1024 // 8
        self.table({
            "exact.test": (8 * interim(size) + DONE, lines, None),
            "over.test": (7 * interim(size) + interim(size + 1) + DONE,
                lines, "the interim (1xx) responses are larger than 262144"),
        })
