"""--all-addresses: what each address of a name answers."""

import collections
import resource
import threading
import time
import unittest

from harness import SLOWER, Afetch, Case, Server, afetch, target_list
from test_tls import TlsCase

ALL = "--all-addresses"
OK = b"HTTP/1.1 200 OK\r\nA: b\r\n\r\n"


def addresses(count, net=5):
    return [f"127.0.{net}.{n}" for n in range(1, count + 1)]


def resolve(host, port, ips):
    """Options that make these the addresses of a host."""
    return ["--resolve", f"{host}:{port}:{','.join(ips)}"]


class Census:
    """A handler that counts who is there, in all and at each address."""

    def __init__(self, seconds=0.02, answer=OK):
        self.seconds = seconds
        self.answer = answer
        self.lock = threading.Lock()
        self.open = collections.Counter()
        self.most = self.most_at_one = 0

    def __call__(self, peer):
        ip = peer.sock.getsockname()[0]
        with self.lock:
            self.open[ip] += 1
            self.most = max(self.most, self.open.total())
            self.most_at_one = max(self.most_at_one, self.open[ip])
        peer.request()
        time.sleep(self.seconds)
        with self.lock:  # afetch may begin another one from here on
            self.open[ip] -= 1
        peer.send(self.answer)


class Addresses(Case):
    lab_script = "multi.test a=127.0.0.1,127.0.1.5,127.0.3.2 aaaa=::1\n"

    def lab_options(self):
        return [ALL, "--dns-servers", self.lab.dns,
            "--connect-to", f":80::{self.lab.http}"]

    def ips(self, record):
        return [one["ip"] for one in record["addresses"]]

    def test_alike(self):
        run = afetch("aaaa.a.test", "--json", self.lab_options())
        self.assertEqual((run.code, len(run.records)), (0, 1))
        record = run.records[0]
        self.assertEqual(self.ips(record), ["::1", "127.0.0.1"])
        self.assertIs(record["agree"], True)
        for one in record["addresses"]:
            self.assertEqual((one["remote_ip"], one["remote_port"],
                one["status"], one["reason"], one["http_version"],
                one["error"]),
                (one["ip"], self.lab.http, 200, "OK", "1.1", None))
            self.assertIn(["X-Token", "aaaa.a.test"], one["headers"])
            self.assertIsNone(one["timings_ms"]["dns"])
            self.assertIsNotNone(one["timings_ms"]["receive"])
        first = record["addresses"][0]
        for key in ("status", "headers", "remote_ip", "header_bytes"):
            self.assertEqual(record[key], first[key])
        self.assertIsNotNone(record["timings_ms"]["dns"])
        self.assertEqual(run.summary["targets"], 1)

    def test_text(self):
        run = afetch("aaaa.a.test", self.lab_options(), "--summary", "none")
        self.assertEqual((run.code, run.err), (0, b""))
        for ip in ("::1", "127.0.0.1"):
            lines = run.of(f"aaaa.a.test[{ip}]")
            self.assertEqual(lines[0], b"HTTP/1.1 200 OK")
            self.assertIn(b"X-Token: aaaa.a.test", lines)
        self.assertEqual(run.of("aaaa.a.test"), [])

    def test_some_fail(self):
        run = afetch("multi.test", self.lab_options(), "--summary", "none")
        self.assertEqual(run.code, 1)
        self.assertEqual(run.failures(), {
            "multi.test[127.0.1.5]": "connect: connection refused",
            "multi.test[127.0.3.2]":
                "wait: empty reply: closed without an answer"})
        self.assertEqual(run.err.count(b"\n"), 2)
        self.assertEqual(len(run.of("multi.test[::1]")), 7)
        record = afetch(
            "multi.test", "--json", self.lab_options()).records[0]
        self.assertIs(record["agree"], False)
        self.assertEqual([(one["status"], (one["error"] or {}).get("code"))
            for one in record["addresses"]],
            [(200, None), (200, None), (None, "REFUSED"),
                (None, "EMPTY_REPLY")])
        self.check_error(record, "REFUSED", "connect")
        self.assertEqual(record["remote_ip"], "127.0.1.5")

    def test_they_differ(self):
        one, two, three = addresses(3)
        answer = b"HTTP/1.1 %d X\r\nDate: %d\r\nServer: %s\r\n\r\n"
        with Server(answer % (200, 1, b"a"), address=one) as first, \
                Server(answer % (200, 2, b"a"), address=two,
                    port=first.port), \
                Server(answer % (404, 3, b"b\x1b"), address=three,
                    port=first.port):
            host = f"x.test:{first.port}"
            options = [ALL, resolve("x.test", first.port, [one, two, three])]
            run = afetch(host, options, "--summary", "none")
            record = afetch(host, options, "--json").records[0]
        self.assertEqual(run.code, 0)
        self.assertEqual(run.err.decode(), f"{host}: addresses differ: "
            f"status (200: {one}, {two} | 404: {three}), "
            f"Server ({one}, {two} | {three})\n")
        self.assertIs(record["agree"], False)
        self.assertEqual([a["status"] for a in record["addresses"]],
            [200, 200, 404])
        self.assertEqual((record["status"], record["error"]), (200, None))

    def test_one_address(self):
        """A literal, a list's second column, the same one twice."""
        port = self.lab.http
        run = afetch("-i", "-", "127.0.0.1", f"[::1]:{port}", "twice.test",
            "--json", "--dns-servers", self.lab.dns,
            ALL, "--connect-to", f":80::{port}",
            "twice6.test",
            resolve("twice.test", port, ["127.0.0.1", "127.0.0.1"]),
            resolve("twice6.test", port, ["[::1]", "[::1]"]),
            stdin=b"second.test 127.0.0.1\n")
        self.assertEqual(run.code, 0)
        for record in run.records:
            ip = "::1" if record["input"] in (
                f"[::1]:{port}", "twice6.test") else "127.0.0.1"
            self.assertEqual(self.ips(record), [ip], record["input"])
            self.assertIs(record["agree"], True)

    def test_families(self):
        for option, ips in (("-4", ["127.0.0.1"]), ("-6", ["::1"])):
            run = afetch("aaaa.a.test", "--json", option, self.lab_options())
            self.assertEqual(self.ips(run.records[0]), ips)

    def test_connect_to(self):
        """The addresses are those of the host that is connected to."""
        run = afetch("a.test", "--json", ALL, "--dns-servers", self.lab.dns,
            "--connect-to", f"a.test::aaaa.other.test:{self.lab.http}")
        record = run.records[0]
        self.assertEqual(self.ips(record), ["::1", "127.0.0.1"])
        self.assertIn(["X-Token", "a.test"], record["headers"])

    def test_dns_fails(self):
        run = afetch("dns-nxdomain.x.test", "dns-nodata.b.test", "--json",
            self.lab_options())
        self.assertEqual(run.code, 1)
        for host, code in (("dns-nxdomain.x.test", "NXDOMAIN"),
                ("dns-nodata.b.test", "NODATA")):
            record = run.record(host)
            self.check_error(record, code, "dns")
            self.assertIsNone(record["addresses"])
            self.assertIsNone(record["agree"])

    def test_dns_is_asked_again(self):
        run = afetch("first-1.dns-servfail.r.test", "--retry", 2, "--json",
            self.lab_options())
        self.assertEqual(run.code, 0)
        self.assertEqual(self.ips(run.records[0]), ["127.0.0.1"])

    def test_a_family_is_silent(self):
        """What is known is fetched, and it is told that it may not be all."""
        for word in "aaaa-servfail", "aaaa-silent":
            run = afetch(f"{word}.s.test", "--json", self.lab_options(),
                "--connect-timeout", 1)
            record = run.records[0]
            self.assertEqual(self.ips(record), ["127.0.0.1"])
            self.assertIn("DNS failed for one address family", record["hint"])
            self.assertIn(b"s.test: hint: DNS failed for one "
            b"address family", run.err)

    def test_at_most_64(self):
        ips = addresses(70)
        with Server(OK, address="") as server:
            run = afetch(f"x.test:{server.port}", "--json", ALL,
                resolve("x.test", server.port, ips))
        self.assertEqual(self.ips(run.records[0]), ips[:64])
        self.assertIn("the name may have more", run.records[0]["hint"])


class Manners(Case):
    ips = addresses(12)

    def fetch(self, census, *args, hosts=4, limit=20):
        """Each host has the same addresses; one record each."""
        names = [f"h{n}.test" for n in range(hosts)]
        with Server(census, address="") as server:
            rules = [resolve(name, server.port, self.ips) for name in names]
            run = afetch("-i", "-", "--json", ALL, rules, args, limit=limit,
                stdin=target_list(f"{name}:{server.port}" for name in names))
        self.assertEqual(len(run.records), hosts)
        return run

    def test_concurrency(self):
        """Never more than -j, however few, and nobody waits for ever."""
        for j in 1, 2, 5:
            census = Census()
            run = self.fetch(census, "-j", j)
            self.assertEqual(run.code, 0)
            self.assertLessEqual(census.most, j)
            for record in run.records:
                self.assertEqual(len(record["addresses"]), len(self.ips))
        census = Census(0.1)
        self.fetch(census)
        self.assertGreater(census.most, 12)

    def test_few_descriptors(self):
        census = Census()
        with Server(census, address="") as server:
            run = Afetch(f"a.test:{server.port}", "--json", "-s", ALL,
                resolve("a.test", server.port, addresses(60)),
                preexec_fn=lambda: resource.setrlimit(
                    resource.RLIMIT_NOFILE, (32, 32))).finish()
        self.assertEqual(run.code, 0)
        self.assertEqual(len(run.records[0]["addresses"]), 60)

    def test_per_address(self):
        census = Census()
        run = self.fetch(census, "--per-address", 1, hosts=6)
        self.assertEqual((run.code, census.most_at_one), (0, 1))
        self.assertGreater(census.most, 1)

    def test_time_is_of_each(self):
        """One that hangs does not take the others' time."""
        hangs = self.ips[:3]
        def serve(peer):
            if peer.sock.getsockname()[0] in hangs:
                peer.hold()
            else:
                peer.request()
                peer.send(OK)
        run = self.fetch(serve, "-j", 1, "-m", 0.5 * SLOWER, hosts=1)
        record = run.records[0]
        for one in record["addresses"]:
            code = "TIMEOUT" if one["ip"] in hangs else None
            self.assertEqual((one["error"] or {}).get("code"), code)
        self.check_error(record, "TIMEOUT", "wait")
        self.assertGreater(record["timings_ms"]["total"], 1450)
        self.assertGreater(
            record["addresses"][-1]["timings_ms"]["queued"], 1450)

    def test_retry(self):
        """Each address has its own tries."""
        seen = collections.Counter()
        def serve(peer):
            ip = peer.sock.getsockname()[0]
            seen[ip] += 1
            peer.request()
            if seen[ip] == 1 and ip == self.ips[1]:
                peer.reset()
            else:
                peer.send(OK)
        run = self.fetch(serve, "--retry", 2, hosts=1)
        self.assertEqual(run.code, 0)
        self.assertEqual([one["attempts"]
            for one in run.records[0]["addresses"]], [1, 2] + [1] * 10)

    def test_redirects(self):
        """Each follows its own, at its address as long as the host is the
        same."""
        seen = []
        def serve(peer):
            path = peer.request().split()[1]
            seen.append((path, peer.sock.getsockname()[0]))
            to = {b"/": b"/b", b"/b": b"http://127.0.0.1:%d/c"
                % peer.server.port}.get(path)
            peer.send(b"HTTP/1.1 302 X\r\nLocation: %s\r\n\r\n" % to
                if to else OK)
        run = self.fetch(serve, "-L", hosts=1)
        self.assertEqual(run.code, 0)
        record = run.records[0]
        self.assertIs(record["agree"], True)
        for one in record["addresses"]:
            self.assertEqual([hop["remote_ip"] for hop in one["hops"]],
                [one["ip"], one["ip"], "127.0.0.1"])
            self.assertTrue(one["final_url"].endswith("/c"))
        self.assertEqual(sorted(seen), sorted(
            [(path, ip) for path in (b"/", b"/b") for ip in self.ips] +
            [(b"/c", "127.0.0.1")] * len(self.ips)))

    def test_they_lead_elsewhere(self):
        def serve(peer):
            path = peer.request().split()[1]
            last = peer.sock.getsockname()[0] == self.ips[-1]
            peer.send(OK if path != b"/" else
                b"HTTP/1.1 302 X\r\nLocation: /%s\r\n\r\n"
                % (b"x" if last else b"y"))
        run = self.fetch(serve, "-L", hosts=1)
        self.assertEqual(run.code, 0)
        self.assertIs(run.records[0]["agree"], False)
        self.assertIn(b": addresses differ: final URL (http://h0.test:",
            run.err)

    def test_deadline(self):
        """In flight or not begun, each address says so."""
        run = self.fetch(lambda peer: peer.hold(), "-j", 2, "--deadline", 0.5,
            hosts=1)
        self.assertEqual(run.code, 1)
        self.assertEqual([one["error"]["code"]
            for one in run.records[0]["addresses"]],
            ["CANCELED"] * len(self.ips))

    def test_versus_serial(self):
        run = self.fetch(Census(0), "--versus-serial", hosts=2)
        self.assertEqual((run.code, run.summary["ok"]), (0, 2))


class Interface(Case):
    def fetch(self, *args):
        """The record, and where its connection came from."""
        seen = []
        def serve(peer):
            seen.append(peer.sock.getpeername()[0])
            peer.request()
            peer.send(OK)
        with Server(serve) as server:
            run = afetch(f"127.0.0.1:{server.port}", "--json", args)
        return run.records[0], seen

    def test_address(self):
        for ip in "127.0.0.9", "127.0.7.7":
            record, seen = self.fetch("--interface", ip)
            self.assertEqual((record["status"], seen), (200, [ip]))

    def test_device(self):
        record, seen = self.fetch("--interface", "lo")
        self.assertEqual((record["status"], len(seen)), (200, 1))

    def test_other_family(self):
        """Left out; an error only where no other address is left."""
        record, seen = self.fetch("--interface", "::1")
        self.check_error(record, "UNREACHABLE", "connect", "--interface")
        self.assertEqual(seen, [])
        self.lab.page("clear")
        run = afetch("aaaa.a.test", "--json", "--interface", "127.0.0.3",
            self.lab.options(dns=True))
        self.assertEqual(run.records[0]["remote_ip"], "127.0.0.1")
        self.assertEqual(self.lab.page("name/aaaa.a.test")["aaaa"], 0)

    def test_not_ours(self):
        for args, message in ((("192.0.2.1",), b"not an address or device"),
                (("nonesuch0",), b"not an address or device"),
                (("::1", "-4"), b"not an IPv4 address")):
            run = afetch("a.test", "--interface", args)
            self.assertEqual((run.code, run.out), (2, b""))
            self.assertIn(message, run.err)


class Tls(TlsCase):
    def test_each_has_its_own(self):
        run = afetch("https://a.test", "--json", ALL, "--cacert", self.ca.name,
            resolve("a.test", self.lab.https,
                ["127.0.0.1", "127.0.3.2", "::1"]),
            "--connect-to", f":443::{self.lab.https}")
        good, bad, other = run.records[0]["addresses"]
        for one in good, other:
            self.assertEqual(one["tls"]["subject"], "CN=a.test")
            self.assertIs(one["tls"]["verified"], True)
            self.assertGreater(one["timings_ms"]["tls"], 0)
        self.assertEqual(
            (bad["error"]["code"], bad["error"]["phase"]),
            ("TLS_HANDSHAKE", "tls"))
        self.assertEqual(run.code, 1)

    def test_insecure_counts_targets(self):
        run = afetch("https://cert-self.a.test", "-k", ALL, "--json",
            resolve("cert-self.a.test", self.lab.https, ["127.0.0.1", "::1"]),
            "--connect-to", f":443::{self.lab.https}")
        self.assertEqual(run.code, 0)
        self.assertIn(b"INSECURE (-k): 1 target had", run.err)


if __name__ == "__main__":
    unittest.main()
