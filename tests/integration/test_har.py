"""What is promised of --har: HTTP Archive 1.2, as a reader of it sees it."""

import datetime
import json
import tempfile
import unittest
from pathlib import Path

from harness import Case, Server, afetch

fast = True

# Members that HAR 1.2 asks for, and of what type.
LOG = {"version": str, "creator": dict, "pages": list, "entries": list}
PAGE = {"startedDateTime": str, "id": str, "title": str, "pageTimings": dict}
ENTRY = {"pageref": str, "startedDateTime": str, "time": (int, float),
    "request": dict, "response": dict, "cache": dict, "timings": dict}
REQUEST = {"method": str, "url": str, "httpVersion": str, "cookies": list,
    "headers": list, "queryString": list, "headersSize": int, "bodySize": int}
RESPONSE = {"status": int, "statusText": str, "httpVersion": str,
    "cookies": list, "headers": list, "content": dict, "redirectURL": str,
    "headersSize": int, "bodySize": int}
TIMINGS = {name: (int, float)
    for name in ("blocked", "dns", "connect", "ssl", "send", "wait", "receive")}

HEAD = (b"HTTP/1.1 301 \xe9\r\nLocation: http://b.test/?q=1&&x=a=b\r\n"
    b"Content-Type: text/html\r\nno colon\r\n"
    b"Set-Cookie: a=1; Path=/\r\nSet-Cookie: b\xff=\"2;3\"\r\n"
    b'X: "\\\xff\x01\xe2\x80\xa8</script>\r\n\r\n')



class Har(Case):
    def has(self, thing, members):
        for name, kind in members.items():
            self.assertIsInstance(thing[name], kind, name)

    def archive(self, *args, code=0):
        """The log of a run, each member of which is there."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "run.har"
            run = afetch("-q", "--har", path, *args)
            self.assertEqual(run.code, code, run.err)
            log = json.loads(path.read_bytes().decode("utf-8", "strict"))["log"]
        self.has(log, LOG)
        self.assertEqual(log["version"], "1.2")
        self.has(log["pages"][0], PAGE)
        for entry in log["entries"]:
            self.check_entry(entry, log["pages"][0])
        return log

    def check_entry(self, entry, page):
        self.has(entry, ENTRY)
        self.has(entry["request"], REQUEST)
        self.has(entry["response"], RESPONSE)
        self.has(entry["timings"], TIMINGS)
        self.assertEqual(entry["pageref"], page["id"])
        datetime.datetime.fromisoformat(
            entry["startedDateTime"].replace("Z", "+00:00"))
        times = dict(entry["timings"])
        times.pop("ssl")  # it is in connect as well
        self.assertAlmostEqual(entry["time"],
            sum(time for time in times.values() if time > 0), delta=0.01)

    def test_hops(self):
        """An entry for each request of a chain of redirects."""
        heads = {"a.test": HEAD, "b.test": b"HTTP/1.0 204 No\r\n\r\n"}
        with Server(heads) as server:
            log = self.archive("-L", server.route(), "a.test/x?y")
        self.assertEqual([entry["request"]["url"] for entry in log["entries"]],
            ["http://a.test/x?y", "http://b.test/?q=1&&x=a=b"])
        self.assertEqual([entry["response"]["status"]
            for entry in log["entries"]], [301, 204])
        self.assertEqual(log["entries"][1]["request"]["queryString"], [
            {"name": "q", "value": "1"}, {"name": "", "value": ""},
            {"name": "x", "value": "a=b"}])
        self.assertNotIn("comment", log)

    def test_hostile_values(self):
        with Server(HEAD) as server:
            response = self.archive(server.route(), "a.test")["entries"][0][
                "response"]
        self.assertEqual(response["statusText"], "\xe9")
        self.assertEqual(response["redirectURL"], "http://b.test/?q=1&&x=a=b")
        self.assertEqual(response["content"]["mimeType"], "text/html")
        self.assertEqual(response["headers"][2],
            {"name": "no colon", "value": ""})
        self.assertEqual(response["cookies"], [{"name": "a", "value": "1"},
            {"name": "b\xff", "value": "\"2"}])
        self.assertEqual(response["headers"][5]["value"],
            '"\\\xff\x01\xe2\x80\xa8</script>')

    def test_failed(self):
        """Status 0 and why; one that never began is only counted."""
        with Server(b"") as server:
            log = self.archive(server.route(), "a.test", "b..test", code=1)
        [entry] = log["entries"]
        self.assertEqual(entry["response"]["status"], 0)
        self.assertEqual(entry["response"]["headers"], [])
        self.assertEqual(entry["_error"]["code"], "EMPTY_REPLY")
        self.assertEqual(entry["serverIPAddress"], "127.0.0.1")
        self.assertEqual(log["comment"], "1 target never began")

    def test_method(self):
        with Server(HEAD) as server:
            [entry] = self.archive("-I", "--http1.1", server.route(),
                "a.test")["entries"]
        self.assertEqual(entry["request"]["method"], "HEAD")
        self.assertEqual(entry["request"]["httpVersion"], "HTTP/1.1")

    def test_empty(self):
        """A run without targets is an archive, too."""
        self.assertEqual(self.archive("-i", "/dev/null")["entries"], [])


if __name__ == "__main__":
    unittest.main()
