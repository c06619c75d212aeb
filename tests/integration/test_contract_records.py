"""What is promised of records: shape, order, one for each target."""

import datetime
import json
import os
import random
import re
import tempfile
import time
import unittest
from pathlib import Path

from harness import SLOWER, Afetch, Case, Server, afetch, target_list

fast = True

FIELDS = ["type", "index", "input", "url", "host", "port", "remote_ip",
    "remote_port", "http_version", "status", "reason", "headers",
    "header_bytes", "started_at", "timings_ms", "tls", "proxy", "final_url",
    "hops", "interim", "tried", "addresses", "agree", "list_file", "list_line",
    "round",
    "checks", "drift", "hint", "attempts", "error"]
PHASES = ["queued", "dns", "connect", "tls", "send", "wait", "receive",
    "total"]
ERROR = ["phase", "code", "message"]
CODES = {"BAD_TARGET", "NXDOMAIN", "NODATA", "SERVFAIL",
    "DNS_REFUSED", "DNS_UNREACHABLE", "DNS_BAD_ANSWER", "TIMEOUT", "REFUSED",
    "UNREACHABLE", "RESET", "NO_LOCAL_PORT", "EMPTY_REPLY", "NOT_HTTP",
    "TRUNCATED", "HEADER_TOO_LARGE", "BAD_REDIRECT", "REDIRECT_LOOP",
    "TOO_MANY_REDIRECTS", "CANCELED", "NO_DESCRIPTORS", "NO_MEMORY", "SYSTEM",
    "TLS_EXPIRED", "TLS_NOT_YET_VALID",
    "TLS_NAME_MISMATCH", "TLS_SELF_SIGNED", "TLS_UNKNOWN_ISSUER",
    "TLS_CERTIFICATE", "TLS_NOT_TLS", "TLS_PROTOCOL", "TLS_ALERT",
    "TLS_HANDSHAKE", "TLS_BROKEN",
    "PROXY_LOGIN", "PROXY_REFUSED", "PROXY_FAILED", "NOT_SOCKS"}
SUMMARY = ["type", "targets", "ok", "failed", "not_begun", "errors",
    "statuses", "wall_ms", "sum_ms", "ratio", "concurrency", "signal",
    "shard", "listed", "resumed", "rounds", "insecure", "unverified", "checks",
    "drift", "groups", "phases", "versus_serial"]


def reached(record):
    return [phase for phase in PHASES
        if record["timings_ms"][phase] is not None]


class Shape(Case):
    def test_where_it_stands(self):
        """Of a list its file and line, also of a bad target there."""
        with tempfile.NamedTemporaryFile() as file:
            file.write(b"# one\na..b\n\nb..c\n")
            file.flush()
            run = afetch("--json", "--no-summary-record", "-i", file.name,
                "c..d")
        self.assertEqual(len(run.lines), 3)
        self.assertEqual({record["input"]: (record["list_file"],
            record["list_line"]) for record in map(json.loads, run.lines)},
            {"a..b": (file.name, 2), "b..c": (file.name, 4),
                "c..d": (None, None)})

    def test_stamps(self):
        """Each line's own time, behind the value; the first at the end of
        wait."""
        def serve(peer):
            peer.request()
            peer.send(b"HTTP/1.1 100 C\r\nI: j\r\n\r\nHTTP/1.1 200 OK\r\n")
            peer.send(b"A: \xff\r\n")
            peer.pause(0.2)
            peer.send(b"B: c\r\n d\r\nE\r\nF: g\r\n\r\n")
        with Server(serve) as server:
            run = afetch("--json", "--stamp", "a.test", server.route())
        record = run.records[0]
        [interim] = record["interim"]
        first, *rest = record["headers"]
        self.assertEqual([field[:2] for field in (first, *rest)],
            [["A", "\xff"], ["B", "c d"], ["E", None], ["F", "g"]])
        self.assertEqual(first[3:], ["/w=="])
        self.assertTrue(all(len(field) == 3 for field in rest))
        self.assertLessEqual(interim["headers"][0][2], first[2])
        self.assertGreaterEqual(rest[0][2], first[2] + 150)
        self.assertLessEqual(rest[0][2], rest[2][2])

    def check_shape(self, record):
        self.assertEqual(list(record), FIELDS)
        self.assertEqual(record["type"], "result")
        self.assertEqual(list(record["timings_ms"]), PHASES)
        for value in record["timings_ms"].values():
            self.assertTrue(value is None or value >= 0, record)
        failed = record["error"] is not None
        if failed:
            self.assertEqual(list(record["error"]), ERROR)
            self.assertIn(record["error"]["code"], CODES)
            self.assertIn(record["error"]["phase"], ["input", *PHASES[1:7]])
            self.assertTrue(record["error"]["message"])
        for key in ("http_version", "status", "reason"):
            self.assertEqual(record[key] is None, failed, record)
        self.assertEqual(
            record["started_at"] is None, record["attempts"] == 0)

    def test_a_whole_record(self):
        head = (b"HTTP/1.1 301 Moved Permanently\r\n"
            b"Location:  https://www.test/ \r\nset-COOKIE: a=1\r\n"
            b"Set-Cookie: b=2\r\nEmpty:\r\n\r\n")
        before = datetime.datetime.now(datetime.timezone.utc)
        def serve(peer):
            peer.request()
            peer.pause(0.5)
            peer.send(head + b"body")
        with Server(serve) as server:
            run = afetch("--json", "http://WWW.test/x?y#z", server.route())
        after = datetime.datetime.now(datetime.timezone.utc)
        record = run.records[0]
        self.check_shape(record)
        started = record.pop("started_at")
        timings = record.pop("timings_ms")
        tried = record["tried"][0]["ms"]
        self.assertLessEqual(tried, timings["connect"])
        self.assertEqual(record, {"type": "result", "index": 0,
            "input": "http://WWW.test/x?y#z", "url": "http://WWW.test/x?y",
            "host": "WWW.test", "port": 80, "remote_ip": "127.0.0.1",
            "remote_port": server.port, "http_version": "1.1", "status": 301,
            "reason": "Moved Permanently",
            "headers": [["Location", "https://www.test/"],
                ["set-COOKIE", "a=1"], ["Set-Cookie", "b=2"], ["Empty", ""]],
            "header_bytes": len(head), "tls": None, "proxy": None,
            "final_url": "http://WWW.test/x?y", "hops": None, "interim": [],
            "tried": [{"ip": "127.0.0.1", "phase": "connect", "code": None,
                "ms": tried}],
            "addresses": None, "agree": None, "list_file": None,
            "list_line": None, "round": None, "checks": None, "drift": None,
            "hint": None,
            "attempts": 1, "error": None})
        self.assertEqual(timings["dns"], None)
        self.assertEqual(timings["tls"], None)
        parts = sum(timings[phase] or 0 for phase in PHASES[1:7])
        # What lies between two phases is little beside the longest of them;
        # each is rounded to 1 us.
        self.assertLessEqual(parts, timings["total"] + 0.01)
        self.assertLess(timings["total"] - parts, 400 * SLOWER)
        self.assertGreater(timings["wait"], 490)
        self.assertRegex(
            started, r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        started = datetime.datetime.strptime(
            started, "%Y-%m-%dT%H:%M:%S.%f%z")
        slack = datetime.timedelta(milliseconds=2)
        self.assertLess(before - slack, started)
        self.assertLess(started, after + slack)

    def test_compact_and_in_order(self):
        """Scripts may cut the bytes: no blanks, fields in this order."""
        run = afetch("--json", "x.test", self.lab.options())
        self.assertEqual(len(run.lines), 2)
        self.assertTrue(run.lines[0].startswith(
            b'{"type":"result","index":0,"input":"x.test",'
            b'"url":"http://x.test/","host":"x.test","port":80,'))
        self.assertTrue(run.lines[0].endswith(b',"attempts":1,"error":null}'))
        for line in run.lines:
            again = json.dumps(json.loads(line), separators=(",", ":"))
            self.assertEqual(len(re.sub(rb'\d+\.\d+', b"0", line)),
                len(re.sub(r"\d+\.\d+", "0", again)))

    def test_reason(self):
        for line, version, reason in ((b"HTTP/1.1 200", "1.1", ""),
                (b"HTTP/1.0 200 ", "1.0", ""),
                (b"HTTP/1.1 200 All is well", "1.1", "All is well")):
            with Server(line + b"\r\n\r\n") as server:
                record = afetch(
                    "--json", "x.test", server.route()).records[0]
            self.assertEqual((record["http_version"], record["reason"],
                record["headers"], record["header_bytes"]),
                (version, reason, [], len(line) + 4))

    def test_phases_that_were_not_reached_are_null(self):
        run = afetch("--json", "-m", "1.5", self.lab.options(dns=True),
            "dns-nxdomain.x.test", "a-dead.x.test", "silent.x.test",
            "x.test", "a..b", "127.0.0.1", "close-5.x.test",
            "close.x.test", "dns-silent.x.test", "https://x.test")
        for record in run.records:
            self.check_shape(record)
        self.assertEqual({r["input"]: reached(r) for r in run.records}, {
            "dns-nxdomain.x.test": ["queued", "dns", "total"],
            "a-dead.x.test": ["queued", "dns", "connect", "total"],
            "silent.x.test":
                ["queued", "dns", "connect", "send", "wait", "total"],
            "x.test": ["queued", "dns", "connect", "send", "wait",
                "receive", "total"],
            "a..b": [],
            "127.0.0.1":
                ["queued", "connect", "send", "wait", "receive", "total"],
            "close-5.x.test": ["queued", "dns", "connect", "send", "wait",
                "receive", "total"],
            "close.x.test":
                ["queued", "dns", "connect", "send", "wait", "total"],
            "dns-silent.x.test": ["queued", "dns", "total"],
            "https://x.test": ["queued", "dns", "connect", "tls", "total"],
        })
        phases = {r["input"]: r["error"] and r["error"]["phase"]
            for r in run.records}
        self.assertEqual(phases, {"dns-nxdomain.x.test": "dns",
            "a-dead.x.test": "connect", "silent.x.test": "wait",
            "x.test": None, "a..b": "input", "127.0.0.1": None,
            "close-5.x.test": "receive", "close.x.test": "wait",
            "dns-silent.x.test": "dns", "https://x.test": "tls"})

    def test_a_failed_target_keeps_its_lines(self):
        head = b"HTTP/1.1 200 OK\r\nA: b\r\nC: d\r\nE: hal"
        with Server(head) as server:
            run = afetch("--json", "x.test", server.route())
        record = run.records[0]
        self.check_error(record, "TRUNCATED", "receive")
        self.assertEqual(record["headers"], [["A", "b"], ["C", "d"]])

    def test_summary(self):
        run = afetch("--json", "x.test", "status-404.y.test", "reset.z.test",
            "a..b", "status-301.w.test", "ttfb-50.v.test",
            self.lab.options())
        summary = run.summary
        self.assertEqual(list(summary), SUMMARY)
        self.assertEqual(
            [summary[k] for k in ("targets", "ok", "failed", "not_begun",
                "errors", "statuses", "concurrency", "signal",
                "versus_serial")],
            [6, 4, 2, 0, {"BAD_TARGET": 1, "RESET": 1},
                {"2xx": 2, "3xx": 1, "4xx": 1}, 256, None, None])
        self.assertEqual(list(summary["phases"]), PHASES)
        for phase, quantiles in summary["phases"].items():
            self.assertEqual(
                list(quantiles), ["count", "p50", "p90", "p99", "max"])
            times = [r["timings_ms"][phase] for r in run.records
                if r["timings_ms"][phase] is not None]
            self.assertEqual(quantiles["count"], len(times))
            if not times:
                self.assertIsNone(quantiles["max"])
                continue
            self.assertAlmostEqual(quantiles["max"], max(times), delta=0.002)
            self.assertLessEqual(quantiles["p50"], quantiles["p90"])
            self.assertLessEqual(quantiles["p99"], quantiles["max"])
        total = sum(r["timings_ms"]["total"] or 0 for r in run.records)
        self.assertAlmostEqual(summary["sum_ms"], total, delta=0.1)
        self.assertGreater(summary["wall_ms"], 45)
        self.assertAlmostEqual(summary["ratio"],
            summary["sum_ms"] / summary["wall_ms"], delta=0.01)

    def test_summary_is_last_whatever_stderr_shows(self):
        for mode in ("none", "total", "hosts"):
            run = afetch("--json", "--summary", mode, "x.test", "reset.z.test",
                self.lab.options())
            self.assertEqual(
                [r["type"] for r in run.all_records],
                ["result", "result", "summary"])

    def test_queued_is_not_in_total(self):
        hosts = [f"ttfb-60.h{n}.test" for n in range(4)]
        run = afetch("--json", "--serial", hosts, self.lab.options())
        for n, record in enumerate(run.records):
            self.assertEqual(record["input"], hosts[n])
            self.assertGreaterEqual(record["timings_ms"]["queued"], 55 * n)
            self.assertGreaterEqual(record["timings_ms"]["total"], 55)

    def test_queued_and_total_are_within_wall(self):
        """What was there before the run waits since it began, whatever the
        program had to do before that: here, wait for a reader."""
        with tempfile.TemporaryDirectory() as name:
            fifo, file = Path(name) / "fifo", Path(name) / "list"
            os.mkfifo(fifo)
            file.write_text("b.test\n")
            child = Afetch("--json", "a.test", "-i", file, "-o", fifo,
                self.lab.options())
            time.sleep(0.3)
            lines = fifo.read_bytes().splitlines()
            self.assertEqual(child.finish().code, 0)
        *records, summary = map(json.loads, lines)
        self.assertEqual(len(records), 2)
        for record in records:
            times = record["timings_ms"]
            self.assertLess(times["queued"] + times["total"],
                summary["wall_ms"] + 0.01)


# What a name does, and the code that its record must have, or None. Words
# that end by time are few: each of them costs the whole time.
KINDS = [
    ("", None), ("ttfb-1-60.", None), ("line-3.lines-10.", None),
    ("trickle-1-20.", None), ("status-503.", None), ("lines-200.", None),
    ("longline-60000.", None), ("eol-lf.", None), ("eol-mixed.", None),
    ("early-3.", None), ("continue.", None), ("shut.", None),
    ("keep.", None), ("endless-body.", None), ("size-3m.", None),
    ("reset-head.", None), ("dead-3.", None), ("cname-5.", None),
    ("junk.", None), ("tc.", None), ("dns-1-40.", None), ("aaaa.", None),
    ("aaaa-dead.", None), ("hole-1.", None),
    ("reset.", "RESET"), ("reset-half.", "RESET"), ("close.", "EMPTY_REPLY"),
    ("close-half.", "TRUNCATED"), ("endless.", "HEADER_TOO_LARGE"),
    ("endless-line.", "HEADER_TOO_LARGE"),
    ("endless-folds.", "HEADER_TOO_LARGE"),
    ("endless-1xx.", "HEADER_TOO_LARGE"), ("endless-zeros.", "NOT_HTTP"),
    ("banner-ssh.", "NOT_HTTP"), ("banner-smtp.", "NOT_HTTP"),
    ("banner-html.", "NOT_HTTP"), ("banner-tls.", "NOT_HTTP"),
    ("longline-70000.", "HEADER_TOO_LARGE"), ("lines-2000.",
        "HEADER_TOO_LARGE"),
    ("dns-nxdomain.", "NXDOMAIN"), ("dns-nodata.", "NODATA"),
    ("dns-servfail.", "SERVFAIL"), ("dns-refused.", "DNS_REFUSED"),
    ("a-dead.", "REFUSED"), ("a-reset.", "RESET"),
    ("a-close.", "EMPTY_REPLY"),
    ("bad..", "BAD_TARGET"), ("me@", "BAD_TARGET"),
]
LATE = [("silent.", "TIMEOUT"), ("dns-silent.", "TIMEOUT"),
    ("a-hole.", "TIMEOUT"), ("a-mute.", "TIMEOUT"),
    ("trickle-300.", "TIMEOUT")]


class Mixed(Case):
    """Every target one record, the right one, whatever the others do."""

    fast = False

    def mix(self, seed):
        chance = random.Random(seed)
        kinds = [chance.choice(KINDS) for _ in range(400)] + LATE
        chance.shuffle(kinds)
        return chance, [(f"{words}h{n}.test", code)
            for n, (words, code) in enumerate(kinds)]

    def check_mix(self, seed):
        chance, targets = self.mix(seed)
        at_once = chance.choice([7, 20, 50, 130, 405])
        run = afetch("--json", "-s", "-m", "2", "-j", at_once, "-i", "-",
            self.lab.options(dns=True), limit=40,
            stdin=target_list(target for target, _ in targets))
        told = f"seed {seed}, -j {at_once}"
        self.assertEqual(run.code, 1, told)
        self.assertEqual(sorted(r["index"] for r in run.records),
            list(range(len(targets))), told)
        for record in run.records:
            target, code = targets[record["index"]]
            self.assertEqual(record["error"] and record["error"]["code"],
                code, f"{told}: {target}: {record['error']}")
            if code == "BAD_TARGET":
                continue
            self.assertEqual(record["input"], target)
            if not code:
                tokens = [value for name, value in record["headers"]
                    if name == "X-Token"]
                self.assertEqual(tokens, [target], told)
        failed = sum(code is not None for _, code in targets)
        self.assertEqual(
            (run.summary["targets"], run.summary["ok"],
                run.summary["failed"], run.summary["not_begun"]),
            (len(targets), len(targets) - failed, failed, 0))

    def check_mix_text(self, seed):
        """The same as text: lines of one target are in their order."""
        _, targets = self.mix(seed)
        run = afetch("-m", "2", "-i", "-", self.lab.options(dns=True),
            limit=40, stdin=target_list(target for target, _ in targets))
        self.assertEqual(run.code, 1)
        failures = run.failures()
        for target, code in targets:
            shown = target.replace("me@", "***@")
            self.assertEqual(shown in failures, code is not None, target)
            if not code:
                lines = run.of(target)
                self.assertTrue(lines[0].startswith(b"HTTP/1.1 "), target)
                self.assertEqual(sum(line.startswith(b"HTTP/1.1 ")
                    for line in lines), 1)
                self.assertTrue(any(line == b"X-Token: " + target.encode()
                    for line in lines), target)


def seeded(check, seed):
    return lambda case: getattr(case, check)(seed)


for number in range(1, 6):
    setattr(Mixed, f"test_mix_{number}", seeded("check_mix", number))
Mixed.test_mix_as_text = seeded("check_mix_text", 6)


if __name__ == "__main__":
    unittest.main()
