"""Serves the cases, and what pages need that try them, over http and https,
and remembers what it was asked for."""

import socket
import ssl
import subprocess
import threading

PORTS = {80: "http", 443: "https", 8443: "https"}
NAMES = ("*.a.example", "a.example", "other.test", "self")
HTML = "text/html; charset=utf-8"
MEDIA = b"""<script>navigator.mediaDevices.getUserMedia({video: true})
    .then(() => true, () => false).then(can => parent.postMessage(can, "*"))
    </script>"""
PAGE = b"""<!DOCTYPE html><script>window.a = 1</script>
    <p id="x" onclick="window.b = 1"><iframe></iframe><iframe></iframe>"""


def certify(directory, more):
    """A CA (ca.pem) and the certificate (site.pem) of all names."""
    def openssl(*words):
        subprocess.run(["openssl", *words], check=True, cwd=directory,
            capture_output=True)
    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
        "-days", "30")
    openssl("req", "-x509", *curve, "-keyout", "ca.key", "-out", "ca.pem",
        "-subj", "/CN=Oracle CA")
    names = ",".join(f"DNS:{name}" for name in (*NAMES, *more))
    openssl("req", "-x509", *curve, "-keyout", "site.key", "-out", "site.pem",
        "-subj", "/CN=Oracle", "-CA", "ca.pem", "-CAkey", "ca.key",
        "-addext", f"subjectAltName={names}",
        "-addext", "basicConstraints=critical,CA:FALSE")


class Server:
    def __init__(self, directory, cases):
        self.cases = {case.path(): case for case in cases}
        self.log = []
        self.lock = threading.Lock()
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(directory / "site.pem", directory / "site.key")
        for port, scheme in PORTS.items():
            listener = socket.create_server(("127.0.0.1", port), backlog=100)
            threading.Thread(target=self._accept, args=(listener, scheme),
                daemon=True).start()

    def _accept(self, listener, scheme):
        while True:
            peer, _ = listener.accept()
            threading.Thread(target=self._answer, args=(peer, scheme),
                daemon=True).start()

    def _answer(self, peer, scheme):
        peer.settimeout(10)
        try:
            if scheme == "https":
                peer = self.tls.wrap_socket(peer, server_side=True)
            with peer:
                head = b""
                while b"\r\n\r\n" not in head:
                    piece = peer.recv(65536)
                    if not piece:
                        return
                    head += piece
                peer.sendall(self._response(head.decode("latin-1"), scheme))
        except OSError:
            peer.close()

    def _response(self, head, scheme):
        first, *lines = head.split("\r\n\r\n")[0].split("\r\n")
        path = first.split()[1]
        fields = {name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines)}
        with self.lock:
            self.log.append((path, scheme, fields))
        case = self.cases.get(path)
        status, more, kind, body = 200, b"", HTML, b"<!DOCTYPE html>"
        if path == "/media":
            body = MEDIA
        if case:
            status, more, body = case.status, case.lines() + b"\r\n", PAGE
            if case.fact == "nosniff":
                kind, body = "text/plain", b"window.ran = true"
        return (f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n").encode() \
            + more.removeprefix(b"\r\n") + b"\r\n" + body

    def asked(self, path):
        """(scheme, fields) of each request for this path up to now."""
        with self.lock:
            return [(scheme, fields) for asked, scheme, fields in self.log
                if asked == path]
