#!/usr/bin/env bash
# yadifa 2.6.4: in the answer for a name that is an alias within the zone the
# address comes first, and the CNAME that leads to it behind it. RFC 1034
# section 4.3.2 step 3a adds the CNAME to the answer before it goes on with
# the canonical name; RFC 1035 does not say that the order matters.
#
# A client that follows the chain in one pass over the records finds no
# address. (The order is kept by forwarders such as dnsmasq.)
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
finding yadifa=2.6.4-1

cat >t.zone <<'ZONE'
$ORIGIN t.test.
$TTL 60
@   IN SOA ns.t.test. hostmaster.t.test. 1 3600 600 86400 60
@   IN NS ns
ns  IN A 127.0.0.1
www IN CNAME web
web IN A 127.0.0.9
ZONE
cat >yadifad.conf <<CONF
<main>
    datapath $PWD
    keyspath $PWD
    logpath $PWD
    xfrpath $PWD
    pidfile $PWD/pid
    listen 127.0.0.1
    port 5300
    daemonize off
    uid root
    gid root
</main>
<zone>
    type master
    domain t.test
    file t.zone
</zone>
CONF
yadifad -V | head -n 1
timeout 60 yadifad -c yadifad.conf >log 2>&1 &
until_open 127.0.0.1 5300

seen=$(python3 - <<'PY'
import socket, struct
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect(("127.0.0.1", 5300))
s.settimeout(5)
s.send(struct.pack(">6H", 0x1234, 0, 1, 0, 0, 0) + b"\3www\1t\4test\0"
    + struct.pack(">2H", 1, 1))
answer = s.recv(512)

def name_end(at):
    while answer[at]:
        if answer[at] & 0xC0:
            return at + 2
        at += 1 + answer[at]
    return at + 1

at, types = name_end(12) + 4, []
for _ in range(answer[7]):
    at = name_end(at)
    kind, _, _, length = struct.unpack(">HHIH", answer[at:at + 10])
    types.append({1: "A", 5: "CNAME"}.get(kind, str(kind)))
    at += 10 + length
print(" ".join(types))
PY
)
expect "records of www.t.test, CNAME web.t.test" "A CNAME" "$seen"
