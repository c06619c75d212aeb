#!/usr/bin/env bash
# Python 3.11: https://a.test./ (RFC 3986 section 3.2.2: the last label of a
# full name may be followed by one dot) fails with a certificate for a.test:
# "certificate is not valid for 'a.test.'". The dot is in the server name that
# it sends, too, against RFC 6066 section 3: "without a trailing dot"; a server
# may choose another certificate for that name.
#
# curl leaves it out of both. Full names are what zone files and DNS tools
# write, and a list of hosts made of them cannot be fetched.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
python=3.11.2-6+deb12u9
finding "python3.11=$python" "python3.11-minimal=$python" \
    "libpython3.11-minimal=$python" "libpython3.11-stdlib=$python" \
    curl=7.88.1-10+deb12u15 libcurl4=7.88.1-10+deb12u15

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
    -keyout key.pem -out cert.pem -days 2 -subj /CN=a.test \
    -addext subjectAltName=DNS:a.test 2>/dev/null
cat >server.py <<'PY'
import socket, ssl

def name_seen(_, name, __):
    with open("asked", "w") as file:
        print(name, file=file)

context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("cert.pem", "key.pem")
context.sni_callback = name_seen
server = socket.create_server(("127.0.0.1", 4433))
while True:
    plain, _ = server.accept()
    try:
        with context.wrap_socket(plain, server_side=True) as connection:
            connection.recv(4096)
            connection.sendall(b"HTTP/1.1 204 No Content\r\n"
                b"Connection: close\r\n\r\n")
    except OSError:
        pass
PY
cat >fetch.py <<'PY'
import socket, ssl, sys, urllib.error, urllib.request
lookup = socket.getaddrinfo
socket.getaddrinfo = lambda _, *rest: lookup("127.0.0.1", *rest)
context = ssl.create_default_context(cafile="cert.pem")
try:
    answer = urllib.request.urlopen(sys.argv[1], context=context, timeout=10)
    print(answer.status)
except urllib.error.URLError as error:
    print(getattr(error.reason, "verify_message", error.reason))
PY
python3.11 --version
timeout 60 python3.11 server.py &
until_open 127.0.0.1 4433

with_python() {
    echo "$(python3.11 fetch.py "$1"), asked for $(<asked)"
}
with_curl() {
    echo "$(curl -s -m 10 --cacert cert.pem --connect-to ::127.0.0.1: \
        -w '%{http_code}' "$1"), asked for $(<asked)"
}
expect "Python, a.test" "204, asked for a.test" \
    "$(with_python https://a.test:4433/)"
expect "Python, a.test." "Hostname mismatch, certificate is not valid for \
'a.test.'., asked for a.test." "$(with_python https://a.test.:4433/)"
expect "curl, a.test." "204, asked for a.test" \
    "$(with_curl https://a.test.:4433/)"
