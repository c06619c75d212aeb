"""What a soak fetches: kinds of servers, and what must come of each.

A target's name is unique and says its kind to the lab; the lab answers with
`X-Token: NAME`, so that an answer told of another host is seen.
"""


class Kind:
    """Names `WORDS.sN.test`, and the judgement of their records."""

    def __init__(self, words, *, status=None, error=None, scheme="http",
            weight=10, token=True, lines=None):
        self.words = words
        self.status = status  # of the record: an int or None
        self.error = error  # codes of the error: a set, or empty
        self.scheme = scheme
        self.weight = weight
        self.token = token  # the lab's own head came whole
        self.lines = lines  # at least so many header lines

    def target(self, number):
        name = f"s{number}.test"
        if self.words:
            name = f"{self.words}.{name}"
        return name if self.scheme == "http" else f"https://{name}"


def good(words, status=200, **more):
    return Kind(words, status=status, error=set(), **more)


def bad(words, *codes, **more):
    more.setdefault("weight", 3)
    return Kind(words, error=set(codes), token=False, **more)


def https(kind):
    kind.scheme = "https"
    return kind


def kinds(follow):
    """All of them; `follow` is -L."""
    to = 200 if follow else 302
    rare = {"weight": 1}
    looped = (bad("redirect-loop", "REDIRECT_LOOP", "TOO_MANY_REDIRECTS")
        if follow else good("redirect-loop", 302))
    return [
        good("", weight=300), good("ttfb-0-60", weight=100),
        good("accept-0-40"), good("line-1-3"), good("trickle-1-60"),
        good("split-3-17-18-40"), good("status-404", 404),
        good("status-503", 503), good("http10"), good("early-3"),
        good("continue-5"), good("redirect-2", to, token=follow),
        good("tohttps-302", to, token=follow), looped,
        good("dup-5", lines=5), good("lines-300", lines=300),
        good("head-60000"), good("head-200000", weight=2),
        good("longline-60000"), good("size-100000"), good("eol-lf"),
        good("eol-mixed"), good("reset-head", weight=5),
        good("shut"), good("keep"), good("endless-body", weight=2),
        good("dns-0-40", weight=50), good("cname-10"), good("tc"),
        good("ttl-0"), good("dead-3"), good("hole-1"), good("junk"),
        good("aaaa"), good("a-dead.aaaa"),
        bad("longline-70000", "HEADER_TOO_LARGE"),
        bad("lines-1200", "HEADER_TOO_LARGE"),
        bad("head-300000", "HEADER_TOO_LARGE", **rare),
        bad("endless-lines", "HEADER_TOO_LARGE"),
        bad("endless-line", "HEADER_TOO_LARGE"),
        bad("endless-folds", "HEADER_TOO_LARGE"),
        bad("endless-1xx", "HEADER_TOO_LARGE"),
        bad("endless-zeros", "NOT_HTTP"), bad("banner-ssh", "NOT_HTTP"),
        bad("banner-smtp", "NOT_HTTP"), bad("banner-html", "NOT_HTTP"),
        bad("banner-tls", "NOT_HTTP"),
        bad("close", "EMPTY_REPLY"), bad("reset", "RESET"),
        bad("close-half", "TRUNCATED"), bad("reset-half", "RESET"),
        bad("silent", "TIMEOUT", **rare), bad("a-hole", "TIMEOUT", **rare),
        bad("dns-silent", "TIMEOUT", **rare),
        bad("a-dead", "REFUSED"), bad("a-reset", "RESET"),
        bad("a-close", "EMPTY_REPLY"), bad("a-mute", "TIMEOUT", **rare),
        bad("dns-nxdomain", "NXDOMAIN"), bad("dns-nodata", "NODATA"),
        bad("dns-servfail", "SERVFAIL"), bad("dns-refused", "DNS_REFUSED"),
        https(good("", weight=60)), https(good("nonotify")),
        https(good("tls-0-40")), https(good("cert-wild")),
        https(bad("nonotify.close-half", "TRUNCATED")),
        https(bad("cert-expired", "TLS_EXPIRED", "TLS_CERT_EXPIRED")),
        https(bad("cert-self", "TLS_SELF_SIGNED")),
        https(bad("cert-wrong", "TLS_WRONG_NAME", "TLS_NAME_MISMATCH")),
        https(bad("tls-plain", "TLS_NOT_TLS")),
        https(bad("tls-stall", "TIMEOUT", **rare)),
        BadTarget(),
    ]


class BadTarget(Kind):
    """No target at all: it must be told, and disturb nothing."""

    def __init__(self):
        super().__init__("", error={"BAD_TARGET"}, token=False, weight=3)

    def target(self, number):
        return ["a..b", "x:0", "me:secret@h.test"][number % 3]


class Mixture:
    """A list of targets, drawn with the generator given."""

    def __init__(self, rng, size, first, follow):
        all_kinds = kinds(follow)
        self.kinds = rng.choices(
            all_kinds, [kind.weight for kind in all_kinds], k=size)
        self.targets = [kind.target(first + number)
            for number, kind in enumerate(self.kinds)]

    def list(self):
        return "".join(f"{target}\n" for target in self.targets).encode()


def token_of(headers):
    return next((pair[1] for pair in headers if pair[0] == "X-Token"), None)


def tail(host):
    """What is unique in a name, of whatever hop: its last two labels."""
    return host.removeprefix("https://").split(".")[-2:]


def complaint(kind, target, record, canceled):
    """What is wrong with a record, or None.  A run that was ended by a
    signal has CANCELED ones."""
    error = record["error"]
    code = error and error["code"]
    if canceled and code == "CANCELED":
        return None
    if code not in (kind.error or {None}):
        return f"error {error} instead of {kind.error or 'none'}"
    if not code and record["status"] != kind.status:
        return f"status {record['status']} instead of {kind.status}"
    token = token_of(record["headers"])
    if kind.token and not token:
        return "no token"
    if token and tail(token) != tail(target):
        return f"another host's token: {token}"
    if kind.lines and len(record["headers"]) < kind.lines:
        return f"{len(record['headers'])} header lines"
    return None
