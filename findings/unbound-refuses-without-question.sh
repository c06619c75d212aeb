#!/usr/bin/env bash
# unbound 1.17.1: a client that access-control refuses gets 12 bytes, the
# header alone. Its question is not in the answer (QDCOUNT 0), against the
# habit of RFC 1035 section 4.1.1, and against what RFC 5452 section 9.1 has
# resolvers compare: id, address, and question.
#
# A client that insists on the question drops the refusal, and the user sees a
# time-out in place of "refused".
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
finding unbound=1.17.1-2+deb12u4

cat >unbound.conf <<'CONF'
server:
    interface: 127.0.0.1@5300
    access-control: 127.0.0.0/8 refuse
    do-daemonize: no
    use-syslog: no
    username: ""
    chroot: ""
    pidfile: ""
CONF
unbound -V | head -n 1
timeout 60 unbound -c unbound.conf 2>/dev/null &
until_open 127.0.0.1 5300

ask() {
    python3 - "$1" <<'PY'
import socket, struct, sys
query = struct.pack(">6H", 0x1234, 0x100, 1, 0, 0, 0) + (
    b"\7example\4test\0" + struct.pack(">2H", 1, 1))
if sys.argv[1] == "udp":
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.connect(("127.0.0.1", 5300))
    s.settimeout(5)
    s.send(query)
    answer = s.recv(512)
else:
    s = socket.create_connection(("127.0.0.1", 5300), 5)
    s.sendall(struct.pack(">H", len(query)) + query)
    answer = s.recv(512)[2:]
print(f"{len(answer)} bytes, QDCOUNT {answer[5]}, RCODE {answer[3] & 15}")
PY
}
expect "by UDP" "12 bytes, QDCOUNT 0, RCODE 5" "$(ask udp)"
expect "by TCP" "12 bytes, QDCOUNT 0, RCODE 5" "$(ask tcp)"
