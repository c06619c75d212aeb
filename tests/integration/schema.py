"""Every record that a test parses is one of the installed JSON Schema.

Importing this makes json.loads check what it returns, if that is a record.
Half a million records go through the tests: the schema is compiled here, to
functions, for the keywords that it has; test_schema.py holds them against
jsonschema. One thing more than a schema can say is checked: the order.
"""

import functools
import json
import pathlib
import re

SCHEMA = json.loads((pathlib.Path(__file__).resolve().parents[2]
    / "schema/records.schema.json").read_text())

TYPES = {
    "object": lambda x: isinstance(x, dict),
    "array": lambda x: isinstance(x, list),
    "string": lambda x: isinstance(x, str),
    "boolean": lambda x: isinstance(x, bool),
    "null": lambda x: x is None,
    "integer": lambda x: isinstance(x, int) and not isinstance(x, bool),
    "number": lambda x: isinstance(x, (int, float))
        and not isinstance(x, bool),
}
SILENT = {"description", "title", "$schema", "$defs"}


class NotValid(AssertionError):
    """The record is not one by the schema."""


def require(holds, value, what):
    if not holds:
        raise NotValid(f"{what}: {str(value)[:200]}")


def make_any(branches):
    def check(value):
        faults = []
        for branch in branches:
            try:
                return branch(value)
            except NotValid as fault:
                faults.append(str(fault))
        raise NotValid("none of: " + "; ".join(faults))
    return check


def make_object(schema):
    members = {name: compiled(sub)
        for name, sub in schema.get("properties", {}).items()}
    others = schema["additionalProperties"]  # none is open without a word
    others = others and compiled(others)
    names = compiled(schema.get("propertyNames", {}))
    # All are required: so the order is that of the schema.
    assert list(members) == schema.get("required", list(members)), schema

    def check(value):
        if not isinstance(value, dict):
            return
        if others:
            for name, member in value.items():
                names(name)
                others(member)
            return
        require(list(value) == list(members), list(value), "members")
        for name, member in value.items():
            members[name](member)
    return check


def make_array(schema):
    first = [compiled(sub) for sub in schema.get("prefixItems", [])]
    rest = compiled(schema["items"])
    least, most = schema.get("minItems", 0), schema.get("maxItems", 1 << 30)

    def check(value):
        if not isinstance(value, list):
            return
        require(least <= len(value) <= most, value, "length")
        for sub, item in zip(first, value):
            sub(item)
        for item in value[len(first):]:
            rest(item)
    return check


def make_type(names):
    wanted = [TYPES[name] for name in
        ([names] if isinstance(names, str) else names)]

    def check(value):
        require(any(is_one(value) for is_one in wanted), value, names)
    return check


def make_pattern(pattern):
    # ASCII, and $ is the end as in ECMA-262, not before a last line end.
    search = re.compile(pattern.replace("$", r"\Z"), re.ASCII).search
    return lambda value: require(
        not isinstance(value, str) or search(value), value, pattern)


def make_numeric(holds, what):
    return lambda value: require(
        not TYPES["number"](value) or holds(value), value, what)


def checks_of(schema):
    """Keyword by keyword; one that is not known here fails."""
    known = set(SILENT)
    for words, make in (
            (("type",), lambda: make_type(schema["type"])),
            (("const",), lambda: lambda value: require(
                value == schema["const"], value, schema["const"])),
            (("enum",), lambda: lambda value: require(
                value in schema["enum"], value, "enum")),
            (("pattern",), lambda: make_pattern(schema["pattern"])),
            (("minimum",), lambda: make_numeric(
                lambda value: value >= schema["minimum"], "minimum")),
            (("maximum",), lambda: make_numeric(
                lambda value: value <= schema["maximum"], "maximum")),
            (("anyOf",), lambda: make_any(
                [compiled(sub) for sub in schema["anyOf"]])),
            (("$ref",), lambda: reference(schema["$ref"])),
            (("items", "prefixItems", "minItems", "maxItems"),
                lambda: make_array(schema)),
            (("additionalProperties", "properties", "required",
                "propertyNames"), lambda: make_object(schema))):
        known.update(words)
        if any(word in schema for word in words):
            yield make()
    assert set(schema) <= known, set(schema) - known


def compiled(schema):
    if schema is False:
        return lambda value: require(False, value, "one too many")
    checks = list(checks_of(schema))
    if len(checks) == 1:
        return checks[0]

    def check(value):
        for one in checks:
            one(value)
    return check


@functools.lru_cache(None)
def named(name):
    return compiled(SCHEMA["$defs"][name])


def reference(ref):
    name = ref.removeprefix("#/$defs/")
    return lambda value: named(name)(value)


KINDS = "result", "statistics", "summary"


def check_record(record):
    """NotValid, unless it is a record of the schema."""
    kind = record.get("type")
    require(kind in KINDS, kind, "type")
    named(kind)(record)


json_loads = json.loads


def loads(*args, **options):
    value = json_loads(*args, **options)
    if isinstance(value, dict) and value.get("type") in KINDS:
        check_record(value)
    return value


json.loads = loads
