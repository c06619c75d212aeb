"""What the tests of the program from outside have in common.

    with Lab() as lab:                      # answers any name
        run = afetch("a.test", *lab.options())
    with Server(handler) as server:         # raw TCP, a thread a connection
        run = afetch("x.test", server.route("x.test"), *lab.options())

The binaries are $AFETCH and $AFETCH_LAB, else those in build/.  With
$AFETCH_TEST_SLOWER above 1 the program is instrumented: limits on time are
so much wider, and figures of memory mean nothing (see `figures`).  With
$AFETCH_TEST_THREADS each run has --threads, unless it says so itself.
"""

import concurrent.futures
import contextlib
import functools
import json
import os
import pathlib
import random
import selectors
import socket
import struct
import subprocess
import tempfile
import threading
import time
import unittest

import schema  # checks each record that is parsed

ROOT = pathlib.Path(__file__).resolve().parents[2]
AFETCH = os.environ.get("AFETCH", str(ROOT / "build/afetch"))
LAB = os.environ.get("AFETCH_LAB", str(ROOT / "build/afetch-lab"))
SLOWER = float(os.environ.get("AFETCH_TEST_SLOWER", "1"))
THREADS = os.environ.get("AFETCH_TEST_THREADS")
LOOP_DESCRIPTORS = 6 * int(THREADS or 1)  # what the loops keep for themselves

MB = 1000 * 1000

# No proxy of the machine's comes between.
for _name in "http_proxy", "https_proxy", "all_proxy", "no_proxy":
    os.environ.pop(_name, None)
    os.environ.pop(_name.upper(), None)

figures = unittest.skipIf(SLOWER != 1, "instrumented: no figures count")
one_thread = unittest.skipIf(THREADS, "for one thread only")


# The program.

class Run:
    """How a run of the program ended."""

    def __init__(self, code, chunks, err, rss, seconds):
        self.code = code  # exit code; -N: killed by signal N
        self.chunks = chunks  # [(seconds since the start, bytes)] of stdout
        self.out = b"".join(part for _, part in chunks)
        self.err = err
        self.rss = rss  # most resident memory seen, bytes
        self.seconds = seconds

    @functools.cached_property
    def lines(self):
        """stdout's lines, without their LF."""
        assert not self.out or self.out.endswith(b"\n"), self.out[-200:]
        return self.out.split(b"\n")[:-1]

    def of(self, host):
        """The header lines of one host, without their prefix."""
        return self._lines_of.get(host.encode(), [])

    @functools.cached_property
    def _lines_of(self):
        found = {}
        for line in self.lines:
            host, _, rest = line.partition(b" header > ")
            found.setdefault(host, []).append(rest)
        return found

    def each_record(self):
        """What --json wrote, one by one: every line parses, strictly."""
        for line in self.lines:
            yield json.loads(line.decode("utf-8", "strict"),
                parse_constant=_no_constant)

    @functools.cached_property
    def all_records(self):
        return list(self.each_record())

    @functools.cached_property
    def records(self):
        return [r for r in self.all_records if r["type"] == "result"]

    @functools.cached_property
    def _records_of(self):
        found = {}
        for record in self.records:
            found.setdefault(record["input"], []).append(record)
        return found

    @property
    def summary(self):
        last = self.all_records[-1]
        assert last["type"] == "summary", last
        return last

    def record(self, host):
        """The one record of an input."""
        found = self._records_of.get(host, [])
        assert len(found) == 1, (host, found)
        return found[0]

    def errors(self):
        """{host: error} of the failed records."""
        return {r["input"]: r["error"] for r in self.records if r["error"]}

    def failures(self):
        """{host: "phase: message"} from stderr's lines HOST: PHASE: …"""
        found = {}
        for line in self.err.split(b"\n"):
            host, _, rest = decoded(line).partition(": ")
            if rest.partition(":")[0] in PHASES:
                found[host] = rest
        return found


PHASES = ("dns", "connect", "tls", "send", "wait", "receive", "input")


def decoded(data):
    """A text as JSON has it: ISO-8859-1 when it is no UTF-8."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin1")


CONTROLS = {*range(0x20), *range(0x7f, 0xa0)} - {9}


def escaped(data):
    """Bytes as text output shows them."""
    shown = b""
    for char in data.decode("utf-8", "surrogateescape"):
        raw = char.encode("utf-8", "surrogateescape")
        code = raw[0] if len(raw) == 1 else ord(char)
        shown += (b"".join(b"\\x%02x" % byte for byte in raw)
            if code in CONTROLS else raw)
    return shown


def in_quotes(data):
    """Bytes as a message quotes them."""
    return "".join(chr(byte) if byte == 9 or 0x20 <= byte < 0x7f
        else f"\\x{byte:02x}" for byte in data)


def _no_constant(text):
    raise ValueError(f"not JSON: {text}")


class Afetch:
    """The program while it runs.  Use `afetch` unless something has to
    happen meanwhile."""

    def __init__(self, *args, stdin=None, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, **popen):
        """stdin: bytes, a file, or None for /dev/null."""
        self.start = time.monotonic()
        self.rss = 0
        self.chunks = []
        self.err = b""
        self._feeder = None
        source = subprocess.PIPE if isinstance(stdin, bytes) else (
            stdin or subprocess.DEVNULL)
        self.process = subprocess.Popen([AFETCH, *threaded(flat(args))],
            stdin=source,
            stdout=stdout, stderr=stderr, **popen)
        self.pid = self.process.pid
        self.sample()
        self._selector = selectors.DefaultSelector()
        for pipe in (self.process.stdout, self.process.stderr):
            if pipe:
                os.set_blocking(pipe.fileno(), False)
                self._selector.register(pipe, selectors.EVENT_READ)
        if isinstance(stdin, bytes):
            self._feeder = threading.Thread(
                target=self._feed, args=(stdin,), daemon=True)
            self._feeder.start()

    @property
    def out(self):
        return b"".join(part for _, part in self.chunks)

    def _feed(self, data):
        with contextlib.suppress(OSError), self.process.stdin as pipe:
            pipe.write(data)

    def sample(self):
        """Notes the resident memory; the kernel keeps the highest."""
        with contextlib.suppress(OSError):
            text = pathlib.Path(f"/proc/{self.pid}/status").read_text()
            for line in text.splitlines():
                if line.startswith("VmHWM:"):
                    self.rss = max(self.rss, int(line.split()[1]) * 1024)

    def descriptors(self):
        """Open descriptors now."""
        path = f"/proc/{self.pid}/fd"
        try:  # since Linux 6.2 their number is the size, before that it is 0
            return os.stat(path).st_size or len(os.listdir(path))
        except OSError:
            return 0

    def step(self, seconds=0.02):
        """Takes what there is on stdout and stderr; False at their end."""
        for key, _ in self._selector.select(seconds):
            part = os.read(key.fd, 1 << 20)
            if not part:
                self._selector.unregister(key.fileobj)
            elif key.fileobj is self.process.stdout:
                self.chunks.append((time.monotonic() - self.start, part))
            else:
                self.err += part
        self.sample()
        return bool(self._selector.get_map())

    def until(self, condition, limit=10):
        """Runs on until condition(self) is true; fails after the limit."""
        end = time.monotonic() + limit * SLOWER
        while not condition(self):
            if time.monotonic() > end:
                self.stop()
                raise AssertionError(
                    f"not seen in {limit} s; {self.out[-500:]!r} "
                    f"{self.err[-500:]!r}")
            self.step()
        return self

    def signal(self, number):
        self.process.send_signal(number)

    def stop(self):
        self.process.kill()
        self._close()
        self.process.wait()

    def _close(self):
        self._selector.close()
        for pipe in (self.process.stdout, self.process.stderr):
            if pipe:
                pipe.close()

    def finish(self, limit=20):
        """The Run; one that takes longer than limit seconds is killed and
        the test fails."""
        end = time.monotonic() + limit * SLOWER
        while self.step() or self.process.poll() is None:
            if time.monotonic() > end:
                self.stop()
                raise AssertionError(f"still running after {limit} s; "
                    f"{self.out[-500:]!r} {self.err[-500:]!r}")
        seconds = time.monotonic() - self.start
        self._close()
        if self._feeder:
            self._feeder.join()
        return Run(self.process.returncode, self.chunks, self.err, self.rss,
            seconds)


def afetch(*args, limit=20, **how):
    """Runs the program to its end."""
    return Afetch(*args, **how).finish(limit)


def flat(args):
    """Arguments may be nested lists; all become strings."""
    words = []
    for arg in args:
        if isinstance(arg, (list, tuple)):
            words += flat(arg)
        else:
            words.append(arg if isinstance(arg, bytes) else str(arg))
    return words


def threaded(args):
    """With --threads of the environment; what excludes it has none."""
    if not THREADS or {"--threads", "--versus-serial"} & set(args):
        return args
    return ["--threads", THREADS, *args]


def target_list(lines):
    """Targets for -i -: the bytes to give as stdin."""
    return b"".join(
        (line if isinstance(line, bytes) else line.encode()) + b"\n"
        for line in lines)


# Servers.

class Lab:
    """afetch-lab on ports of its own, with script rows if wanted."""

    def __init__(self, *args, script=None):
        self._files = []
        args = flat(args)
        if script:
            file = tempfile.NamedTemporaryFile("w", suffix=".lab")
            file.write(script)
            file.flush()
            self._files.append(file)
            args += ["--script", file.name]
        self.process = subprocess.Popen([LAB, *args, "--until-eof"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        line = self.process.stdout.readline().decode()
        if not line:
            raise RuntimeError("the lab did not start")
        self.says = dict(word.split("=", 1) for word in line.split())
        self.dns = self.says["dns"]
        self.http = int(self.says["http"])
        self.https = int(self.says["https"])
        self.stats_port = int(self.says["stats"])
        self.pid = self.process.pid

    def options(self, dns=False):
        """Leads every connection to the lab; with dns its DNS is asked
        first, else nothing asks DNS."""
        host = "" if dns else "127.0.0.1"
        return ["--dns-servers", self.dns,
            "--connect-to", f"::{host}:{self.http}"]

    def page(self, name):
        """One of the lab's own pages, parsed: totals, stats, name/NAME,
        clear."""
        address = ("127.0.0.1", self.stats_port)
        with socket.create_connection(address, 10) as sock:
            sock.sendall(b"GET /lab/%s HTTP/1.0\r\n\r\n" % name.encode())
            answer = b"".join(iter(lambda: sock.recv(1 << 16), b""))
        return json.loads(answer.partition(b"\r\n\r\n")[2])

    def close(self):
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()
        for file in self._files:
            file.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Peer:
    """One accepted connection of a Server."""

    def __init__(self, server, sock):
        self.server = server
        self.sock = sock
        self.sent = 0  # bytes that the kernel took
        self.head = None  # the request's bytes
        self.held = False

    def request(self):
        """Reads the request's head (once) and returns its bytes."""
        if self.head is None:
            self.head = b""
            while b"\r\n\r\n" not in self.head:
                part = self.sock.recv(4096)
                if not part:
                    break
                self.head += part
        return self.head

    def name(self):
        """The host that the request is for, without port."""
        for line in self.request().split(b"\r\n")[1:]:
            if line.lower().startswith(b"host:"):
                return line[5:].strip().decode().partition(":")[0]
        return ""

    def send(self, data):
        view = memoryview(data)
        while view:
            n = self.sock.send(view)
            self.sent += n
            view = view[n:]

    def trickle(self, data, cut=1, pause=0):
        """Sends in pieces of `cut` bytes, each a segment of its own."""
        for at in range(0, len(data), cut):
            self.send(data[at:at + cut])
            if pause:
                self.pause(pause)

    def forever(self, unit):
        """Sends the unit until the other side goes."""
        block = unit * (16384 // len(unit) + 1)
        while not self.server.over.is_set():
            self.send(block)

    def pause(self, seconds):
        """Sleeps, but not beyond the server's end."""
        if self.server.over.wait(seconds):
            raise ConnectionAbortedError

    def reset(self):
        """Ends the connection by RST.  What was sent is let arrive first."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
            struct.pack("ii", 1, 0))
        self.sock.close()

    def shut(self):
        """FIN, while the socket stays open."""
        self.sock.shutdown(socket.SHUT_WR)

    def hold(self):
        """Stays open until the other side closes or the server ends."""
        self.held = True
        with contextlib.suppress(OSError):
            self.sock.settimeout(0.2)
            while not self.server.over.is_set():
                try:
                    if not self.sock.recv(4096):
                        return
                except TimeoutError:
                    pass


class Server:
    """A raw TCP server on 127.0.0.1 (or "", all addresses; or another one),
    a thread for each connection.

    It is a function of a Peer, or a dict {host name: function}: then the
    request is read first.  Bytes instead of a function are sent as they
    are.  The connection is closed when the function returns."""

    def __init__(self, handler, *, send_buffer=None, v6=False, backlog=512,
            address=None, port=0):
        self.handler = handler
        self.send_buffer = send_buffer
        self.over = threading.Event()
        self.peers = []
        self.failed = []  # exceptions of handlers that are no OSError
        family = socket.AF_INET6 if v6 else socket.AF_INET
        self.sock = socket.socket(family)
        if address is None:
            address = "::1" if v6 else "127.0.0.1"
        self.sock.bind((address, port))
        self.address, self.port = self.sock.getsockname()[:2]
        self.sock.listen(backlog)
        self.threads = [threading.Thread(target=self._accept, daemon=True)]
        self.threads[0].start()

    def _accept(self):
        while True:
            try:
                sock, _ = self.sock.accept()
            except OSError:
                return
            if self.over.is_set():
                sock.close()
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.send_buffer:
                sock.setsockopt(
                    socket.SOL_SOCKET, socket.SO_SNDBUF, self.send_buffer)
            peer = Peer(self, sock)
            self.peers.append(peer)
            thread = threading.Thread(
                target=self._serve, args=(peer,), daemon=True)
            self.threads.append(thread)
            thread.start()

    def _serve(self, peer):
        try:
            act = self.handler
            if isinstance(act, dict):
                act = act[peer.name()]
            if isinstance(act, bytes):
                peer.request()
                peer.send(act)
            else:
                act(peer)
        except OSError:
            pass
        except Exception as error:  # told by close()
            self.failed.append(error)
        finally:
            with contextlib.suppress(OSError):
                peer.sock.close()

    def unread(self):
        """Bytes that were sent to the clients (of 127.0.0.1, here) and not yet
        read by them: those in the sockets' queues."""
        port = f":{self.port:04X}"
        rows = [line.split() for line in
            pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]]
        return sum(int(size, 16) for row in rows for end, size in
            zip(row[1:3], row[4].split(":")) if end.endswith(port))

    def route(self, *hosts):
        """Options that lead these hosts here, all if there are none."""
        return [arg for host in hosts or ("",) for arg in
            ("--connect-to", f"{host}::{self.address}:{self.port}")]

    @property
    def sent(self):
        return sum(peer.sent for peer in self.peers)

    @property
    def most_sent(self):
        return max((peer.sent for peer in self.peers), default=0)

    def requests(self):
        """The request heads that came, in order of accept."""
        return [peer.head for peer in self.peers]

    def close(self):
        self.over.set()
        with contextlib.suppress(OSError):  # wakes accept
            socket.create_connection((self.address, self.port), 1).close()
        self.sock.close()
        for peer in self.peers:
            with contextlib.suppress(OSError):
                peer.sock.shutdown(socket.SHUT_RDWR)
        for thread in self.threads:
            thread.join(5)
        if self.failed:
            raise self.failed[0]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def free_port():
    """A port of 127.0.0.1 where nothing listens: none of those that the
    system gives to clients, or one may come to talk to itself."""
    while True:
        port = random.randrange(10000, 32000)
        with socket.socket() as sock:
            try:
                sock.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


# What a test stands on.

GOOD = [f"good{n:02}.test" for n in range(50)]


class Case(unittest.TestCase):
    """A case with a lab that all cases of the class share."""

    lab_args = ()
    lab_script = None
    maxDiff = 4000

    @classmethod
    def setUpClass(cls):
        cls.lab = Lab(*cls.lab_args, script=cls.lab_script)
        cls.addClassCleanup(cls.lab.close)
        cls.good_lines = {}

    def good(self, host):
        """The lines of a good host, as the lab sends them."""
        if host not in self.good_lines:
            address = ("127.0.0.1", self.lab.http)
            with socket.create_connection(address, 10) as sock:
                sock.sendall(b"GET / HTTP/1.0\r\nHost: %s\r\n"
                    b"User-Agent: x\r\nAccept: */*\r\n\r\n" % host.encode())
                answer = b"".join(iter(lambda: sock.recv(1 << 16), b""))
            lines = answer.partition(b"\r\n\r\n")[0].split(b"\r\n")
            self.assertGreater(len(lines), 2)
            self.good_lines[host] = lines
        return self.good_lines[host]

    def check_good(self, run, hosts=GOOD):
        """In text: every good host's lines are there, whole, in order."""
        for host in hosts:
            self.assertEqual(without_date(run.of(host)),
                without_date(self.good(host)), host)
        failed = run.failures()
        self.assertFalse([host for host in hosts if host in failed])

    def check_good_records(self, run, hosts=GOOD):
        """In JSON: every good host has its record, without error."""
        records = {r["input"]: r for r in run.records}
        for host in hosts:
            record = records[host]
            self.assertIsNone(record["error"], host)
            lines = [f"HTTP/{record['http_version']} {record['status']} "
                f"{record['reason']}".encode()]
            lines += [f"{name}: {value}".encode()
                for name, value in record["headers"]]
            self.assertEqual(without_date(lines),
                without_date(self.good(host)), host)

    def both(self, hosts, *args, good=GOOD, limit=20):
        """The Runs in text and with --json over these hosts and the good
        ones, side by side.  Checks that each input has its one record, that
        both tell the same of each failure, and the good hosts."""
        hosts = [*hosts, *good]
        runs = [Afetch("-i", "-", args, self.lab.options(), extra,
                    stdin=target_list(hosts)) for extra in ((), ("--json",))]
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            text, json_run = pool.map(lambda run: run.finish(limit), runs)
        self.assertEqual(sorted(r["input"] for r in json_run.records),
            sorted(hosts))
        self.assertEqual(json_run.summary["targets"], len(hosts))
        errors = json_run.errors()
        self.assertEqual(text.failures().keys(), errors.keys())
        self.assertEqual({text.code, json_run.code}, {int(bool(errors))})
        self.check_good(text, good)
        self.check_good_records(json_run, good)
        return text, json_run

    def check(self, runs, host, lines, code=None, message="", *,
            phase="receive", headers=None):
        """What `both` showed of a host: its lines in text, its record with
        these headers (those of the lines) and this error, or none."""
        text, json_run = runs
        self.assertEqual(text.of(host), lines, host)
        record = json_run.record(host)
        if headers is None:
            headers = [fields(line) for line in lines[1:]]
        self.assertEqual(record["headers"], headers, host)
        if code:
            self.check_error(record, code, phase, message)
            told = record["error"]["message"]
            self.assertEqual(text.failures()[host],
                f"{record['error']['phase']}: {told}")
        else:
            self.assertIsNone(record["error"], host)
            version, status, *reason = lines[0].decode("latin1").split(" ", 2)
            self.assertEqual((f"HTTP/{record['http_version']}",
                str(record["status"]), record["reason"]),
                (version, status, "".join(reason)), host)

    def check_error(self, record, code, phase=None, message=""):
        """A failed target's record, with a part of its message."""
        error = record["error"]
        self.assertIsNotNone(error, record["input"])
        self.assertEqual(error["code"], code, error)
        if phase:
            self.assertEqual(error["phase"], phase, error)
        self.assertIn(message, error["message"])
        for key in ("status", "reason", "http_version"):
            self.assertIsNone(record[key], key)


def fields(line):
    """The pair that a simple header line is in JSON."""
    name, colon, value = line.decode().partition(":")
    return [name, value.strip(" \t")] if colon else [name, None]


def without_date(lines):
    return [line for line in lines if not line.startswith(b"Date: ")]
