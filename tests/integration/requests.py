"""The requests that a lab saw, for tests of what is sent."""

import re

# What the program sends, and nothing else.
WELL_FORMED = re.compile(
    r"GET (/[!-~]*) HTTP/1\.0\r\n"
    r"Host: ([!-~]+)\r\n"
    r"(?:[A-Za-z-]+: [^\x00-\x1f]+\r\n)*"
    r"\r\n")


def raw(lab):
    """Their bytes, as text, in the order of their arrival (the last 128)."""
    return [request["raw"] for request in lab.page("stats")["requests"]]


def sent(lab):
    """[(path, Host)] of them all, which must be well-formed, sorted."""
    found = []
    for text in raw(lab):
        match = WELL_FORMED.fullmatch(text)
        assert match, text
        found.append(match.groups())
    return sorted(found)
