"""What the browser does with a case, in the words of the case's fact; None
where it cannot be seen."""

import base64
import hashlib
import json
import time

from .chromium import Page

HOST = "www.a.example"
FOREIGN = "https://other.test"
LISTED = ("https://a.example", "https://b.a.example", "https://self")
CORS = (FOREIGN, "https://a.example", "https://a.example:8443")
FRAME = """new Promise(done => {
    const frame = document.createElement("iframe");
    frame.allow = "camera *";
    addEventListener("message", event => done(event.data));
    frame.onload = () => %s;
    frame.src = "%s";
    document.body.append(frame);
})"""
SCRIPT = """new Promise(done => {
    const script = document.createElement("script");
    script.onload = () => done(!window.ran);
    script.onerror = () => done(true);
    script.src = "%s";
    document.body.append(script);
})"""
FETCH = "fetch('%s', {cache: 'no-store'}).then(() => true, () => false)"
FETCH_BY_NONE = """new Promise(done => {
    addEventListener("message", event => done(event.data));
    const frame = document.createElement("iframe");
    frame.sandbox = "allow-scripts";
    frame.srcdoc = `<script>fetch('%s', {cache: 'no-store'})
        .then(() => true, () => false)
        .then(can => parent.postMessage(can, '*'))</script>`;
    document.body.append(frame);
})"""
CAMERA = """navigator.mediaDevices.getUserMedia({video: true})
    .then(() => true, () => false)"""
# same origin, another one, http: what each policy sends as Referer.
REFERRERS = {"full full none": "no-referrer-when-downgrade",
    "none none none": "no-referrer", "origin origin origin": "origin",
    "full origin origin": "origin-when-cross-origin",
    "full none none": "same-origin", "origin origin none": "strict-origin",
    "full origin none": "strict-origin-when-cross-origin",
    "full full full": "unsafe-url"}


class Oracle:
    def __init__(self, browser, server):
        self.browser, self.server = browser, server
        self.page = Page(browser)
        self.pages = {}
        self.asks = {"hsts": self.hsts, "hsts.max-age": self.hsts_read,
            "hsts.include-subdomains": self.hsts_below,
            "nosniff": self.nosniff, "referrer": self.referrer,
            "framing": self.framing, "csp.inline-script": self.inline,
            "csp.eval": self.eval, "permissions.camera": self.camera,
            "isolated": self.isolated, "cors.origin": self.cors,
            "cache.stored": self.stored, "cache.lifetime": self.lifetime,
            "cookie": self.cookie}

    def ask(self, case):
        ask = self.asks.get(case.fact.lower())
        return ask(case) if ask else None

    def at(self, origin):
        """A page that stays at this origin."""
        if origin not in self.pages:
            self.pages[origin] = Page(self.browser)
            self.pages[origin].go(f"{origin}/blank")
        return self.pages[origin]

    # --- HSTS: by the scheme of a second visit ---

    def _visit(self, case, host):
        echo = f"/echo/{case.number}/{host}"
        self.page.go(f"http://{host}{echo}")
        return self.server.asked(echo)[-1][0] == "https"

    def hsts(self, case):
        self.page.go(url(case))
        return word(self._visit(case, host(case)))

    def hsts_below(self, case):
        self.page.go(url(case))
        return word(self._visit(case, "x." + host(case)))

    def hsts_read(self, case):
        """How long is in the profile, which is written at the end."""
        self.page.go(url(case))
        return lambda: self._kept(case)

    def _kept(self, case):
        wire = b"".join(bytes([len(label)]) + label.encode()
            for label in host(case).split(".")) + b"\0"
        name = base64.b64encode(hashlib.sha256(wire).digest()).decode()
        file = self.browser.profile / "Default" / "TransportSecurity"
        for entry in json.loads(file.read_text())["sts"]:
            if entry["host"] == name:
                return f"{entry['expiry'] - entry['sts_observed']:.0f}s"
        return "none"

    # --- pages ---

    def nosniff(self, case):
        """Is a script that says it is text/plain refused?"""
        self.page.go(f"https://{HOST}/blank")
        return word(self.page.evaluate(SCRIPT % url(case)))

    def referrer(self, case):
        echo = f"/echo/{case.number}/"
        self.page.go(url(case))
        self.page.evaluate(f"fetch('{echo}same').then(() => fetch("
            f"'{FOREIGN}{echo}cross', {{mode: 'no-cors'}}))")
        self.browser.forget()
        self.page.evaluate(f"void (location = 'http://other.test{echo}down')")
        self.browser.wait(self.page.session, "Page.loadEventFired")
        seen = []
        for kind in "same", "cross", "down":
            sent = self.server.asked(echo + kind)[-1][1].get("referer")
            seen.append("none" if not sent
                else "full" if sent == url(case) else "origin")
        return REFERRERS[" ".join(seen)]

    def _framed(self, origin, case):
        return self.at(origin).evaluate(
            FRAME % ("done(frame.contentWindow.length == 2)", url(case)))

    def framing(self, case):
        if self._framed(FOREIGN, case):
            return "anyone"
        if any(self._framed(origin, case) for origin in LISTED):
            return "listed"
        return "self" if self._framed(f"https://{HOST}", case) else "nobody"

    def inline(self, case):
        self.page.go(url(case))
        return word(self.page.evaluate("""window.a == 1 ||
            (document.getElementById("x").click(), window.b == 1)"""))

    def eval(self, case):
        self.page.go(url(case))
        is_sandboxed = self.page.evaluate("origin") == "null"
        return word(self.page.evaluate("window.a" if is_sandboxed else
            "eval('1')", allowUnsafeEvalBlockedByCSP=False) == 1)

    def camera(self, case):
        def may(origin):
            return self.page.evaluate(FRAME % ("0", f"{origin}/media"))
        self.page.go(url(case))
        if may(FOREIGN):
            return "anyone"
        if may(LISTED[0]):
            return "listed"
        return "self" if self.page.evaluate(CAMERA) else "nobody"

    def isolated(self, case):
        self.page.go(url(case))
        return word(self.page.evaluate("crossOriginIsolated"))

    def cors(self, case):
        if case.want not in ("none", "null", "*", *CORS):
            return None  # no page of ours has that origin
        read = [origin for origin in CORS
            if self.at(origin).evaluate(FETCH % url(case))]
        if read:
            return "*" if len(read) == len(CORS) else " ".join(read)
        return "null" if self.at(FOREIGN).evaluate(FETCH_BY_NONE % url(case)) \
            else "none"

    # --- the cache ---

    def _twice(self, case, how):
        return self.at(f"https://{HOST}").evaluate(
            f"fetch('{case.path()}', {{redirect: 'manual'}})"
            f".then(it => it.text()).then(() => fetch('{case.path()}', {how}))"
            ".then(it => it.text()).then(() => true, () => false)")

    def stored(self, case):
        return word(self._twice(case, "{cache: 'only-if-cached', "
            "mode: 'same-origin', redirect: 'manual'}"))

    def lifetime(self, case):
        before = len(self.server.asked(case.path()))
        self._twice(case, "{}")
        asked = len(self.server.asked(case.path())) - before
        return "fresh" if asked == 1 else "stale"

    # --- cookies ---

    def cookie(self, case):
        self.page.call("Network.clearBrowserCookies")
        self.page.go(url(case))
        found = self.page.call("Storage.getCookies")["cookies"]
        echo = f"/case/echo/{case.number}"  # below the default path
        self.page.go(f"http://{HOST}{echo}")
        over_http = "cookie" in self.server.asked(echo)[-1][1]
        if not found:
            return "refused"
        cookie = found[0]
        if not cookie["value"].isascii():  # the protocol has UTF-8 only
            self.page.go(f"https://{HOST}{echo}")
            sent = self.server.asked(echo)[-1][1].get("cookie", "")
            cookie["value"] = sent.partition("=")[2]
        age = "" if cookie["session"] else \
            f" {cookie['expires'] - time.time():.0f}"
        domain = cookie["domain"]
        if cookie["path"] in ("/", "/case"):
            assert over_http != cookie["secure"], case.text
        return (f"{cookie['name']}|{cookie['value']}|"
            f"{'S' * cookie['secure']}{'H' * cookie['httpOnly']} "
            f"{cookie.get('sameSite', '-')} "
            f"{domain[1:] if domain.startswith('.') else '-'} "
            f"{'-' if cookie['path'] == '/case' else cookie['path']}{age}")


def word(is_so):
    return "true" if is_so else "false"


def host(case):
    """HSTS is remembered, so that each case has a name of its own."""
    return f"c{case.number}.a.example" if case.fact.lower().startswith("hsts") \
        else HOST


def url(case):
    return f"https://{host(case)}{case.path()}"
