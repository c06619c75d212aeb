"""What is tried again: row 96 of the hazards."""

import datetime
import socket
import threading
import time

import stub_dns
from harness import Case, afetch

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday",
    "Saturday", "Sunday")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep",
    "Oct", "Nov", "Dec")


def forms(when):
    """RFC 9110 section 5.6.7: IMF-fixdate, RFC 850, asctime."""
    day, month = WEEKDAYS[when.weekday()], MONTHS[when.month - 1]
    clock = when.strftime("%H:%M:%S")
    return (
        f"{day[:3]}, {when.day:02} {month} {when.year} {clock} GMT",
        f"{day}, {when.day:02}-{month}-{when.year % 100:02} {clock} GMT",
        f"{day[:3]} {month} {when.day:2} {clock} {when.year}")


def bound(kind, port=0):
    sock = socket.socket(socket.AF_INET, kind)
    sock.bind(("127.0.0.1", port))
    return sock


class NameServers(Case):
    def run_retry(self, port):
        return afetch("--json", "--retry", 5, "a.test", "-4", "--dns-servers",
            f"127.0.0.1:{port}", "--connect-to", f":80::{self.lab.http}")

    def check_tried_again(self, run):
        record, = run.records
        self.assertIsNone(record["error"], record)
        self.assertEqual(record["status"], 200)
        self.assertGreater(record["attempts"], 1)

    def test_row_96_a_server_that_is_not_there_yet(self):
        sock = bound(socket.SOCK_DGRAM)
        port = sock.getsockname()[1]
        sock.close()
        started = []

        def start():
            started.append(stub_dns.NameServer(
                lambda q: q.answer("127.0.0.1"),
                bound(socket.SOCK_DGRAM, port)))

        timer = threading.Timer(0.7, start)
        timer.start()
        self.addCleanup(lambda: [s.close() for s in started])
        self.addCleanup(timer.join)
        self.check_tried_again(self.run_retry(port))

    def test_row_96_a_server_that_refuses_for_a_second(self):
        until = time.monotonic() + 1
        sock = bound(socket.SOCK_DGRAM)
        server = stub_dns.NameServer(lambda q: q.answer("127.0.0.1")
            if time.monotonic() > until else q.answer(rcode=5), sock)
        self.addCleanup(server.close)
        self.check_tried_again(self.run_retry(sock.getsockname()[1]))

    def test_row_96_without_retry_it_is_told(self):
        sock = bound(socket.SOCK_DGRAM)
        server = stub_dns.NameServer(lambda q: q.answer(rcode=5), sock)
        self.addCleanup(server.close)
        for retries, attempts in (0, 1), (2, 3):
            run = afetch("--json", "--retry", retries, "a.test",
                "--dns-servers", "127.0.0.1:%d" % sock.getsockname()[1])
            self.check_error(run.records[0], "DNS_REFUSED", "dns")
            self.assertEqual(run.records[0]["attempts"], attempts)


class Statuses(Case):
    def test_row_96_statuses(self):
        for status, again in ((522, True), (524, True), (429, True),
                (503, True), (520, False), (500, False), (502, False)):
            run = afetch("--json", "--retry", 1, f"status-{status}.a.test",
                self.lab.options())
            record, = run.records
            self.assertEqual((record["status"], record["attempts"]),
                (status, 2 if again else 1))


class Dates(Case):
    def waited(self, value):
        """s between the tries of a server that asks for this."""
        times = []

        def answer(_):
            times.append(time.monotonic())
            first = len(times) == 1
            return (b"HTTP/1.1 503 X\r\nRetry-After: " + value.encode() +
                b"\r\n\r\n" if first else b"HTTP/1.1 200 OK\r\n\r\n")

        server = Answering(answer)
        self.addCleanup(server.close)
        run = afetch("--json", "--retry", 1,
            "127.0.0.1:%d" % server.port)
        record, = run.records
        return record, times[1] - times[0] if len(times) > 1 else None

    def test_row_96_all_forms_of_a_date(self):
        for which in range(3):
            when = (datetime.datetime.now(datetime.timezone.utc) +
                datetime.timedelta(seconds=3))
            record, waited = self.waited(forms(when)[which])
            self.assertEqual(record["status"], 200)
            self.assertGreater(waited, 1.5)

    def test_row_96_years_of_two_digits(self):
        """Within 50 years it is ahead, and too long to wait for."""
        now = datetime.datetime.now(datetime.timezone.utc)
        for years, again in ((49, False), (51, True)):
            year = now.year + years
            when = now.replace(year=year, day=1)
            record, _ = self.waited(forms(when)[1])
            self.assertEqual(record["status"], 200 if again else 503, years)
            self.assertEqual(record["attempts"], 2 if again else 1)


class Answering(stub_dns.Stub):
    """A web server that asks a function each time."""

    def __init__(self, answer):
        sock = socket.create_server(("127.0.0.1", 0))
        self.port = sock.getsockname()[1]
        self.answer = answer
        super().__init__(sock)

    def take(self, sock):
        connection = sock.accept()[0]
        with connection:
            connection.recv(4096)
            connection.sendall(self.answer(connection))
