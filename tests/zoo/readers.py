"""Readers of afetch's records: each reads those of a run of strange answers,
and has to find as many whole ones as Python does, and the same value.

Each is asked for the number of records with status 200 and, in a line of its
own, the value of the first field of value.test."""

import contextlib
import json
import subprocess

from zoo import cage

SCRIPT = r"""
value.test  raw="HTTP/1.1 200 OK\r\nX-Zoo: \xc3\xa9 \"\\ \xf0\x9f\x98\x80 \xe2\x80\xa8 </b>\r\n\r\n"
controls.test raw="HTTP/1.1 200 OK\r\nX: \x01\x1f\x7f\t\xc2\x85\xef\xbf\xbf\r\n\r\n"
nul.test    raw="HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n"
latin.test  raw="HTTP/1.1 200 \xff\r\nX-\xe9: \xe9\xff\xc0\x80\r\nno colon\r\n folded\r\n\r\n"
empty.test  raw="HTTP/1.1 200\r\n: \r\n:\r\n\r\n"
escapes.test raw="HTTP/1.1 200 OK\r\nX: \x1b]0;t\x07\x1b[2J\x9b1m\x9d0;t\x9c\r\n\r\n"
forged.test raw="HTTP/1.1 200 OK\r\nX: a\rvalue.test header > X-Zoo: b\r\nY: ]]></script>, =1+1, %s\r\n\r\n"
"""
NAMES = ("value", "controls", "nul", "latin", "empty", "escapes", "forged",
    "lines-900.long", "longline-60000.long", "dup-50.same", "reset-head.reset",
    "banner-ssh.ssh", "status-404.none", "dns-nxdomain.no", "redirect-3.to")
TARGETS = [f"{name}.test" for name in NAMES] + ["bad host", "münchen.test",
    'http://quote.test/?q="\\', "*.wild.test"]
POSTGRES = """
bin=$(ls -d /usr/lib/postgresql/*/bin | tail -1)
as="setpriv --reuid=postgres --regid=postgres --clear-groups env HOME=$PWD"
$as $bin/initdb -D data -A trust -E UTF8 --locale=C.UTF-8 >&2
$as $bin/pg_ctl -D data -o "-k $PWD -h ''" -l pglog -w start >&2
exec $as $bin/psql -h $PWD -d postgres -qAt -v ON_ERROR_STOP=1 -f main.sql
"""
MARIADB = r"""
mkdir data
mariadb-install-db --user=root --datadir=$PWD/data >&2
mariadbd --no-defaults --user=root --datadir=$PWD/data \
    --socket=$PWD/socket --skip-networking >&2 &
for _ in $(seq 200); do [ -e socket ] && break; sleep 0.1; done
exec mariadb --no-defaults -S socket --local-infile -N -r test <main.sql
"""
SQL = """
create table records(r json);
\\copy records from 'records.jsonl' csv quote e'\\x01' delimiter e'\\x02'
select count(*) from records where (r->>'status')::int = 200;
select r->'headers'->0->>1 from records where r->>'host' = 'value.test';
"""
C = """
g++ -O0 -o reader reader.cc
exec ./reader
"""


def reader(name, packages, run, **how):
    """A row; the records are in records.jsonl."""
    return cage.Program(name, packages, run, **how)


def python(name, packages, loads, before=""):
    return reader(name, packages, "exec /usr/bin/python3 main.py", files={
        "main.py": f"""{before}
records = [{loads} for line in open("records.jsonl", "rb")]
print(sum(r.get("status") == 200 for r in records))
for r in records:
    if r.get("host") == "value.test":
        print(r["headers"][0][1])
"""}, quick=name == "python")


def perl(name, packages):
    return reader(name, packages, "exec perl main.pl", files={"main.pl": f"""
use {name};
binmode(STDOUT, ":utf8");
open(my $file, "<", "records.jsonl");
my $json = {name}->new->utf8;
my @records = map {{ $json->decode($_) }} <$file>;
print scalar(grep {{ ($_->{{status}} // 0) == 200 }} @records), "\\n";
for (@records) {{
    print $_->{{headers}}[0][1], "\\n" if ($_->{{host}} // "") eq "value.test";
}}
"""})


PROGRAMS = [
    reader("jq", "jq", """
        jq -s 'map(select(.status == 200)) | length' records.jsonl
        jq -r 'select(.host == "value.test").headers[0][1]' records.jsonl
        """, quick=True),
    python("python", "python3", "json.loads(line)", "import json"),
    python("simplejson", "python3-simplejson", "json.loads(line)",
        "import simplejson as json"),
    python("ujson", "python3-ujson", "ujson.loads(line)", "import ujson"),
    python("ijson", "python3-ijson",
        'next(ijson.items(io.BytesIO(line), ""))', "import ijson, io"),
    python("pandas", "python3-pandas", "r", """
import pandas
frame = pandas.read_json("records.jsonl", lines=True)
open = lambda *_: []
print(int((frame.status == 200).sum()))
print(frame[frame.host == "value.test"].headers.iloc[0][0][1])
raise SystemExit
"""),
    perl("JSON::PP", "perl"),
    perl("JSON::XS", "libjson-xs-perl"),
    perl("Cpanel::JSON::XS", "libcpanel-json-xs-perl"),
    reader("ruby", "ruby", "exec ruby main.rb", files={"main.rb": """
require "json"
records = File.foreach("records.jsonl").map { |line| JSON.parse(line) }
puts records.count { |r| r["status"] == 200 }
puts records.find { |r| r["host"] == "value.test" }["headers"][0][1]
"""}),
    reader("node", "nodejs", "exec node main.js", files={"main.js": """
const records = require("fs").readFileSync("records.jsonl", "utf8")
    .split("\\n").filter(line => line).map(line => JSON.parse(line));
console.log(records.filter(r => r.status === 200).length);
console.log(records.find(r => r.host === "value.test").headers[0][1]);
"""}),
    reader("php", "php-cli", "exec php main.php", files={"main.php": """
<?php
$records = array_map(fn($line) => json_decode($line, true, 512,
    JSON_THROW_ON_ERROR), file("records.jsonl"));
echo count(array_filter($records,
    fn($r) => ($r["status"] ?? 0) === 200)), "\\n";
foreach ($records as $r) {
    if (($r["host"] ?? "") === "value.test") echo $r["headers"][0][1], "\\n";
}
"""}),
    reader("Go", "golang-go", "exec go run main.go", files={"main.go": """
package main

import (
	"encoding/json"
	"fmt"
	"os"
)

func main() {
	file, _ := os.Open("records.jsonl")
	decoder := json.NewDecoder(file)
	count, value := 0, ""
	for decoder.More() {
		var r struct {
			Status  int
			Host    string
			Headers [][]*string
		}
		if err := decoder.Decode(&r); err != nil {
			panic(err)
		}
		if r.Status == 200 {
			count++
		}
		if r.Host == "value.test" {
			value = *r.Headers[0][1]
		}
	}
	fmt.Println(count)
	fmt.Println(value)
}
"""}),
    reader("gron", "gron jq", r"""
        gron --stream records.jsonl >flat
        grep -c '^json\[[0-9]*\]\.status = 200;' flat
        n=$(sed -n 's/^json\[\([0-9]*\)\]\.host = "value.test";/\1/p' flat)
        sed -n "s/^json\[$n\]\.headers\[0\]\[1\] = \(.*\);/\1/p" flat | jq -r .
        """),
    reader("miller", "miller", """
        mlr --ijsonl --onidx filter '$status == 200' then count records.jsonl
        mlr --ijsonl --onidx filter '$host == "value.test"' \\
            then put -q 'print $headers[1][2]' records.jsonl
        """),
    reader("sqlite3", "sqlite3", "exec sqlite3 :memory: <main.sql", quick=True,
        files={"main.sql": """
create table records as select value as r from json_each('[' || replace(
    rtrim(cast(readfile('records.jsonl') as text), char(10)),
    char(10), ',') || ']');
select count(*) from records where json_extract(r, '$.status') = 200;
select json_extract(r, '$.headers[0][1]') from records
    where json_extract(r, '$.host') = 'value.test';
"""}),
    reader("jshon", "jshon jq", """
        while read -r line; do
            printf '%s' "$line" | jshon -Q -e status -u || echo none
        done <records.jsonl | grep -c '^200$'
        grep -F '"host":"value.test"' records.jsonl |
            jshon -e headers -e 0 -e 1 -u
        """),
    reader("yajl", "yajl-tools jq", """
        json_reformat -s <records.jsonl >formatted
        grep -c '^    "status": 200,' formatted
        jq -r 'select(.host == "value.test").headers[0][1]' formatted
        """),
    reader("json-glib", "json-glib-tools jq", """
        while read -r line; do
            printf '%s' "$line" >one
            json-glib-format one
        done <records.jsonl >formatted
        jq -s 'map(select(.status == 200)) | length' formatted
        jq -r 'select(.host == "value.test").headers[0][1]' formatted
        """),
    reader("jello", "jello", """
        jello -l 'sum(r.get("status") == 200 for r in _)' <records.jsonl
        jello -lr '[r for r in _ if r.get("host") == "value.test"][0].headers[0][1]' \\
            <records.jsonl
        """),
    reader("lua dkjson", "lua-dkjson lua5.4", "exec lua5.4 main.lua dkjson",
        files={"main.lua": (LUA := """
local json = require(arg[1])
local count, value = 0, nil
for line in io.lines("records.jsonl") do
    local r = assert(json.decode(line))
    if r.status == 200 then count = count + 1 end
    if r.host == "value.test" then value = r.headers[1][2] end
end
print(count)
print(value)
""")}),
    reader("lua cjson", "lua-cjson lua5.4", "exec lua5.4 main.lua cjson",
        files={"main.lua": LUA}),
    reader("tcl", "tcllib", "exec tclsh main.tcl", files={"main.tcl": """
package require json
fconfigure stdout -encoding utf-8
set file [open records.jsonl]
fconfigure $file -encoding utf-8
set count 0
while {[gets $file line] >= 0} {
    set r [json::json2dict $line]
    if {[dict exists $r status] && [dict get $r status] == 200} {incr count}
    if {[dict exists $r host] && [dict get $r host] eq "value.test"} {
        set value [lindex [dict get $r headers] 0 1]
    }
}
puts $count
puts $value
"""}),
    reader("R jsonlite", "r-cran-jsonlite", "exec Rscript main.R", files={
        "main.R": """
library(jsonlite)
records <- lapply(readLines("records.jsonl", encoding = "UTF-8"), fromJSON,
    simplifyVector = FALSE)
cat(sum(sapply(records, function(r) identical(r$status, 200L))), "\\n", sep = "")
for (r in records) if (identical(r$host, "value.test"))
    cat(r$headers[[1]][[2]], "\\n", sep = "")
"""}),
    reader("guile", "guile-json guile-3.0", "exec guile --no-auto-compile "
        "main.scm", files={"main.scm": """
(use-modules (json) (ice-9 rdelim))
(setlocale LC_ALL "C.UTF-8")
(define records
  (call-with-input-file "records.jsonl"
    (lambda (port)
      (let loop ((line (read-line port)) (found '()))
        (if (eof-object? line) (reverse found)
          (loop (read-line port) (cons (json-string->scm line) found)))))))
(define (of key) (lambda (r) (assoc-ref r key)))
(define (are key value)
  (filter (lambda (r) (equal? (assoc-ref r key) value)) records))
(display (length (are "status" 200)))
(newline)
(display (vector-ref (vector-ref
  (assoc-ref (car (are "host" "value.test")) "headers") 0) 1))
(newline)
"""}),
    reader("swipl", "swi-prolog-nox", "exec swipl -q main.pl", files={
        "main.pl": """
:- use_module(library(http/json)).
:- initialization(main, main).
records(Stream, []) :- peek_char(Stream, end_of_file), !.
records(Stream, [R|Rs]) :-
    read_line_to_string(Stream, Line), atom_json_dict(Line, R, []),
    records(Stream, Rs).
main :-
    open('records.jsonl', read, Stream, [encoding(utf8)]),
    records(Stream, Rs),
    include([R]>>(get_dict(status, R, 200)), Rs, Whole),
    length(Whole, Count), writeln(Count),
    member(R, Rs), get_dict(host, R, H), atom_string('value.test', H),
    nth0(0, R.headers, F), nth0(1, F, V), set_stream(user_output,
        encoding(utf8)), writeln(V).
"""}),
    reader("octave", "octave", "exec octave-cli --no-init-file main.m",
        files={"main.m": """
1;
count = 0;
file = fopen("records.jsonl");
while ischar(line = fgetl(file))
    r = jsondecode(line);
    if isfield(r, "status") && isequal(r.status, 200) count += 1; end
    if isfield(r, "host") && strcmp(r.host, "value.test")
        value = r.headers{1}{2};
    end
end
printf("%d\\n%s\\n", count, value);
"""}),
    reader("nlohmann", "nlohmann-json3-dev g++", C, files={"reader.cc": """
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

int main()
{
    std::ifstream file("records.jsonl");
    std::string line, value;
    int count = 0;
    while (std::getline(file, line)) {
        auto r = nlohmann::json::parse(line);
        count += r.contains("status") && r["status"] == 200;
        if (r.contains("host") && r["host"] == "value.test")
            value = r["headers"][0][1];
    }
    std::cout << count << "\\n" << value << "\\n";
}
"""}),
    reader("RapidJSON", "rapidjson-dev g++", C, files={"reader.cc": """
#include <fstream>
#include <iostream>
#include <rapidjson/document.h>

int main()
{
    std::ifstream file("records.jsonl");
    std::string line, value;
    int count = 0;
    while (std::getline(file, line)) {
        rapidjson::Document r;
        if (r.Parse<rapidjson::kParseValidateEncodingFlag>(line.c_str())
                .HasParseError())
            return 1;
        count += r.HasMember("status") && r["status"] == 200;
        if (r.HasMember("host") && r["host"] == "value.test")
            value = r["headers"][0][1].GetString();
    }
    std::cout << count << "\\n" << value << "\\n";
}
"""}),
    reader("racket", "racket", "exec racket main.rkt", files={"main.rkt": """
#lang racket/base
(require json racket/file)
(define records (map string->jsexpr (file->lines "records.jsonl")))
(define (are key value)
  (filter (lambda (r) (equal? (hash-ref r key #f) value)) records))
(displayln (length (are 'status 200)))
(displayln (cadr (car (hash-ref (car (are 'host "value.test")) 'headers))))
"""}),
    reader("PostgreSQL", "postgresql", POSTGRES, files={"main.sql": SQL}),
    # As the manual says.
    reader("PostgreSQL, jq", "postgresql jq", r"""
        jq -c 'walk(strings |= (split("\u0000") | join("\ufffd")))' \
            records.jsonl >clean
        mv clean records.jsonl
        """ + POSTGRES, files={"main.sql": SQL}),
    reader("MariaDB", "mariadb-server", MARIADB, files={"main.sql": """
set names utf8mb4;
create table records(r longtext check (json_valid(r))) character set utf8mb4;
load data local infile 'records.jsonl' into table records
    character set utf8mb4 fields terminated by '\\x02' escaped by '';
select count(*) from records where json_value(r, '$.status') = 200;
select json_value(r, '$.headers[0][1]') from records
    where json_value(r, '$.host') = 'value.test';
"""}),
    # The page of the same run, as it is when its script has run: the script is
    # by the page's policy, and it shows a U+2028 as its bytes.
    reader("chromium", "chromium", r"""
        chromium --headless --no-sandbox --disable-gpu \
            --user-data-dir=$PWD/profile --dump-dom file://$PWD/run.html >page
        exec /usr/bin/python3 main.py
        """, files={"main.py": r"""
import html
import re

page = open("page").read()
rows = re.findall("<tr data-k=.*?</tr>", page, re.S)
assert 'class="js"' in page and f">{len(rows)} of {len(rows)}<" in page
assert page.count("<script>") == 1
print(sum(bool(re.search('<td class="n c2">200<', row)) for row in rows))
value = html.unescape(re.search("^X-Zoo: (.*)$", page, re.M)[1])
print(value.replace(r"\xe2\x80\xa8", "\u2028"))
"""}),
]


@contextlib.contextmanager
def lab(script):
    """Options that lead to it."""
    (cage.DIRECTORY / "lab.script").write_text(script)
    with subprocess.Popen([cage.LAB, "--until-eof", "--script",
            cage.DIRECTORY / "lab.script"], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True) as process:
        says = dict(word.split("=")
            for word in process.stdout.readline().split())
        yield ["--dns-servers", says["dns"],
            "--connect-to", f":80::{says['http']}"]
        process.stdin.close()


def run(to, targets, *options):
    words, listed = targets
    return subprocess.run([cage.AFETCH, "-s", "-L", *options, *to, *words],
        cwd=cage.DIRECTORY, input=listed, capture_output=True, timeout=60,
        check=False)


def write_records():
    """A run against the lab; what Python finds in its records."""
    with lab(SCRIPT) as to:
        done = run(to, (["-i", "-"], "\n".join(TARGETS).encode()), "--json",
            "--html", "run.html")
    (cage.DIRECTORY / "records.jsonl").write_bytes(done.stdout)
    records = [json.loads(line) for line in done.stdout.splitlines()]
    value, = (record["headers"][0][1] for record in records
        if record.get("host") == "value.test")
    return len([r for r in records if r.get("status") == 200]), value


def why_it_failed():
    """The line that has it, or the last one."""
    lines = (cage.DIRECTORY / "log").read_text(errors="replace").splitlines()
    return next((line for line in lines if "error" in line.lower()),
        lines[-1] if lines else "without a word")


def compare(program, count, value):
    """What it finds, beside what there is."""
    with open(cage.DIRECTORY / "log", "wb") as log:
        process = program.shell(stdout=subprocess.PIPE, stderr=log)
    out = process.communicate(timeout=120)[0].decode(errors="backslashreplace")
    found, _, rest = out.partition("\n")
    if not out:
        found = rest = "fails: " + why_it_failed()
    yield "count", found, count, ""
    yield "value", ascii(rest.removesuffix("\n"))[1:-1], ascii(value)[1:-1], ""


def visit(program):
    count, value = write_records()
    yield from compare(program, str(count), value)
