"""Values that are put together from pieces of the grammars, for the browser to
say what afetch's answer should have been."""

import random

CSP = ["default-src", "script-src", "script-src-elem", "script-src-attr",
    "frame-ancestors", "sandbox", "style-src", "'self'", "'none'", "*",
    "'unsafe-inline'", "'unsafe-eval'", "'strict-dynamic'", "'nonce-YQ'",
    "'sha256-YQ=='", "'unsafe-hashes'", "https:", "https://a.example",
    "allow-scripts", "allow-same-origin", "'report-sample'", ";", ";", ",",
    "\\n", " ", "'wasm-unsafe-eval'", "self", "x", "'UNSAFE-INLINE'"]
SF = ["camera", "=", "(", ")", "self", "*", '"https://a.example"', "none", ",",
    " ", "geolocation", "=()", "=(self)", "?0", ";", "a", "=1", '"', "\\n",
    "Camera", "1.5", ":YQ==:", "@1", "camera=()", "camera=*", "camera=(self)"]
PIECES = {
    "hsts": ["max-age", "=", "31536000", "0", '"', "1", ";", ";", " ", "\\t",
        "includeSubDomains", "preload", "x", ",", "max-age=1", "'", "=1", "-1",
        '"0"', "MAX-AGE=2", "\\n", "\\\\"],
    "nosniff": ["nosniff", "NOSNIFF", ",", " ", "\\t", ";", '"', "x", "\\n"],
    "referrer": ["no-referrer", "origin", "unsafe-url", "same-origin", ",", " ",
        "strict-origin", "x", "Origin", "never", "default", "\\n", ";", "'"],
    "framing": ["DENY", "SAMEORIGIN", "ALLOWALL", "deny", ",", " ", "\\n", ";",
        "x", "\\t", '"', "ALLOW-FROM https://a.example"],
    "csp.inline-script": CSP, "csp.eval": CSP,
    "permissions.camera": SF,
    "isolated": ["same-origin", "require-corp", ";", "a", "=1", " ", ",", '"',
        "\\n", "credentialless", "unsafe-none", "(", ")", '="x"', "?1"],
    "cache.stored": ["no-store", "max-age=60", ",", " ", '"', "=", ";", "x",
        "private", "no-cache", "public", "\\n", "No-Store", "\\\\", '=""'],
    "cookie": ["a", "=", "b", ";", ";", " ", "Secure", "HttpOnly", "Path=/",
        "Domain=a.example", "SameSite=Lax", "SameSite=None", "Max-Age=60",
        "Max-Age=0", "__Host-", "__Secure-", '"', ",", "\\t", "Path=x",
        "Domain=b.example", "Max-Age=", "secure=x", "Expires=0"],
}
FIELDS = {"hsts": "Strict-Transport-Security",
    "nosniff": "X-Content-Type-Options", "referrer": "Referrer-Policy",
    "framing": "X-Frame-Options", "permissions.camera": "Permissions-Policy",
    "csp.inline-script": "Content-Security-Policy",
    "csp.eval": "Content-Security-Policy", "cache.stored": "Cache-Control",
    "cookie": "Set-Cookie"}


def value(pieces, line):
    text = "".join(random.choice(pieces)
        for _ in range(random.randint(1, 9)))
    if line.startswith("Set-Cookie"):
        return line + text
    return line + text.replace(r"\n", r"\n" + line)


def rows(count, seed):
    """(fact, lines) of so many, the same for a seed."""
    random.seed(seed)
    for number in range(count):
        fact = list(PIECES)[number % len(PIECES)]
        pieces = PIECES[fact]
        if fact == "isolated":
            yield fact, value(pieces, "Cross-Origin-Opener-Policy: ") + r"\n" \
                + value(pieces, "Cross-Origin-Embedder-Policy: ")
        elif fact == "framing" and random.random() < 0.5:
            yield fact, value(["frame-ancestors", " ", *CSP],
                "Content-Security-Policy: frame-ancestors ")
        else:
            yield fact, value(pieces, f"{FIELDS[fact]}: ")
