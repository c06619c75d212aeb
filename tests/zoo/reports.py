"""Readers of afetch's reports: the files that one run of strange answers has
written, and its records by the recipes of docs/loading.md, word for word.

Each says how many it found and, in a line of its own, one of the strange
values; the table has what the records have beside it."""

import json
import re
import subprocess

from zoo import cage, readers

RULE = "status == 200"
SHOW = "status,error,header(server),time.total"
STRANGE = "value.test"
NODE = """
export NODE_PATH="$UNPACKED/npm/node_modules"
exec node main.cjs
"""
# What the records have of it, where that is not the number of targets with
# status 200 and the strange value.
EXPECTED = {}


def report(name, packages, run, *expected, **how):
    EXPECTED[name] = expected
    return cage.Program(name, packages, run, **how)


def node(name, npm, text, *expected):
    return report(name, "nodejs npm", NODE, *expected, npm=npm,
        files={"main.cjs": text})


def has_passed(record):
    return record["status"] == 200


def title(records):
    return next(f"{r['input']}: {RULE}" for r in records
        if r["input"] == STRANGE)


def recipe(name):
    """The block of docs/loading.md below the heading."""
    return re.search(rf"^## {name}\n.*?^```\w+\n(.*?)^```$",
        (cage.ROOT / "docs/loading.md").read_text(),
        re.MULTILINE | re.DOTALL)[1]


def servers(records):
    return sum(name.lower() == "server" for r in records
        for name, *_ in r["headers"] or [])


def every(records):
    return len(records)


def status(_records):
    return "200"


REPORTS = [
    node("har-validator", "har-validator@5.1.5", r"""
const har = JSON.parse(require("fs").readFileSync("run.har", "utf8"));
require("har-validator").har(har).then(() => {
    const found = har.log.entries.filter(e => e.response.status === 200);
    const strange = found.find(e => e.request.url === "http://value.test/");
    console.log(found.length);
    console.log(strange.response.headers
        .find(h => h.name === "Server").value);
}, error => console.log("invalid: " + JSON.stringify(error.errors)));
"""),
    node("pagexray", "pagexray@4.4.4", r"""
const har = JSON.parse(require("fs").readFileSync("run.har", "utf8"));
const assets = require("pagexray").convert(har, {includeAssets: true})
    .flatMap(page => page.assets);
console.log(assets.filter(asset => asset.status === 200).length);
const strange = assets.find(asset => asset.url === "http://value.test/");
console.log([].concat(strange.headers.response.server).join());
"""),
    node("tap-parser", "tap-parser@16.0.1", r"""
const {Parser} = require("tap-parser");
const names = [];
const parser = new Parser(results => {
    const invalid = results.failures.filter(failure => failure.tapError);
    console.log(invalid.length ? JSON.stringify(invalid) : results.pass);
    console.log(names.find(name => name.startsWith("value.test")));
});
parser.on("assert", test => names.push(test.name));
require("fs").createReadStream("run.tap").pipe(parser);
""", None, title),
    report("prove", "perl", """
        prove --verbose --exec cat run.tap >out || true
        grep -c '^ok ' out
        sed -n 's/^ok [0-9]* - \\(value.test.*\\)/\\1/p' out
        """, None, title, quick=True),
    report("xunit-viewer", "nodejs npm", """
        "$UNPACKED/npm/node_modules/.bin/xunit-viewer" --console --no-color \\
            -r run.xml -o out.html >out
        grep -c "✓ status == 200" out
        grep -o '^ value.test' out | cut -c2-
        """, None, lambda records: STRANGE, npm="xunit-viewer@10.6.1"),
    report("xmllint", "libxml2-utils", """
        xmllint --xpath 'count(//testcase[not(failure or error)])' run.xml
        xmllint --xpath 'concat(//testcase[@classname = "value.test"]/@classname,
            ": ", //testcase[@classname = "value.test"]/@name)' run.xml
        """, None, title, quick=True),
    report("promtool", "prometheus", """
        promtool check metrics <run.prom >said 2>&1 || cat said
        grep -c '^afetch_http_status_code{.*} 200$' run.prom
        sed -n 's/^afetch_http_status_code{target="value.test"} //p' run.prom
        """, None, status),
    report("csv, python", "python3", "exec /usr/bin/python3 main.py", quick=True,
        files={"main.py": """
import csv
rows = list(csv.DictReader(open("run.csv", newline="", encoding="utf-8")))
print(sum(row["status"] == "200" for row in rows))
print(*(row["header(server)"] for row in rows if row["input"] == "value.test"))
"""}),
    report("csv, miller", "miller", """
        mlr --icsv --onidx filter '$status == 200' then count run.csv
        mlr --icsv --onidx filter '$input == "value.test"' \\
            then put -q 'print ${header(server)}' run.csv
        """),
    node("csv, DuckDB", "@duckdb/node-api@1.5.6-r.1", """
const {DuckDBInstance} = require("@duckdb/node-api");
(async () => {
    const db = await (await DuckDBInstance.create(":memory:")).connect();
    const first = async sql =>
        (await db.runAndReadAll(sql)).getRows()[0].toString();
    console.log(await first(
        "select count(*) from read_csv('run.csv') where status = 200"));
    console.log(await first("select \\"header(server)\\" " +
        "from read_csv('run.csv') where input = 'value.test'"));
})();
"""),
]

RECIPES = [
    report("recipe, sqlite3", "sqlite3", "run() {\n" + recipe("sqlite3") + """}
run >out
sqlite3 records.db 'select count(*) from headers where name = "server"' >count
sqlite3 records.db 'select value from headers
    where name = "server" and input = "value.test"' | cat count -
""", servers),
    report("recipe, Miller", "miller", "run() {\n" + recipe("Miller") + """}
run >out.csv
mlr --icsv --onidx count out.csv
mlr --icsv --onidx filter '$input == "value.test"' then cut -f server out.csv
""", servers),
    report("recipe, PostgreSQL", "postgresql jq",
        re.search(r"^    (jq -c .*)$", (cage.ROOT / "docs/loading.md")
            .read_text(), re.MULTILINE)[1] + readers.POSTGRES.replace("exec ", "")
        .replace("-qAt", "-qAtF'\t'").replace("main.sql", "main.sql >out") + """
        grep -c . out
        sed -n 's/^value.test\t//p' out
        """, servers, files={"main.sql": recipe("PostgreSQL")}),
    report("recipe, MariaDB", "mariadb-server",
        readers.MARIADB.replace("exec ", "").replace("<main.sql", "<main.sql >out")
        + """
        grep -c . out
        sed -n 's/^value.test\t//p' out
        """, every, status,
        files={"main.sql": "set names utf8mb4;\n" + recipe("MariaDB")}),
    node("recipe, DuckDB", "@duckdb/node-api@1.5.6-r.1", r"""
const {DuckDBInstance} = require("@duckdb/node-api");
const recipe = %s;
(async () => {
    const db = await (await DuckDBInstance.create(":memory:")).connect();
    let rows = [];
    for (const sql of recipe.split(";").filter(sql => sql.trim())) {
        const read = (await db.runAndReadAll(sql)).getRows();
        if (sql.trim().startsWith("select"))
            rows = read;
    }
    console.log(rows.length);
    console.log(rows.find(row => row[0] === "value.test")[1].toString());
})();
""" % json.dumps(recipe("DuckDB")), every, status),
    report("recipe, pandas", "python3-pandas", "exec /usr/bin/python3 main.py",
        lambda records: sum(servers([r]) > 0 for r in records),
        files={"main.py": recipe("pandas") + """
print(int(frame.server.notna().sum()))
print(*frame[frame.input == "value.test"].server)
"""}),
    report("recipe, R", "r-cran-jsonlite", "exec Rscript main.R", None, status,
        files={"main.R": recipe("R") + """
cat(sum(status == 200, na.rm = TRUE), "\\n", sep = "")
for (i in seq_along(records)) if (identical(records[[i]]$input, "value.test"))
    cat(status[i], "\\n", sep = "")
"""}),
]

PROGRAMS = REPORTS + RECIPES


def write_files():
    """Two runs against the lab; the records of their targets."""
    names = ["-i", "-"], "\n".join(readers.TARGETS).encode()
    with readers.lab(readers.SCRIPT.replace("X-Zoo", "Server")) as to:
        run = readers.run(to, names, "--json", "--no-summary-record")
        readers.run(to, names, "--tap", "-o", "run.tap", "--expect", RULE,
            "--har", "run.har", "--junit", "run.xml", "--prometheus", "run.prom")
        readers.run(to, names, "--csv", "--show", SHOW, "-o", "run.csv")
    (cage.DIRECTORY / "records.jsonl").write_bytes(run.stdout)
    return [json.loads(line) for line in run.stdout.splitlines()]


def visit(program):
    records = write_files()
    count, value = (*EXPECTED[program.name], None, None)[:2]
    expected = (count(records) if count else sum(map(has_passed, records)),
        value(records) if value else next(r["headers"][0][1] for r in records
            if r["input"] == STRANGE))
    yield from readers.compare(program, *map(str, expected))
