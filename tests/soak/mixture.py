"""Lists of targets, drawn at random, and the judgement of one record."""

import re

import kinds

# The label that only one target has: of a round, and its number there.
MARK = re.compile(r"\br\d+-\d+\b")


def mark(name):
    """What is unique in a name, of whatever hop; None if it has none."""
    found = MARK.search(name)
    return found and found[0]


class Mixture:
    """Targets, drawn with the generator given from these kinds."""

    def __init__(self, rng, size, seed, some_kinds):
        self.kinds = rng.choices(
            some_kinds, [kind.weight for kind in some_kinds], k=size)
        self.targets = [kind.target(f"r{seed}-{number}")
            for number, kind in enumerate(self.kinds)]
        self.shown = [target.replace(kinds.SECRET, "***")
            for target in self.targets]

    def __len__(self):
        return len(self.targets)

    def list(self):
        return "".join(f"{target}\n" for target in self.targets).encode()

    def complaint(self, record):
        """What is wrong with a record, or None."""
        kind = self.kinds[record["index"]]
        name = self.shown[record["index"]]
        why = (wrong_end(kind, name, record)
            or wrong_content(kind, mark(name), record))
        return why and f"{name}: {why}"


def code_of(record):
    return record["error"] and record["error"]["code"]


def wrong_end(kind, name, record):
    if record["input"] != name:
        return f"told as {record['input']}"
    if code_of(record) not in (kind.error or {None}):
        return f"error {record['error']} instead of {kind.error or 'none'}"
    if record["status"] != kind.status:
        return f"status {record['status']} instead of {kind.status}"
    return None


def wrong_content(kind, own, record):
    """Nothing in any hop may be another host's."""
    hops = record["hops"] or [record]
    tokens = [value for hop in [record, *hops]
        for name, value in hop["headers"] if name == "X-Token"]
    if kind.token and not tokens:
        return "no token"
    subjects = [hop["tls"]["subject"] for hop in hops if hop["tls"]]
    for name in tokens + subjects:
        if (mark(name) or own) != own:
            return f"another host's: {name}"
    if kind.token and mark(tokens[0]) != own:
        return f"its token is {tokens[0]}"
    if len(record["headers"]) < (kind.lines or 0):
        return f"{len(record['headers'])} header lines"
    return None
