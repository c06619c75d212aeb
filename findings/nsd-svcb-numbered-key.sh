#!/usr/bin/env bash
# NSD 4.6.1: in an HTTPS record key1="\002h2" is read as alpn="\002h2": a
# protocol with the name 0x02 h 2 is served, and no client finds its h2. RFC
# 9460 section 2.1: any key can be written as keyNNNNN, and its value is then
# the wire format, here a length and two letters. key3="\001\187", which is
# port=443, is an error to it, and key3=443 is no error.
#
# BIND 9.18 reads the same zone file as the RFC has it. (ldns 1.8.3 does as
# NSD.)
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
finding nsd=4.6.1-1 bind9=1:9.18.49-1~deb12u3 bind9-libs=1:9.18.49-1~deb12u3 \
    bind9-utils=1:9.18.49-1~deb12u3

zone() {
    cat <<ZONE
\$ORIGIN t.test.
\$TTL 60
@      IN SOA ns.t.test. hostmaster.t.test. 1 3600 600 86400 60
@      IN NS ns
ns     IN A 127.0.0.1
name   IN HTTPS 1 . alpn=h2
$1
ZONE
}
zone 'number IN HTTPS 1 . key1="\002h2"' >t.zone
cat >nsd.conf <<CONF
server:
    ip-address: 127.0.0.1@5301
    username: ""
    chroot: ""
    zonesdir: "$PWD"
    database: ""
    pidfile: "$PWD/nsd.pid"
    xfrdfile: "$PWD/xfrd"
    zonelistfile: "$PWD/zones"
remote-control:
    control-enable: no
zone:
    name: t.test
    zonefile: t.zone
CONF
cat >named.conf <<CONF
options {
    directory "$PWD";
    listen-on port 5302 { 127.0.0.1; };
    listen-on-v6 { none; };
    pid-file none;
    session-keyfile none;
    recursion no;
};
controls { };
zone "t.test" { type primary; file "t.zone"; };
CONF
nsd -v 2>&1 | sed -n 1p
named -v
timeout 60 nsd -d -c nsd.conf >nsd.log 2>&1 &
timeout 60 named -g -c named.conf >named.log 2>&1 &
until_open 127.0.0.1 5301
until_open 127.0.0.1 5302

ask() {
    python3 - "$1" "$2" <<'PY'
import socket, struct, sys
label = sys.argv[1].encode()
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect(("127.0.0.1", int(sys.argv[2])))
s.settimeout(10)
query = struct.pack(">6H", 0x1234, 0, 1, 0, 0, 0) + (bytes([len(label)]) + label
    + b"\1t\4test\0" + struct.pack(">2H", 65, 1))
s.send(query)
record = s.recv(512)[len(query) + 2:]
length = struct.unpack(">H", record[8:10])[0]
print(record[10:10 + length][3:].hex(" ", -2))
PY
}
expect "alpn=h2, NSD" "0001 0003 0268 32" "$(ask name 5301)"
expect "alpn=h2, BIND" "0001 0003 0268 32" "$(ask name 5302)"
expect 'key1="\002h2", NSD' "0001 0004 0302 6832" "$(ask number 5301)"
expect 'key1="\002h2", BIND' "0001 0003 0268 32" "$(ask number 5302)"

check() {
    local nsd=refused bind=refused
    zone "number IN HTTPS 1 . $1" >other.zone
    ! nsd-checkzone t.test other.zone >/dev/null 2>&1 || nsd=taken
    ! named-checkzone t.test other.zone >/dev/null 2>&1 || bind=taken
    echo "$nsd by NSD, $bind by BIND"
}
expect 'key3="\001\187"' "refused by NSD, taken by BIND" \
    "$(check 'key3="\001\187"')"
expect 'key3=443' "taken by NSD, refused by BIND" "$(check 'key3=443')"
