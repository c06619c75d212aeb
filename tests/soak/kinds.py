"""What a soak fetches: kinds of servers, and what must come of each.

A target's name says its kind to the lab and has a label of its own, its mark;
the lab answers with `X-Token: NAME`, so that an answer told of another host is
seen.  All words of tests/lab/README.md are here, alone or together.
"""

# Those that only wait for a timeout, and those with very long answers.
WAITS = {"weight": 0.5}
HEAVY = {"weight": 1}
# DNS over TCP: c-ares asks once and waits a second, a busy machine or not.
BY_TCP = {"weight": 3}

# Never to be shown.
SECRET = "me:secret"

# What the lab's words cannot say; targets are MARK.raw.test and the like.
SCRIPT = r"""
*.raw.test    raw="HTTP/1.1 200 OK\r\nA: x\0y\r\n\r\n" reset-end
*.pause.test  raw="HTTP/1.1 200 OK\r\n\{30}A: b\r\n\r\n"
*.flood.test  raw="HTTP/1.1 200 OK\r\n" repeat="Z: z\r\n"
*.rich.test   reason="Very Fine" server=nginx field="Cache-Control: no-store"
*.round.test  status=302 location=/
*.far.test    a=127.0.1.5,127.0.0.1 aaaa=::1
*.san.test    san=one.test,*.san.test
"""


class Kind:
    """Names `WORDS.MARK.REST`, and what their records must be."""

    def __init__(self, words, *, status=None, error=(), scheme="http",
            weight=10, token=True, lines=None, rest="test"):
        self.words = words
        self.status = status  # of the record: an int or None
        self.error = set(error)  # codes of the error, one of them; or empty
        self.scheme = scheme
        self.weight = weight
        self.token = token  # the lab's own head came whole
        self.lines = lines  # at least so many header lines
        self.rest = rest

    def target(self, mark):
        name = ".".join(filter(None, [self.words, mark, self.rest]))
        return name if self.scheme == "http" else f"https://{name}"

    @property
    def tls(self):
        """Whether there is TLS at some time."""
        return self.scheme == "https" or "tohttps" in self.words

    @property
    def door(self):
        """Whether it ends where the lab counts no requests."""
        return bool(self.error) and self.words.startswith("a-")


class BadTarget(Kind):
    """No target at all: it must be told, and disturb nothing."""

    def __init__(self):
        super().__init__("", error=["BAD_TARGET"], token=False, weight=3)

    def target(self, mark):
        return [f"{mark}..b", f"{mark}:0", f"{SECRET}@{mark}.test"][
            int(mark[-1]) % 3]


def good(words, status=200, **more):
    return Kind(words, status=status, **more)


def bad(words, *codes, **more):
    more.setdefault("weight", 3)
    return Kind(words, error=codes, token=False, **more)


def https(kind):
    kind.scheme = "https"
    return kind


def kinds(follow=False, retry=False, proxied=False):
    """All of them, by -L, --retry 1, and a proxy that looks names up."""
    return [BadTarget(), *times(), *answers(), *redirects(follow),
        *too_large(), *no_http(), *endings(), *https_kinds(),
        *(map(served, names()) if proxied else names()),
        *for_a_while(retry)]


def served(kind):
    """What becomes of a kind of name or address that is not looked up."""
    return good(kind.words, rest=kind.rest, weight=kind.weight)


def times():
    return [
        good("", weight=400), good("ttfb-0-60", weight=100),
        good("accept-0-40"), good("line-1-3"), good("trickle-1-60"),
        good("trickle-5-200"), good("split-3-17-18-40"),
        good("split-9-20.gap-20"), good("", rest="pause.test", token=False,
            lines=1),
        bad("silent", "TIMEOUT", **WAITS),
        bad("silent-half", "TIMEOUT", **WAITS),
    ]


def answers():
    return [
        good("status-404", 404), good("status-503", 503),
        good("status-999", 999), good("status-204", 204), good("http10"),
        good("early-3"), good("continue-5"), good("early.continue"),
        good("dup-5", lines=5), good("lines-300", lines=300, weight=2),
        good("lines-5.width-100", lines=10),
        good("head-60000", weight=2), good("head-200000", **HEAVY),
        good("longline-60000", weight=2), good("size-100000"),
        good("eol-lf"), good("eol-mixed"), good("endless-body", weight=2),
        good("", rest="rich.test", lines=7),
        good("", rest="raw.test", token=False, lines=1),
    ]


def redirects(follow):
    to = 200 if follow else 302
    if follow:
        looped = [bad(words, "REDIRECT_LOOP", rest=rest) for words, rest in
            [("redirect-loop", "test"), ("", "round.test")]]
        looped.append(bad("redirect-11", "TOO_MANY_REDIRECTS", **HEAVY))
    else:
        looped = [good("redirect-loop", 302, weight=3),
            good("", 302, rest="round.test", weight=3),
            good("redirect-11", 302, **HEAVY)]
    return [
        *looped, good("redirect-2", to), good("redirect-10", to, **HEAVY),
        good("tohttps", 200 if follow else 301), good("tohttps-302", to),
    ]


def too_large():
    return [bad(words, "HEADER_TOO_LARGE", **HEAVY) for words in [
        "longline-70000", "lines-1200", "head-300000", "endless-lines",
        "endless-line", "endless-folds", "endless-1xx",
    ]] + [bad("", "HEADER_TOO_LARGE", rest="flood.test", **HEAVY)]


def no_http():
    return [bad(words, "NOT_HTTP") for words in [
        "endless-zeros", "banner-ssh", "banner-smtp", "banner-html",
        "banner-tls", "status-0",
    ]]


def endings():
    return [
        good("shut"), good("keep"), good("reset-head", weight=5),
        good("reset-end", weight=5), good("close-head"), good("silent-head"),
        bad("close", "EMPTY_REPLY"), bad("shut-now", "EMPTY_REPLY"),
        bad("reset", "RESET"), bad("reset-now", "RESET"),
        bad("reset-half", "RESET"), bad("reset-100", "RESET"),
        bad("close-half", "TRUNCATED"), bad("close-100", "TRUNCATED"),
        bad("shut-half", "TRUNCATED"),
    ]


def names():
    """What DNS says, and the addresses that it leads to."""
    return [
        good("dns-0-40", weight=50), good("cname-10"), good("ttl-0"),
        good("cname-100", **BY_TCP), good("tc", **BY_TCP),
        good("aaaa"), good("a-nodata.aaaa"),
        good("aaaa-servfail"), good("aaaa-nxdomain"), good("aaaa-silent"),
        good("junk"), good("junk-empty"), good("junk-garbage"),
        good("junk-id"), good("junk-source"),
        good("dead-3"), good("hole-1"), good("hole-1.dead-2"),
        good("a-dead.aaaa"), good("a-hole.aaaa"), good("aaaa-hole.a"),
        good("aaaa-dead"), good("", rest="far.test"),
        bad("dns-nxdomain", "NXDOMAIN"), bad("dns-nodata", "NODATA"),
        bad("dns-servfail", "SERVFAIL"), bad("dns-refused", "DNS_REFUSED"),
        bad("dns-formerr", "DNS_BAD_ANSWER"),
        bad("dns-notimp", "DNS_BAD_ANSWER"),
        bad("cname-loop", "NODATA", "DNS_BAD_ANSWER"),
        bad("tc-reset", "DNS_UNREACHABLE"),
        bad("tc-silent", "TIMEOUT", **WAITS),
        bad("dns-silent", "TIMEOUT", **WAITS),
        bad("a-dead", "REFUSED"), bad("a-dead.aaaa-dead", "REFUSED"),
        bad("a-reset", "RESET"), bad("a-close", "EMPTY_REPLY"),
        bad("a-hole", "TIMEOUT", **WAITS), bad("a-mute", "TIMEOUT", **WAITS),
    ]


def https_kinds():
    return list(map(https, [
        good("", weight=60), good("nonotify"), good("tls-0-40"),
        good("accept-0-20"), good("cert-wild"), good("", rest="san.test"),
        good("cert-good.trickle-1-60"), good("status-404", 404),
        bad("nonotify.close-half", "TRUNCATED"), bad("reset-half", "RESET"),
        bad("close", "EMPTY_REPLY"),
        bad("cert-expired", "TLS_EXPIRED"),
        bad("cert-future", "TLS_NOT_YET_VALID"),
        bad("cert-self", "TLS_SELF_SIGNED"),
        bad("cert-unknown", "TLS_UNKNOWN_ISSUER"),
        *[bad(f"cert-{of}", "TLS_NAME_MISMATCH", weight=2)
            for of in ("wrong", "nosan", "top", "partial", "nul")],
        bad("tls-plain", "TLS_NOT_TLS"), bad("tls-old", "TLS_PROTOCOL"),
        bad("tls-alert", "TLS_ALERT"), bad("tls-close", "TLS_HANDSHAKE"),
        bad("tls-reset", "RESET"),
        bad("tls-stall", "TIMEOUT", **WAITS),
        bad("tls-byte", "TIMEOUT", **WAITS),
    ]))


def for_a_while(retry):
    """Better at the second try, if there is one."""
    if retry:
        return [good("first-1.status-503"), good("first-1.reset"),
            good("first-1.close"), good("first-1.dns-servfail"),
            https(good("first-1.tls-reset"))]
    return [good("first-1.status-503", 503),
        bad("first-1.reset", "RESET"), bad("first-1.close", "EMPTY_REPLY"),
        https(bad("first-1.tls-reset", "RESET"))]
