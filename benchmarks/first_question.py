"""From the press on Start to a box that takes an answer, beside a bare htmx page, on slow 4G and a slow phone.

Real Chromium, 1.6 Mbit/s, 150 ms a round trip, processor slowed down four times, cold caches, in turn A B A B. Prints
the medians and their ratio; judges nothing.

    python -m benchmarks.first_question [--runs 9]
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from interviewer import resources
from tests.fakes.live_server import LiveServer, free_port

BARE = """
import sys
import uvicorn
from fastapi import FastAPI, Response
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
app = FastAPI(openapi_url=None, middleware=[Middleware(GZipMiddleware)])
SCRIPT = open(sys.argv[2], "rb").read()
PAGE = '''<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Bare</title><link rel="icon" href="data:,"><script src="/htmx.js" defer></script></head><body><p>A question?</p>
<form hx-post="/turn"><textarea id="text" name="text"></textarea><button>Send</button></form></body></html>'''
@app.get("/")
async def page() -> Response:
    return Response(PAGE, media_type="text/html")
@app.get("/htmx.js")
async def script() -> Response:
    return Response(SCRIPT, media_type="text/javascript")
uvicorn.run(app, port=int(sys.argv[1]), access_log=False, log_level="warning")
"""

READY = "() => { const t = performance.getEntriesByType('navigation')[0]; return t.domContentLoadedEventEnd; }"


def load(browser: Browser, url: str, state: object) -> float:
    """Milliseconds from the start of the navigation until deferred scripts have run: the box is there and works."""
    context = browser.new_context(viewport={"width": 360, "height": 640}, is_mobile=True, storage_state=state)  # type: ignore[arg-type]
    page = context.new_page()
    session = context.new_cdp_session(page)
    rate = 1.6e6 / 8
    session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 150, "downloadThroughput": rate, "uploadThroughput": rate / 2},
    )
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(url, wait_until="load")
    page.locator("#text").wait_for()
    took: float = page.evaluate(READY)
    context.close()
    return took


def measure(runs: int) -> None:
    chromium = os.environ.get("CHROMIUM_PATH") or shutil.which("chromium") or shutil.which("google-chrome")
    port = free_port()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = LiveServer(Path(folder))
        server.start()
        htmx = str(resources.folder("static") / "htmx.min.js")
        bare = subprocess.Popen([sys.executable, "-c", BARE, str(port), htmx])
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        try:
            context = browser.new_context()
            page = context.new_page()
            page.goto(server.invite())
            page.locator("#start button").click()
            page.locator("#text").wait_for()
            state, url = context.storage_state(), page.url
            context.close()
            ours, theirs = [], []
            for _ in range(runs + 1):
                ours.append(load(browser, url, state))
                theirs.append(load(browser, f"http://127.0.0.1:{port}/", None))
        finally:
            browser.close()
            bare.terminate()
            bare.wait()
            server.stop()
    mine, other = statistics.median(ours[1:]), statistics.median(theirs[1:])
    print(
        f"first question, {runs} runs   ours {mine:.0f} ms   bare htmx page {other:.0f} ms   ratio {mine / other:.2f}"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=9)
    measure(parser.parse_args().runs)
