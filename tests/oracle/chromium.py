"""A headless Chromium, driven by its DevTools protocol over a pipe."""

import json
import os
import select
import subprocess
import time

FLAGS = ("--headless=new", "--no-sandbox", "--no-first-run", "--disable-gpu",
    "--remote-debugging-pipe", "--disable-background-networking",
    "--disable-component-update", "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * 127.0.0.1",
    "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
    # Else each http URL is tried over https first.
    "--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable")
PATIENCE = 20  # seconds


class Browser:
    def __init__(self, directory):
        self.profile = directory / "profile"
        self._trust(directory)
        (child_in, self.to), (self.out, child_out) = os.pipe(), os.pipe()

        def place():
            os.dup2(child_in, 100)
            os.dup2(child_out, 101)
            os.dup2(100, 3)
            os.dup2(101, 4)
        self.child = subprocess.Popen(
            ["chromium", *FLAGS, f"--user-data-dir={self.profile}"],
            env={**os.environ, "HOME": str(directory)}, close_fds=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=(directory / "chromium.log").open("w"), preexec_fn=place)
        os.close(child_in)
        os.close(child_out)
        self.buffer = b""
        self.events = []
        self.number = 0

    @staticmethod
    def _trust(directory):
        base = directory / ".pki" / "nssdb"
        base.mkdir(parents=True)
        for words in (["-N", "--empty-password"],
                ["-A", "-n", "oracle", "-t", "C,,", "-i", directory / "ca.pem"]):
            subprocess.run(["certutil", "-d", f"sql:{base}", *map(str, words)],
                check=True, capture_output=True)

    def _read(self, end):
        while b"\0" not in self.buffer:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.out], [], [], left)[0]:
                return None
            piece = os.read(self.out, 1 << 20)
            if not piece:
                raise EOFError("Chromium has ended")
            self.buffer += piece
        message, _, self.buffer = self.buffer.partition(b"\0")
        return json.loads(message)

    def call(self, method, session=None, **params):
        self.number += 1
        request = {"id": self.number, "method": method, "params": params}
        if session:
            request["sessionId"] = session
        data = json.dumps(request).encode() + b"\0"
        while data:
            data = data[os.write(self.to, data):]
        end = time.monotonic() + PATIENCE
        while True:
            message = self._read(end)
            if message is None:
                raise TimeoutError(method)
            if message.get("id") == self.number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message["result"]
            if "method" in message:
                self.events.append(message)

    def wait(self, session, method):
        """For an event that comes, or has come since forget()."""
        end = time.monotonic() + PATIENCE
        while True:
            for event in self.events:
                if (event.get("sessionId"), event["method"]) == (session, method):
                    return event["params"]
            message = self._read(end)
            if message is None:
                raise TimeoutError(method)
            self.events.append(message)

    def forget(self):
        self.events.clear()

    def version(self):
        return self.call("Browser.getVersion")["product"]

    def close(self):
        """Ends it, so that its profile is written."""
        try:
            self.call("Browser.close")
            self.child.wait(PATIENCE)
        except (EOFError, TimeoutError, OSError, subprocess.TimeoutExpired):
            pass
        if self.child.poll() is None:
            self.child.kill()
            self.child.wait()


class Page:
    def __init__(self, browser):
        self.browser = browser
        target = browser.call("Target.createTarget", url="about:blank")
        self.session = browser.call("Target.attachToTarget",
            targetId=target["targetId"], flatten=True)["sessionId"]
        self.call("Page.enable")

    def call(self, method, **params):
        return self.browser.call(method, self.session, **params)

    def go(self, url):
        self.browser.forget()
        self.call("Page.navigate", url=url)
        self.browser.wait(self.session, "Page.loadEventFired")

    def evaluate(self, script, **how):
        """What it gives, its promise kept; None when it throws."""
        found = self.call("Runtime.evaluate", expression=script,
            awaitPromise=True, returnByValue=True, **how)
        return None if "exceptionDetails" in found \
            else found["result"].get("value")
