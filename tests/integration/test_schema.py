"""The JSON Schema of records: itself, what it takes, what it refuses.

That all records are by it is the business of schema.py: each that any test
parses is checked.
"""

import copy
import unittest

import jsonschema

import schema
from harness import Case, Server, afetch
from test_contract_records import CODES, FIELDS, PHASES, SUMMARY


def paths(value, at=()):
    """Where values stand in a record."""
    yield at
    pairs = (value.items() if isinstance(value, dict) else
        enumerate(value) if isinstance(value, list) else ())
    for name, part in pairs:
        yield from paths(part, (*at, name))


def changed(record, path, change):
    """A copy, in which change(holder, name) was made."""
    record = copy.deepcopy(record)
    holder = record
    for name in path[:-1]:
        holder = holder[name]
    change(holder, path[-1])
    return record


def spoil(holder, name):
    holder[name] = {"unknown": [holder[name]]}


def leave_out(holder, name):
    del holder[name]


def empty(holder, name):
    holder[name] = None


class Schema(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.real = jsonschema.Draft202012Validator(schema.SCHEMA)

    def test_the_schema(self):
        """Is one; and has what the contract has."""
        jsonschema.Draft202012Validator.check_schema(schema.SCHEMA)
        defs = schema.SCHEMA["$defs"]
        self.assertEqual(list(defs["result"]["properties"]), FIELDS)
        self.assertEqual(list(defs["summary"]["properties"]), SUMMARY)
        self.assertEqual(list(defs["timings"]["properties"]), PHASES)
        self.assertEqual(set(defs["code"]["enum"]), CODES)

    def full_records(self):
        """With all that a record can have."""
        def serve(peer):
            peer.request()
            peer.send(b"HTTP/1.1 103 Early\r\nLink: a\r\n\r\n"
                b"HTTP/1.1 302 Found\r\nLocation: /%s\r\nno colon\r\n"
                b"Not-UTF-8: \xff\r\n\r\n" % (
                    b"x" * (len(peer.head.split()[1]))))
        with Server(serve) as server:
            run = afetch("--json", "-L", "--max-redirs", "2", "--stamp",
                "--all-addresses", "--expect", "status < 300",
                "--resolve", "a.test:80:127.0.0.1,127.0.0.1",
                "http://a.test/", "b..c", server.route("a.test"))
        self.assertEqual(len(run.lines), 3, run.err)
        return run.all_records

    def agree(self, record):
        """Both validators say the same; whether it is good."""
        ours = True
        try:
            schema.check_record(record)
        except schema.NotValid:
            ours = False
        self.assertEqual(ours, self.real.is_valid(record), record)
        return ours

    def test_what_it_takes_and_refuses(self):
        """Both validators, on records and what is wrong in one place."""
        refused = 0
        for record in self.full_records():
            self.assertTrue(self.agree(record))
            for path in list(paths(record))[1:]:
                if path[0] == "type":
                    continue
                for change in spoil, leave_out, empty:
                    wrong = changed(record, path, change)
                    is_good = self.agree(wrong)
                    refused += not is_good
                    if change is spoil:
                        self.assertFalse(is_good, path)
        self.assertGreater(refused, 500)

    def test_the_order(self):
        record = self.full_records()[-1]
        other = dict(reversed(record.items()))
        schema.check_record(record)
        with self.assertRaises(schema.NotValid):
            schema.check_record(other)


if __name__ == "__main__":
    unittest.main()
