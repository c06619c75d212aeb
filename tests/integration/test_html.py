"""What is promised of --html: one page that needs nothing else, in which
nothing that a server sent is more than text. scripts/zoo has a browser."""

import base64
import hashlib
import html.parser
import tempfile
import unittest
from pathlib import Path

from harness import Case, Server, afetch, escaped

fast = True

# What a page is made of; any other element would be a server's.
ELEMENTS = set("""html head meta title style body form input select option
    output section h1 h2 p table thead tbody tr th td details summary pre div
    span ul li svg path rect g text script""".split())
VOID = {"meta", "input", "path", "rect"}


class Page(html.parser.HTMLParser):
    """Elements and texts; each element is closed where it should be."""

    def __init__(self, text):
        super().__init__()
        self.open, self.elements, self.texts = [], [], []
        self.rows, self.removed = [], []
        self.feed(text)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag, attributes):
        assert tag in ELEMENTS, (tag, attributes)
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "tr":
            self.rows.append((dict(attributes), []))
        if tag in ("td", "th"):
            self.rows[-1][1].append("")

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag

    def handle_data(self, data):
        self.texts.append((self.open[-1] if self.open else "", data))
        if "td" in self.open:
            self.rows[-1][1][-1] += data

    def all(self, tag):
        return "".join(data for name, data in self.texts if name == tag)

    def targets(self):
        """[kinds, status, target and headers, address, …]"""
        return [[attributes["data-k"], *cells]
            for attributes, cells in self.rows if "data-k" in attributes]


def sha256(text):
    return "sha256-" + base64.b64encode(
        hashlib.sha256(text.encode()).digest()).decode()


class Html(Case):
    def page(self, *args, code=0):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "run.html"
            run = afetch("-q", "--html", path, *args)
            self.assertEqual(run.code, code, run.err)
            self.text = path.read_bytes().decode("utf-8", "strict")
        page = Page(self.text)
        self.check_policy(page)
        return page

    def check_policy(self, page):
        """Its own style and script by their hashes, nothing else; and there
        is nothing else."""
        names = [name for name, _ in page.elements]
        self.assertEqual((names.count("style"), names.count("script")), (1, 1))
        [policy] = [attributes["content"] for _, attributes in page.elements
            if attributes.get("http-equiv") == "Content-Security-Policy"]
        self.assertEqual(policy, "default-src 'none'; "
            f"style-src '{sha256(page.all('style'))}'; "
            f"script-src '{sha256(page.all('script'))}'; "
            "base-uri 'none'; form-action 'none'")
        self.assertNotRegex(page.all("style"), r"url\(|@import")
        for name, attributes in page.elements:
            self.assertFalse({"src", "href", "style", "srcset", "action"}
                & set(attributes), (name, attributes))
            self.assertFalse(
                [a for a in attributes if a.startswith("on")], attributes)

    def test_rows(self):
        heads = {"a.test": b"HTTP/1.1 103 E\r\nLink: x\r\n\r\n"
            b"HTTP/1.1 302 Found\r\nLocation: http://b.test/\r\n\r\n",
            "b.test": b"HTTP/1.1 404 No\r\nServer: s\r\n\r\n"}
        with Server(heads) as server:
            page = self.page("-L", "--order", "input", "--expect",
                "status < 400", "a.test", "b.test", "b..c", server.route(),
                code=1)
        rows = {row[2].split("http")[0].strip(): row for row in page.targets()}
        self.assertEqual({name: row[:2] for name, row in rows.items()},
            {"a.test": ["ce", "404"], "b.test": ["ce", "404"],
                "b..c": ["fc", ""]})
        self.assertEqual(rows["a.test"][2], "a.testhttp://a.test/\n"
            "HTTP/1.1 103 E\nLink: x\n\nHTTP/1.1 302 Found\n"
            "Location: http://b.test/\nhttp://b.test/\n"
            "HTTP/1.1 404 No\nServer: s\n")
        self.assertEqual(rows["a.test"][3], "127.0.0.1")
        self.assertEqual(rows["a.test"][-1], "status < 400: is 404")
        self.assertIn("input: ", rows["b..c"][-1])
        self.assertEqual(page.all("h1"), "3 targets: , ")
        self.assertEqual(page.all("text"), "a.testb.test")

    def test_checks(self):
        """One that was skipped is not ok."""
        with Server(b"HTTP/1.1 200 OK\r\n\r\n") as server:
            page = self.page("--expect", "status", "--expect", "status < 400",
                "--expect", "hsts when url =~ '^https:'", "a.test",
                server.route())
        self.assertEqual(page.targets()[0][-1], "2 checks ok1 check skipped")
        self.assertIn("<p>Checks: 2 ok, 0 failed, 0 without an answer, "
            "1 skipped, 0 warnings</p>", self.text)

    def test_times(self):
        """For people, but for those of the table that are sorted by."""
        def late(peer):
            peer.request()
            peer.pause(1.2)
            peer.send(b"HTTP/1.1 200 OK\r\n\r\n")
        with Server(late) as server:
            page = self.page("a.test", server.route())
        self.assertRegex(self.text, r"<p>wall \d\.\d s\b")
        self.assertRegex(self.text, r"<span>0</span>(<span>[\d.]+ m?s</span>)"
            r"{3}<span>\d\.\d s</span>")
        self.assertRegex(page.targets()[0][-2], r"^\d{4}\.\d$")

    def test_hostile_values(self):
        """Rows 33 to 40 of the hazards, and what HTML minds."""
        values = [b"x\0y", b"x\ry", b"\x1b[31m\x07\x7f\x9b\xc2\x9b",
            b"</pre></details><script>alert(1)</script>",
            b"<img src=x onerror=alert(1)>", b'" onload="x', b"' x='",
            b"&lt;b&gt; &amp; &", b"<!--", b"]]>", b"--><style>*{}</style>",
            b"\xff\xfe<\xc0\xbcscript>", b"a\xe2\x80\xa8b\xe2\x80\xa9c",
            "\u202egnp.exe".encode(), b"javascript:alert(1)", b"x" * 20000]
        head = (b"HTTP/1.1 200 </pre><script>\r\n" + b"".join(
            b"X: %s\r\n" % value for value in values) + b"\r\n")
        with Server(head) as server:
            page = self.page("--expect", "x == 'q'", "--odd-one-out",
                "--expect", "x == '</td><script>'",
                server.route(), "a.test", "b.test", code=4)
        shown = page.targets()[0][2]
        for value in values[:-1]:
            want = escaped(value).decode("utf-8", "backslashreplace")
            want = want.replace("\u2028", r"\xe2\x80\xa8")
            want = want.replace("\u2029", r"\xe2\x80\xa9")
            self.assertIn(f"X: {want}\n", shown)
        self.assertIn("...\n", shown)
        self.assertNotRegex(self.text, r"[\0-\x08\x0b-\x1f\x7f-\x9f]")

    def test_hostile_targets(self):
        names = [b"<script>x</script>", b"a\"b'&", b"\x1b[1m"]
        with tempfile.NamedTemporaryFile() as file:
            file.write(b"\n".join(names))
            file.flush()
            page = self.page("-i", file.name, code=1)
        self.assertEqual([row[2] for row in page.targets()],
            [escaped(name).decode() for name in names])

    def test_groups_and_drift(self):
        """What --odd-one-out and --baseline found."""
        heads = {name: b"HTTP/1.1 200 OK\r\nServer: a\r\n\r\n"
            for name in ("a.test", "b.test", "c.test")}
        heads["gone.test"] = heads["a.test"]
        heads["b.test"] = b"HTTP/1.1 200 OK\r\nServer: <b>\r\n\r\n"
        with Server(heads) as server, tempfile.NamedTemporaryFile() as file:
            before = afetch("--json", "b.test", "gone.test", "a.test",
                server.route())
            file.write(before.out.replace(b"<b>", b"<i>"))
            file.flush()
            page = self.page("--odd-one-out", "--baseline", file.name,
                "a.test", "b.test", "c.test", server.route(), code=4)
        groups = [cells for attributes, cells in page.rows
            if len(cells) == 4 and "data-k" not in attributes
            and cells[0].isdigit()]
        groups[0][2] = ", ".join(sorted(groups[0][2].split(", ")))
        self.assertEqual(groups, [["2", "200", "a.test, c.test", ""],
            ["1", "200", "b.test", "server: <b>"]])
        self.assertEqual(page.all("li"), "gone.test")
        rows = {row[2].split("http")[0]: row for row in page.targets()}
        self.assertEqual(rows["b.test"][0], "od")
        self.assertEqual(rows["b.test"][-1],
            "changed since baselineserver: <i> → <b>")

    def test_all_addresses(self):
        with Server(b"HTTP/1.1 200 OK\r\n\r\n", address="") as server:
            url = f"a.test:{server.port}"
            page = self.page("--all-addresses", url, "--resolve",
                f"{url}:127.0.0.1,127.0.1.5")
        [row] = page.targets()
        self.assertEqual(row[2].count("HTTP/1.1 200 OK"), 2)
        self.assertIn("and 1 more", row[3])

    def test_no_target(self):
        page = self.page("-i", "/dev/null")
        self.assertEqual(page.targets(), [])
        self.assertNotIn("Timeline", self.text)

    def test_size(self):
        """Under 1,000 bytes a target that has 700 of headers: 10 MB have
        10,000 targets."""
        head = b"HTTP/1.1 200 OK\r\n" + b"X-Some-Header: %s\r\n" % (b"v" * 650)
        with Server(head + b"\r\n") as server:
            page = self.page("-j", "100", server.route(),
                *(f"h{i}.test" for i in range(3000)))
        self.assertEqual(len(page.targets()), 3000)
        self.assertLess(len(self.text), 3000 * 1000 + 100000)


if __name__ == "__main__":
    unittest.main()
