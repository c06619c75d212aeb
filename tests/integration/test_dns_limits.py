"""Name servers that answer so much at once, or a minute, and refuse the rest:
row 88 of the hazards."""

import heapq
import json
import random
import select
import socket
import struct
import subprocess
import threading
import time
import unittest

import namespace
from harness import AFETCH, SLOWER, Case, afetch, target_list

REFUSED, SERVFAIL = 5, 2


def question_of(message):
    """The name, its type, and the question's bytes."""
    at, labels = 12, []
    while message[at]:
        labels.append(message[at + 1:at + 1 + message[at]].decode())
        at += 1 + message[at]
    kind = struct.unpack(">H", message[at + 1:at + 3])[0]
    return ".".join(labels), kind, message[12:at + 5]


def reply(message, rcode=0):
    _, kind, question = question_of(message)
    record = (b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, 60, 4)
        + socket.inet_aton("127.0.0.1")) if kind == 1 and not rcode else b""
    return (message[:2] + struct.pack(">HHHHH", 0x8180 | rcode, 1,
        bool(record), 0, 0) + question + record)


class Server(threading.Thread):
    """Answers 20 ms late.  Names that begin with "silent." get no answer, but
    have a place for `hold` seconds, those with "no." are refused, and so is any
    one by `chance`."""

    def __init__(self, places=10 ** 6, rcode=REFUSED, hold=2, rate=None,
            chance=0):
        super().__init__(daemon=True)
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
        self.sock.bind(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.sock.getsockname()[1]
        self.places, self.rcode, self.hold = places, rcode, hold
        self.rate, self.period, self.spent = rate, 0.0, 0
        self.periods = 0  # in which something was asked
        self.chance, self.random = chance, random.Random(1)
        self.busy = 0.0  # the longest turn: answers were so late
        self.open, self.due = set(), []
        self.asked, self.refused, self.crowd = 0, 0, 0

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.sock.close()

    def has_room(self, now):
        if self.rate:
            count, seconds = self.rate
            if now - self.period >= seconds:
                self.period, self.spent = now, 0
                self.periods += 1
            self.spent += 1
            return self.spent <= count
        return (len(self.open) < self.places
            and self.random.random() >= self.chance)

    def receive(self):
        message, peer = self.sock.recvfrom(4096)
        now = time.monotonic()
        name, kind, _ = question_of(message)
        self.asked += 1
        self.crowd += len(self.open)
        if (name, kind) in self.open:
            return
        if name.startswith("no.") or not self.has_room(now):
            self.refused += 1
            self.sock.sendto(reply(message, self.rcode), peer)
            return
        self.open.add((name, kind))
        late = self.hold if name.startswith("silent.") else 0.02
        heapq.heappush(
            self.due, (now + late, self.asked, message, peer, (name, kind)))

    def answer_due(self):
        while self.due and self.due[0][0] <= time.monotonic():
            _, _, message, peer, key = heapq.heappop(self.due)
            self.open.discard(key)
            if not key[0].startswith("silent."):
                self.sock.sendto(reply(message), peer)

    def run(self):
        while self.sock.fileno() >= 0:
            try:
                began = time.monotonic()
                self.answer_due()
                left = self.due[0][0] - time.monotonic() if self.due else 0.1
                if select.select([self.sock], [], [], max(0, left))[0]:
                    self.receive()
                self.busy = max(self.busy, time.monotonic() - began - left)
            except (OSError, ValueError):
                return


class Limits(Case):
    def run_list(self, server, names, *options):
        run = afetch("--json", "-s", "-i", "-", "--dns-servers",
            server.address, "--connect-to", f":::{self.lab.http}",
            options, stdin=target_list(names))
        return {r["input"]: r["error"] and r["error"]["code"]
            for r in run.records}, run

    def run_in_time(self, names, **how):
        """A machine so busy that the server is late itself shows nothing: 0.5 s
        after a question SERVFAIL is of its zone."""
        for _ in range(5):
            with Server(**how) as server:
                codes, _ = self.run_list(
                    server, names, "--connect-timeout", 1.5)
            if server.busy < 0.3:
                break
        return codes, server

    def check_none_lost(self, codes):
        self.assertEqual({name: code for name, code in codes.items()
            if code and not name.startswith("silent.")}, {})

    def test_row_88_places(self):
        names = [f"h{n}.test" for n in range(400)]
        for rcode in REFUSED, SERVFAIL:
            with Server(places=30, rcode=rcode) as server:
                codes, run = self.run_list(server, names)
            self.check_none_lost(codes)
            self.assertLess(server.refused, 400)
            self.assertLess(run.seconds, 5 * SLOWER)

    def test_row_88_places_beside_a_silent_server(self):
        """Of two servers the first has no place, the second is not there."""
        names = [f"h{n}.test" for n in range(400)]
        silent = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        silent.bind(("127.0.0.1", 0))
        with silent, Server(places=30) as server:
            server.address += ",127.0.0.1:%d" % silent.getsockname()[1]
            codes, _ = self.run_list(server, names)
        self.check_none_lost(codes)
        self.assertGreater(server.refused, 0)

    def test_row_88_places_behind_a_silent_server(self):
        """The first is not there: all its questions come to the second at
        once, before that has answered anything."""
        names = [f"h{n}.test" for n in range(60)]
        silent = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        silent.bind(("127.0.0.1", 0))
        with silent, Server(places=40) as server:
            server.address = "127.0.0.1:%d,%s" % (
                silent.getsockname()[1], server.address)
            codes, _ = self.run_list(server, names)
        self.check_none_lost(codes)
        self.assertGreater(server.refused, 0)

    def test_row_88_silent_zones_have_places(self):
        """40 of 600 names: 80 questions for 60 places."""
        names = [f"silent.h{n}.test" if n % 15 == 7 else f"h{n}.test"
            for n in range(600)]
        for rcode in REFUSED, SERVFAIL:
            codes, server = self.run_in_time(names, places=60, rcode=rcode)
            self.check_none_lost(codes)
            for name, code in codes.items():
                if name.startswith("silent."):
                    self.assertEqual(code, "TIMEOUT", name)
            self.assertLess(server.refused, 400)

    def test_row_88_waiting_is_queued(self):
        """No time of the target's passes while its question waits."""
        names = [f"h{n}.test" for n in range(200)]
        with Server(places=2) as server:
            _, run = self.run_list(server, names, "-m", "0.9")
        self.assertEqual([r["error"] for r in run.records], [None] * 200)
        self.assertGreater(
            max(r["timings_ms"]["queued"] for r in run.records), 1000)
        for record in run.records:
            times = record["timings_ms"]
            self.assertLess(times["dns"], 900)
            self.assertLess(times["total"], 900)

    def test_row_88_so_many_a_period(self):
        """As a Pi-hole's 1,000 a minute, here 100 in three seconds."""
        names = [f"h{n}.test" for n in range(150)]
        with Server(rate=(100, 3)) as server:
            codes, _ = self.run_list(server, names, "-m", 2.5)
        self.check_none_lost(codes)
        self.assertLess(server.periods, 6)
        self.assertLess(server.refused, 300)

    def test_row_88_so_many_a_period_beside_a_silent_server(self):
        """Whether it comes first or second: who waits is told so."""
        names = [f"h{n}.test" for n in range(150)]
        silent = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        silent.bind(("127.0.0.1", 0))
        nobody = "127.0.0.1:%d" % silent.getsockname()[1]
        for order in "{0},{1}", "{1},{0}":
            with Server(rate=(100, 3)) as server:
                server.address = order.format(server.address, nobody)
                codes, _ = self.run_list(server, names, "-m", 2.5)
            self.check_none_lost(codes)
        silent.close()

    def test_row_88_servfail_beyond_a_period(self):
        """CoreDNS and others say SERVFAIL where no time is left for more."""
        names = [f"h{n}.test" for n in range(150)]
        for options in [], ["-j", 4]:
            with Server(rate=(100, 3), rcode=SERVFAIL) as server:
                codes, _ = self.run_list(server, names, "-m", 2.5, options)
            self.check_none_lost(codes)
            self.assertLess(server.refused, 300)

    def test_row_88_broken_zones_at_the_end(self):
        """Nothing else is answered any more, but what was before is: each is
        told at once, not when its time is over."""
        names = [f"{'no.' if n >= 100 else ''}h{n}.test" for n in range(400)]
        with Server(rcode=SERVFAIL) as server:
            codes, run = self.run_list(server, names)
        for name, code in codes.items():
            self.assertEqual(code,
                "SERVFAIL" if name.startswith("no.") else None, name)
        self.assertLess(server.asked, 800 + 700)
        self.assertLess(max(r["timings_ms"]["total"] for r in run.records),
            1000 * SLOWER)
        self.assertLess(run.seconds, 3 * SLOWER)

    def test_row_88_by_chance(self):
        """Places do not matter to such a server: they stay in use."""
        names = [f"h{n}.test" for n in range(2000)]
        with Server(chance=0.02) as server:
            codes, _ = self.run_list(server, names)
        self.check_none_lost(codes)
        self.assertLess(server.asked, 4000 + 400)
        self.assertGreater(server.crowd / server.asked, 10)

    def test_row_88_refused_names(self):
        names = [f"{'no.' if n % 10 < 3 else ''}h{n}.test"
            for n in range(1000)]
        with Server() as server:
            codes, run = self.run_list(server, names)
        for name, code in codes.items():
            self.assertEqual(code,
                "DNS_REFUSED" if name.startswith("no.") else None, name)
        self.assertLess(server.asked, 2000 + 2 * 600 + 200)
        self.assertLess(run.seconds, 3 * SLOWER)

    def test_row_88_refused_from_the_start(self):
        names = [f"no.h{n}.test" for n in range(2000)]
        with Server() as server:
            codes, run = self.run_list(server, names)
        self.assertEqual(set(codes.values()), {"DNS_REFUSED"})
        self.assertLess(server.asked, 4000 + 10)
        self.assertLess(run.seconds, 3 * SLOWER)

    def test_row_88_broken_zones_are_no_load(self):
        names = [f"{'no.' if n % 10 < 3 else ''}h{n}.test"
            for n in range(1000)]
        with Server(rcode=SERVFAIL) as server:
            codes, run = self.run_list(server, names)
        for name, code in codes.items():
            self.assertEqual(code,
                "SERVFAIL" if name.startswith("no.") else None, name)
        self.assertLess(server.asked, 2000 + 300)
        self.assertLess(run.seconds, 3 * SLOWER)

    def test_row_88_the_deadline_ends_it(self):
        """Those that wait are told as all others."""
        names = [f"h{n}.test" for n in range(100)]
        with Server(rate=(50, 60)) as server:
            codes, run = self.run_list(server, names, "--deadline", 1)
        self.assertEqual(len(run.records), 100)
        self.assertEqual(set(codes.values()), {None, "CANCELED"})
        for record in run.records:
            if record["error"]:
                self.assertIsNone(record["timings_ms"]["dns"])
        self.assertLess(run.seconds, 3 * SLOWER)


class Dnsmasq(unittest.TestCase):
    """As Debian has it: 150 questions at once, for 10 s each."""

    lock = "netns"

    def setUp(self):
        if why := namespace.why_not():
            self.skipTest(why)
        self.space = namespace.Namespace("nameserver 127.0.0.1\n")
        self.addCleanup(self.space.close)

    def test_row_88_dnsmasq(self):
        """1 name in 14 is silent: 86 of 1200, 172 questions."""
        self.space.dnsmasq("--server=127.0.0.2", "--cache-size=0",
            "--max-ttl=60")
        upstream = self.space.directory / "upstream.py"
        upstream.write_text(UPSTREAM)
        self.space.serve(["python3", upstream])
        names = [f"silent.h{n}.test" if n % 14 == 3 else f"h{n}.test"
            for n in range(1200)]
        for _ in range(100):
            if self.codes(["up.test"])["up.test"] == "REFUSED":
                break
            time.sleep(0.1)
        codes = self.codes(names)
        for name, code in codes.items():
            self.assertEqual(code, "TIMEOUT" if name.startswith("silent.")
                else "REFUSED", name)

    def codes(self, names):
        """Nothing listens where a name leads."""
        child = self.space.popen([AFETCH, "--json", "-s", "-i", "-"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        out = child.communicate(target_list(names), timeout=100)[0]
        records = map(json.loads, out.splitlines())
        return {r["input"]: r["error"]["code"] for r in records
            if r["type"] == "result"}


UPSTREAM = """
import sys
sys.path.insert(0, %r)
from test_dns_limits import Server, socket
server = Server(hold=60)
server.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.sock.bind(("127.0.0.2", 53))
server.run()
""" % __file__.rpartition("/")[0]


if __name__ == "__main__":
    unittest.main()
