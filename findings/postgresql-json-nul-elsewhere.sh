#!/usr/bin/env bash
# PostgreSQL 15: a json value may hold the escape \u0000 (RFC 8259 section 7
# allows it), and json_typeof takes it; but then no other member of that
# object can be read either: ->> 'host' fails because of the member "value".
#
# Of a table of records one hostile value makes a query over all of them fail,
# even one that does not name it.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
finding postgresql-15=15.18-0+deb12u1 postgresql-client-15=15.18-0+deb12u1

bin=$PWD/usr/lib/postgresql/15/bin
as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups env "HOME=$PWD")
"$bin/postgres" --version
chmod 755 "$PWD"
mkdir data
chown 65534:65534 data
"${as_nobody[@]}" "$bin/initdb" -D data -A trust -U p -E UTF8 --no-locale \
    -L "$PWD/usr/share/postgresql/15" >/dev/null
timeout 60 "${as_nobody[@]}" "$bin/postgres" -D data -k "$PWD/data" \
    -h 127.0.0.1 -p 5400 >/dev/null 2>&1 &
for _ in $(seq 100); do
    ! "$bin/pg_isready" -q -h 127.0.0.1 -p 5400 || break
    sleep 0.1
done

query() {
    "$bin/psql" -X -A -t -h 127.0.0.1 -p 5400 -U p -d postgres -c "$1" 2>&1 |
        head -n 1
}
record="'{\"host\":\"a.test\",\"value\":\"x\\u0000\"}'::json"
expect "json_typeof" "object" "$(query "select json_typeof($record)")"
expect "->> 'host'" "ERROR:  unsupported Unicode escape sequence" \
    "$(query "select $record->>'host'")"
